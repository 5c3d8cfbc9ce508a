"""The panels over HTTP: what is listed, narrowed, summed and found, by page and program."""

from __future__ import annotations

from decimal import Decimal

import pytest

from api.panels import PAGES
from models.agreements import Agreement
from models.bureau import BureauRecord
from models.cases import open_case
from models.folding import fold
from models.invoices import Invoice
from models.people import User
from tests.builders import AT, TODAY, a_category, a_customer, an_invoice
from tests.support.collections import a_crowd, a_debtor
from tests.support.web import Web

AREAS = {page.slug: page.area for page in PAGES}


@pytest.mark.parametrize("slug", ["classificados", "em-acordo"])
@pytest.mark.parametrize("sort", ["customer", "city", "due_date", "amount", "invoices"])
@pytest.mark.parametrize("sign", ["", "-"])
async def test_no_row_is_lost_or_twice_over_pages(
    web: Web, slug: str, sort: str, sign: str
) -> None:
    await a_crowd(web, panel_stage=AREAS[slug])
    program = await web.program("*")
    panel = next(page for page in PAGES if page.slug == slug).panel.value
    path, seen, cursor = f"/api/collections/panels/{panel}", [], None
    while True:
        query = {"sort": f"{sign}{sort}", "limit": 5, **({"cursor": cursor} if cursor else {})}
        answer = (await program.get(path, params=query)).json()
        seen += answer["rows"]
        cursor = answer["next"]
        if cursor is None:
            break
    ids = [row["id"] for row in seen]
    assert len(ids) == len(set(ids)) == answer["count"] == 23
    back = (await program.get(path, params={**query, "cursor": answer["previous"]})).json()
    assert [row["id"] for row in back["rows"]] == ids[-8:-3]
    if sort in {"due_date", "city", "customer"}:
        values = [fold(str(row[sort])) or "" for row in seen]
        assert values == sorted(values, reverse=bool(sign))


@pytest.mark.parametrize("slug", ["em-acordo", "spc", "removidas-spc"])
@pytest.mark.parametrize("sort", ["customer", "city", "-customer", "-city"])
async def test_a_customers_invoices_stand_together_over_pages(
    web: Web, slug: str, sort: str
) -> None:
    page = next(page for page in PAGES if page.slug == slug)
    in_panel = {
        "em-acordo": {"collection_stage": "in_agreement"},
        "spc": {"collection_stage": "broken", "bureau_stage": "registered"},
        "removidas-spc": {"collection_stage": "fulfilled", "bureau_stage": "removed"},
    }[slug]
    async with web.database.write() as session:
        customers = [await a_customer(session, name=name) for name in ("Ana", "Ána", "Íris")]
        for _ in range(3):
            for customer in customers:
                await an_invoice(session, customer, status="settled", **in_panel)
                await an_invoice(session, customer, collection_stage="in_contact")
    program = await web.program("*")

    path, seen, cursor = f"/api/collections/panels/{page.panel.value}", [], ""
    while cursor is not None:
        query = {"sort": sort, "limit": 2, **({"cursor": cursor} if cursor else {})}
        answer = (await program.get(path, params=query)).json()
        seen += [(row["customer_id"], row["id"]) for row in answer["rows"]]
        cursor = answer["next"]

    assert len(set(seen)) == len(seen) == 9
    assert seen == sorted(seen, reverse=sort.startswith("-"))


async def test_a_cursor_of_another_order_is_refused(web: Web) -> None:
    await a_crowd(web, panel_stage="in_agreement", count=3)
    program = await web.program("*")
    path = "/api/collections/panels/4"
    cursor = (await program.get(path, params={"sort": "city", "limit": 1})).json()["next"]

    answer = await program.get(path, params={"sort": "due_date", "cursor": cursor})

    assert answer.status_code == 422


FILTERED = [
    ({"busca": "joao"}, 4),
    ({"busca": "IRIS magalhaes"}, 4),
    ({"busca": "100.000.000-05"}, 1),
    ({"busca": "nobody"}, 0),
    ({"busca": "a%"}, 0),
    ({"cidade": "sao p"}, 12),
    ({"cidade": "betim", "uf": "MG"}, 11),
    ({"uf": "MG", "busca": "joao"}, 2),
    ({"vencimento_de": "2026-11-09"}, 8),
    ({"vencimento_ate": "2026-11-09"}, 19),
    ({"atraso_de": "10", "atraso_ate": "10"}, 4),
    ({"atraso_de": "9" * 12}, 0),
    ({"prescricao": "reached"}, 0),
    ({"valor_de": "103,00", "valor_ate": "103,00"}, 3),
]


@pytest.mark.parametrize("slug", ["negociacao", "em-acordo"])
@pytest.mark.parametrize(("query", "expected"), FILTERED)
async def test_filters_narrow_and_are_summed(web: Web, slug: str, query, expected: int) -> None:
    await a_crowd(web, panel_stage=AREAS[slug])
    browser = await web.browser("*")

    shown = (await browser.get(f"/cobrancas/{slug}", params=query)).text

    assert shown.count("data-row") == expected
    assert f">{expected} registro" in shown
    if not expected:
        assert "Nenhum registro corresponde aos filtros." in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"operador": "ana"}, 12),
        ({"acordo": "1"}, 1),
        ({"acordo": "x"}, 0),
        ({"acordo": "9" * 30}, 0),
        ({"feito_de": "2026-11-19", "feito_ate": "2026-11-19"}, 23),
        ({"feito_ate": "2026-11-18"}, 0),
        ({"tolerancia_de": "2026-11-20"}, 0),
    ],
)
async def test_invoices_are_found_by_their_agreement(web: Web, query, expected: int) -> None:
    await a_crowd(web, panel_stage="in_agreement")
    browser = await web.browser("*")

    shown = (await browser.get("/cobrancas/em-acordo", params=query)).text

    assert shown.count("data-row") == expected
    assert f">{expected} registro" in shown


