"""The panels over HTTP: who may, what is listed, what is done, and what is refused beside what."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from api.app import create_app
from api.panels import PAGES
from models.agreements import Agreement
from models.bulk import BulkRun
from models.contracts import Ladder, LadderStep
from models.database import Database
from models.folding import fold
from models.invoices import Invoice
from models.outbox import start_case
from rules.business_days import local_date
from tests.builders import a_category, a_collections_case, a_customer, an_invoice
from tests.conftest import House
from tests.support.web import Web

AREAS = {page.slug: page.area for page in PAGES}
START = ("collections.classified:see", "collections.classified:act")
BUREAU = ("collections.in_agreement:see", "collections.in_agreement:act")
TODAY = date(2026, 11, 19)


@pytest.fixture
def running(house: House) -> Web:
    """The application with an engine, for what only a journey does."""
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    return web


async def a_debtor(web: Web, *stages: str, house: House | None = None, **values) -> dict[str, Any]:
    """A customer in collections with an invoice in each stage named."""
    async with web.database.write() as session:
        customer = await a_customer(session, **values)
        case = await a_collections_case(session, customer, stage="classified", at=web.now)
        due = local_date(web.now) - timedelta(days=50)
        made = [
            await an_invoice(
                session, customer, collection_stage=stage, due_date=due, stage_since=web.now
            )
            for stage in stages
        ]  # fmt: skip
        if house is not None:
            start_case(session, case, at=web.now)
    if house is not None:
        await house.clock.settle()
    return {"customer": customer.id, "invoices": [each.key for each in made]}


async def stages(database: Database, *ids: int) -> list[str | None]:
    async with database.read() as session:
        return [(await session.get_one(Invoice, each)).collection_stage for each in ids]


def hidden(text: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', text)


# --- who may -------------------------------------------------------------------------------------

ROUTES = [
    *(("GET", page.path, page.see) for page in PAGES),
    *(("GET", f"/api/collections/panels/{page.panel.value}", page.see) for page in PAGES),
    ("GET", "/cobrancas/classificados/1", "collections.classified:see"),
    ("GET", "/cobrancas/em-contato/1", "collections.in_contact:see"),
    ("GET", "/cobrancas/classificados/inicio?ids=1", "collections.classified:act"),
    ("POST", "/cobrancas/classificados/inicio", "collections.classified:act"),
    ("GET", "/cobrancas/classificados/1/inicio?ids=1", "collections.classified:act"),
    ("POST", "/cobrancas/classificados/1/inicio", "collections.classified:act"),
    ("GET", "/cobrancas/em-contato/confirmacao?ids=1", "collections.in_contact:act"),
    ("POST", "/cobrancas/em-contato/confirmacao", "collections.in_contact:act"),
    ("GET", "/cobrancas/em-acordo/inclusao-no-spc?ids=1", "collections.in_agreement:act"),
    ("POST", "/cobrancas/em-acordo/inclusao-no-spc", "collections.in_agreement:act"),
    ("POST", "/cobrancas/nao-cumpridos/inclusao-no-spc", "collections.broken:act"),
    ("POST", "/cobrancas/spc/remocao-do-spc", "collections.registered:act"),
    ("POST", "/cobrancas/criticas-spc/remocao-do-spc", "collections.conflict:act"),
    ("POST", "/cobrancas/classificacoes", "collections.classified:act"),
    ("POST", "/cobrancas/classificacoes/1/parada", "collections.classified:act"),
    ("GET", "/cobrancas/classificacoes/1", "collections.classified:see"),
    ("GET", "/cobrancas/classificacoes/1/andamento", "collections.classified:see"),
    ("GET", "/api/collections/customers/1/invoices?stage=classified", "collections.classified:see"),
    ("POST", "/api/collections/customers/1/start", "collections.classified:act"),
    ("POST", "/api/collections/customers/1/confirmation", "collections.in_contact:act"),
    ("POST", "/api/collections/classifications", "collections.classified:act"),
    ("GET", "/api/collections/classifications/1", "collections.classified:see"),
    ("POST", "/api/collections/classifications/1/stop", "collections.classified:act"),
    ("POST", "/api/invoices/1/bureau-record", "collections.in_agreement:act"),
    ("POST", "/api/invoices/1/bureau-record/removal", "collections.registered:act"),
]
BODIES = {
    "/api/collections/customers/1/start": {"invoice_ids": [1]},
    "/api/invoices/1/bureau-record": {"details": "ok"},
    "/api/invoices/1/bureau-record/removal": {"details": "ok"},
}


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
async def test_each_route_asks_for_its_permission(web: Web, method, path, permission) -> None:
    see = permission.replace(":act", ":see")
    lacking = [see] if permission != see else ["customers:see"]

    async def status(*permissions: str, login: str) -> int:
        visit = web.program if path.startswith("/api/") else web.browser
        async with await visit(*permissions, login=login) as visitor:
            return (await visitor.request(method, path, json=BODIES.get(path))).status_code

    assert await status(*lacking, login="without") == 403
    assert await status(*{see, permission}, login="with") not in {401, 403}
    assert (await web.visitor().request(method, path)).status_code in {303, 401}


async def test_without_permission_to_act_there_is_no_button(web: Web) -> None:
    await a_debtor(web, "classified", "in_contact", "in_agreement", "broken")
    see = [page.see for page in PAGES]
    sees = await web.browser(*see)
    acts = await web.browser(*see, *(page.act for page in PAGES), login="bia")
    for page in PAGES:
        assert 'name="ids"' not in (await sees.get(page.path)).text
        assert ("formaction" in (await acts.get(page.path)).text) == bool(page.tools)


async def test_only_panels_that_may_be_seen_have_a_chip(web: Web) -> None:
    browser = await web.browser("collections.broken:see", "collections.charts:see")

    home = await browser.get("/cobrancas")
    assert home.headers["location"] == "/cobrancas/nao-cumpridos"
    shown = await browser.get("/cobrancas/nao-cumpridos")
    assert shown.text.count('class="chip"') == 2


async def test_totals_are_told_at_a_glance_and_by_json(web: Web) -> None:
    await a_debtor(web, "classified", "classified", "broken")
    browser, program = await web.browser("*"), await web.program("*")

    chips = (await browser.get("/cobrancas/contagem?painel=1")).text
    assert "R$\xa0200,00" in chips
    totals = (await program.get("/api/collections/panels")).json()
    assert [(each["panel"], each["customers"], each["amount"]) for each in totals[:2]] == [
        (1, 1, "200.00"), (2, 0, "0"),
    ]  # fmt: skip


# --- lists ----------------------------------------------------------------------------------------

NAMES = ("João Pedro", "Íris Magalhães", "Ana", "Ana", "=cmd|'/C calc'!A0", "Otávio", "Célia")


async def a_crowd(web: Web, *, panel_stage: str, count: int = 23) -> None:
    """Customers with equal names, cities, dates and amounts among them."""
    async with web.database.write() as session:
        category = await a_category(session)
        for number in range(count):
            customer = await a_customer(
                session, name=NAMES[number % len(NAMES)], document=f"{10_000_000_000 + number}",
                city=("São Paulo", "Betim")[number % 2], uf=("SP", "MG")[number % 2],
            )  # fmt: skip
            agreement = Agreement(
                customer_id=customer.id, kind="unchanged", status="in_progress",
                category_id=category.id, tolerance_date=TODAY, principal=Decimal(1),
                total=Decimal(1), made_at=web.now, made_by=("ana", "bia")[number % 2],
            )  # fmt: skip
            session.add(agreement)
            await session.flush()
            await an_invoice(
                session, customer, amount=str(Decimal(100 + number // 3)),
                due_date=TODAY - timedelta(days=number // 4 * 10), collection_stage=panel_stage,
                agreement_id=agreement.id,
            )  # fmt: skip


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


# --- starting and confirming ----------------------------------------------------------------------


async def test_picked_invoices_start_and_the_others_stay(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "classified", "classified", house=house)
    first, second = debtor["invoices"]
    browser = await running.browser(*START)
    path = f"/cobrancas/classificados/{debtor['customer']}/inicio"

    asked = await browser.get(path, params={"ids": [first]})
    assert asked.status_code == 200
    form = {
        name: hidden(asked.text, name) for name in ("invoice_ids", "command_id", "seen_version")
    }
    assert form["invoice_ids"] == [str(first)]
    done = await browser.post(path, data=form)
    again = await browser.post(path, data=form)

    assert (done.status_code, again.status_code) == (303, 303)
    assert await stages(house.database, first, second) == ["in_contact", "classified"]


async def test_several_customers_start_together_and_each_refusal_has_its_row(
    house: House, running: Web
) -> None:
    one = await a_debtor(running, "classified", house=house, name="Ana")
    other = await a_debtor(running, "classified", house=house, name="Bia")
    browser = await running.browser(*START)
    asked = await browser.get(
        "/cobrancas/classificados/inicio", params={"ids": [one["customer"], other["customer"]]}
    )
    rows, key = hidden(asked.text, "rows"), hidden(asked.text, "command_id")

    # A colleague is first with Bia's
    program = await running.program(*START)
    path = f"/api/collections/customers/{other['customer']}/start"
    assert (await program.post(path, json={"invoice_ids": other["invoices"]})).status_code == 200
    answer = await browser.post(
        "/cobrancas/classificados/inicio", data={"rows": rows, "command_id": key}
    )

    assert answer.status_code == 409
    assert "1 linha feita." in answer.text
    assert "Outra pessoa alterou este processo enquanto você o via." in answer.text
    assert hidden(answer.text, "rows") == [rows[1]]
    assert await stages(house.database, *one["invoices"]) == ["in_contact"]


async def test_a_whole_filter_is_confirmed(house: House, running: Web) -> None:
    debtors = [await a_debtor(running, "in_contact", house=house) for _ in range(2)]
    browser = await running.browser("collections.in_contact:see", "collections.in_contact:act")
    path = "/cobrancas/em-contato/confirmacao"

    asked = await browser.get(path, params={"filtro": "*"})
    done = await browser.post(path, data={"rows": hidden(asked.text, "rows")})

    assert done.status_code == 303
    every = [number for debtor in debtors for number in debtor["invoices"]]
    assert set(await stages(house.database, *every)) == {"negotiating"}


async def refused(program: httpx2.AsyncClient, path: str, **body) -> tuple[int, str]:
    answer = await program.post(path, json=body)
    return answer.status_code, answer.json()["code"]


async def test_starting_is_refused_by_its_own_reason(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "classified", "in_contact", house=house)
    other = await a_debtor(running, "classified", house=house)
    program = await running.program(*START)
    path = f"/api/collections/customers/{debtor['customer']}/start"
    classified, started = debtor["invoices"]

    assert await refused(program, path, invoice_ids=[]) == (422, "NothingToStart")
    assert await refused(program, path, invoice_ids=[999_999]) == (422, "UnknownInvoice")
    assert await refused(program, path, invoice_ids=other["invoices"]) == (422, "ForeignInvoice")
    assert await refused(program, path, invoice_ids=[started]) == (409, "AlreadyStarted")
    assert await refused(program, path, invoice_ids=[classified], seen_version=99) == (
        409, "StaleVersion",
    )  # fmt: skip
    unknown = "/api/collections/customers/999999/start"
    assert await refused(program, unknown, invoice_ids=[classified]) == (404, "CaseNotFound")
    assert await stages(house.database, classified) == ["classified"]


async def test_nothing_in_contact_is_nothing_to_confirm(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "classified", house=house)
    program = await running.program("collections.in_contact:act")
    path = f"/api/collections/customers/{debtor['customer']}/confirmation"

    assert await refused(program, path) == (422, "NothingToConfirm")


async def test_the_same_key_gets_the_same_answer(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "classified", house=house)
    program = await running.program(*START)
    path = f"/api/collections/customers/{debtor['customer']}/start"
    sent = {"json": {"invoice_ids": debtor["invoices"]}, "headers": {"Idempotency-Key": "k1"}}

    first = await program.post(path, **sent)
    again = await program.post(path, **sent)

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


async def test_without_an_engine_nothing_is_lost_and_it_is_said(web: Web) -> None:
    debtor = await a_debtor(web, "classified")
    program = await web.program(*START)
    path = f"/api/collections/customers/{debtor['customer']}/start"

    assert await refused(program, path, invoice_ids=debtor["invoices"]) == (
        503,
        "EngineUnavailable",
    )


@pytest.mark.parametrize("query", [{}, {"ids": "x"}, {"ids": "9" * 25}, {"ids": "77"}])
async def test_nothing_picked_is_said(web: Web, query) -> None:
    browser = await web.browser(*START)

    answer = await browser.get("/cobrancas/classificados/inicio", params=query)

    assert answer.status_code == 422
    assert "Marque ao menos uma linha." in answer.text


async def test_more_than_one_request_can_do_is_refused(web: Web, monkeypatch) -> None:
    monkeypatch.setattr("models.panel_picks.MOST_PICKED", 3)
    await a_crowd(web, panel_stage="classified")
    browser = await web.browser(*START)

    answer = await browser.get("/cobrancas/classificados/inicio", params={"filtro": "*"})

    assert answer.status_code == 422
    assert "até 3 linhas" in answer.text


async def test_an_unknown_customer_has_no_details(web: Web) -> None:
    browser = await web.browser("*")

    assert (await browser.get("/cobrancas/classificados/404")).status_code == 404
    program = await web.program("*")
    missing = "/api/collections/customers/404/invoices?stage=classified"
    assert (await program.get(missing)).status_code == 404


# --- the bureau -----------------------------------------------------------------------------------


async def test_the_bureau_is_asked_with_details_and_a_confirmation(
    house: House, running: Web
) -> None:
    debtor = await a_debtor(running, "in_agreement", house=house)
    browser = await running.browser(*BUREAU)
    path = "/cobrancas/em-acordo/inclusao-no-spc"
    asked = await browser.get(path, params={"ids": debtor["invoices"]})
    assert "apenas um controle interno" in asked.text
    assert 'name="override"' not in asked.text
    form = {name: hidden(asked.text, name) for name in ("rows", "command_id")}

    bare = await browser.post(path, data=form)
    assert (bare.status_code, 'id="e-details"' in bare.text) == (422, True)
    unsure = await browser.post(path, data={**form, "details": "Três avisos."})
    assert (unsure.status_code, 'id="e-confirmed"' in unsure.text) == (422, True)
    done = await browser.post(path, data={**form, "details": "Três avisos.", "confirmed": "1"})
    assert done.status_code == 303, done.text

    async with house.database.read() as session:
        invoice = await session.get_one(Invoice, debtor["invoices"][0])
    assert invoice.bureau_stage == "noticed"


async def test_overriding_needs_its_own_permission(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "in_agreement", house=house)
    path = f"/api/invoices/{debtor['invoices'][0]}/bureau-record"
    body = {"details": "ok", "override": True, "reason": "ordem judicial"}

    program = await running.program(*BUREAU)
    assert await refused(program, path, **body) == (403, "PermissionDenied")
    browser = await running.browser(*BUREAU)
    page = "/cobrancas/em-acordo/inclusao-no-spc"
    sent = {
        "rows": [f"{debtor['invoices'][0]}:"],
        "details": "ok",
        "confirmed": "1",
        "override": "1",
    }
    assert (await browser.post(page, data=sent)).status_code == 403


async def test_a_bureau_record_comes_and_goes_by_json(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "broken", house=house)
    path = f"/api/invoices/{debtor['invoices'][0]}/bureau-record"
    program = await running.program("collections.broken:act", "bureau:act")

    assert (await program.post(path, json={"details": "ok"})).status_code == 201
    assert (await refused(program, path, details="ok"))[1] == "BureauRecordExists"
    await house.clock.settle()
    assert (await program.post(f"{path}/removal", json={"details": "engano"})).status_code == 200
    assert await refused(program, f"{path}/removal", details="x") == (404, "BureauRecordNotFound")
    assert await refused(program, "/api/invoices/99999/bureau-record", details="x") == (
        404, "InvoiceNotFound",
    )  # fmt: skip


async def test_the_panel_of_the_invoice_decides_who_may_add_it(web: Web) -> None:
    debtor = await a_debtor(web, "broken", "negotiating")
    broken, negotiating = debtor["invoices"]
    program = await web.program("collections.in_agreement:act")

    for invoice in (broken, negotiating):
        path = f"/api/invoices/{invoice}/bureau-record"
        assert await refused(program, path, details="x") == (403, "PermissionDenied")


# --- the classifier -------------------------------------------------------------------------------


async def test_the_classifier_runs_now_and_shows_how_far_it_is(house: House, running: Web) -> None:
    async with house.database.write() as session:
        ladder = Ladder(code="padrao", name="Padrão", is_default=True)
        session.add(ladder)
        await session.flush()
        session.add(
            LadderStep(ladder_id=ladder.id, action="forward_to_collections", offset_days=15)
        )
        customer = await a_customer(session)
        due = local_date(running.now) - timedelta(days=40)
        await an_invoice(session, customer, collection_stage=None, due_date=due)
    browser = await running.browser(*START)

    begun = await browser.post("/cobrancas/classificacoes")
    await house.clock.settle()
    async with house.database.read() as session:
        run = (await session.exec(select(BulkRun))).one()
    handle = house.client.get_workflow_handle(f"classification/{run.id}")
    await handle.result()

    assert begun.headers["location"] == f"/cobrancas/classificacoes/{run.id}"
    shown = await browser.get(begun.headers["location"])
    assert "Concluída" in shown.text
    part = await browser.get(f"{begun.headers['location']}/andamento")
    assert "1 de 1" in part.text
    assert "hx-get" not in part.text
    assert "Classificados" in (await browser.get("/cobrancas/classificados")).text


async def test_a_run_is_asked_for_once_and_stopped(web: Web) -> None:
    program = await web.program(*START)

    first = (await program.post("/api/collections/classifications")).json()
    second = (await program.post("/api/collections/classifications")).json()
    assert first["id"] == second["id"]
    stopped = await program.post(f"/api/collections/classifications/{first['id']}/stop")
    assert stopped.json()["stop_requested"] is True
    browser = await web.browser(*START)
    part = await browser.get(f"/cobrancas/classificacoes/{first['id']}/andamento")
    assert "Parando" in part.text
    assert (await program.get("/api/collections/classifications/404")).status_code == 404