async def test_an_invoice_is_found_by_its_number(web: Web) -> None:
    debtor = await a_debtor(web, "in_agreement", "in_agreement")
    async with web.database.read() as session:
        number = (await session.get_one(Invoice, debtor["invoices"][1])).number
    browser = await web.browser("*")

    shown = (await browser.get("/cobrancas/em-acordo", params={"busca": number})).text

    assert shown.count("data-row") == 1


async def test_a_name_that_means_too_many_is_sought_among_names(web: Web, monkeypatch) -> None:
    monkeypatch.setattr("models.panel_search.MOST_LISTED", 2)
    await a_crowd(web, panel_stage="in_agreement")
    program = await web.program("*")

    found = (await program.get("/api/collections/panels/4", params={"text": "joao"})).json()

    assert (found["count"], len(found["rows"])) == (4, 4)


async def test_a_csv_holds_the_whole_filter_and_no_formula(web: Web) -> None:
    await a_crowd(web, panel_stage="classified", count=60)
    browser = await web.browser("*")

    lines = (await browser.get("/cobrancas/classificados?formato=csv")).text.splitlines()

    assert len(lines) == 61
    assert all(";=" not in line and not line.startswith("=") for line in lines)
    assert any(line.startswith("'=cmd") for line in lines)
    assert "10000000000" not in "".join(lines)


@pytest.mark.parametrize(
    "query",
    [{"cursor": "nonsense"}, {"sort": "password"}, {"limit": 0}, {"unknown": 1}, {"agreement": 0}],
)
async def test_a_program_is_told_what_it_asked_wrongly(web: Web, query) -> None:
    program = await web.program("*")

    assert (await program.get("/api/collections/panels/1", params=query)).status_code == 422
    assert (await program.get("/api/collections/panels/10")).status_code == 422


async def test_an_empty_panel_says_what_would_fill_it(web: Web) -> None:
    browser = await web.browser("*")
    for page in PAGES:
        assert page.empty.split(".")[0] in (await browser.get(page.path)).text


async def test_who_made_an_agreement_is_named_and_found_by_the_name(web: Web) -> None:
    async with web.database.write() as session:
        session.add(User(login="giane", name="Giane Moraes", created_at=AT))
        customer = await a_customer(session)
        agreement = Agreement(
            customer_id=customer.id, kind="unchanged", status="in_progress", made_by="giane",
            category_id=(await a_category(session)).id, tolerance_date=TODAY, made_at=AT,
            principal=Decimal(100), total=Decimal(100),
        )  # fmt: skip
        session.add(agreement)
        await session.flush()
        await an_invoice(
            session, customer, collection_stage="in_agreement", agreement_id=agreement.id
        )
    browser = await web.browser("*")

    named = (await browser.get("/cobrancas/em-acordo?operador=moraes")).text
    by_login = (await browser.get("/cobrancas/em-acordo?operador=giane")).text
    nobody = (await browser.get("/cobrancas/em-acordo?operador=paula")).text

    assert "<td>Giane Moraes</td>" in " ".join(named.split()).replace('<td class="">', "<td>")
    assert "Giane Moraes" in by_login
    assert "Giane Moraes" not in nobody


async def test_a_customer_that_is_not_there_is_not_found(web: Web) -> None:
    browser = await web.browser("*")

    assert (await browser.get("/cobrancas/classificados/999")).status_code == 404


async def test_an_address_that_is_not_there_keeps_the_menu(web: Web) -> None:
    browser = await web.browser("*")

    lost = await browser.get("/nao-existe")

    assert lost.status_code == 404
    assert 'href="/cobrancas"' in lost.text
    assert 'href="/cobrancas"' not in (await web.visitor().get("/nao-existe")).text


async def test_a_row_of_the_bureau_leads_to_why_it_stands_there(web: Web) -> None:
    async with web.database.write() as session:
        customer = await a_customer(session)
        invoice = await an_invoice(session, customer, bureau_stage="registered")
        record = BureauRecord(
            invoice_id=invoice.id, customer_id=customer.id, stage="registered", added_by="ana",
            noticed_at=AT, registered_at=AT, expires_on=TODAY,
        )  # fmt: skip
        session.add(record)
        await session.flush()
        case = await open_case(
            session, process="bureau", subject_id=record.number, customer_id=customer.id,
            stage="registered", by="ana", at=AT,
        )  # fmt: skip
    seen = "collections.registered:see"
    browser = await web.browser(seen, "bureau:see")
    stranger = await web.browser(seen, login="rui")

    told = [(await each.get("/cobrancas/spc")).text for each in (browser, stranger)]

    assert [f'href="/casos/{case.id}"' in text for text in told] == [True, False]
