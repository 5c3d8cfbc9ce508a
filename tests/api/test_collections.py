"""Collections over HTTP: who may see and act; starting and confirming, and their refusals."""

from __future__ import annotations

import pytest

from api.panels import PAGES
from tests.conftest import House
from tests.support.collections import START, a_crowd, a_debtor, hidden, refused, stages
from tests.support.web import Web

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


async def test_a_start_leads_back_to_the_list_as_it_was(house: House, running: Web) -> None:
    debtor = await a_debtor(running, "classified", house=house)
    browser = await running.browser(*START)
    listed, kept = "uf=SP&ordem=-amount", {"lista": "uf=SP&ordem=-amount"}
    details = f"/cobrancas/classificados/{debtor['customer']}"

    panel = await browser.get(f"/cobrancas/classificados?{listed}")
    page = await browser.get(details, params=kept)
    asked = await browser.get(f"{details}/inicio", params={**kept, "ids": debtor["invoices"]})
    named = ("invoice_ids", "command_id", "seen_version")
    form = {**kept, **{name: hidden(asked.text, name) for name in named}}
    done = await browser.post(f"{details}/inicio", data=form)

    assert f'href="{details}?lista=uf%3DSP%26ordem%3D-amount"' in panel.text
    assert hidden(asked.text, "lista") == hidden(panel.text, "lista")
    assert hidden(panel.text, "lista") == [listed.replace("&", "&amp;")]  # for the tool's button
    assert 'href="/cobrancas/classificados?uf=SP&amp;ordem=-amount"' in page.text
    assert done.headers["location"] == "/cobrancas/classificados?uf=SP&ordem=-amount"


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
    assert "Robo alterou este processo em " in answer.text
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


async def test_more_than_one_request_can_do_is_the_work_of_a_run(web: Web, monkeypatch) -> None:
    monkeypatch.setattr("models.panel_picks.MOST_PICKED", 3)
    await a_crowd(web, panel_stage="classified")
    browser = await web.browser(*START)
    path = "/cobrancas/classificados/inicio"

    answer = await browser.get(path, params={"filtro": "*"})
    unconfirmed = await browser.post(f"{path}/lote", data={"filtro": ""})
    begun = await browser.post(f"{path}/lote", data={"filtro": "", "confirmed": "1"})

    assert (answer.status_code, unconfirmed.status_code, begun.status_code) == (200, 422, 303)
    assert "Confirmo para todas as linhas do filtro." in answer.text
    assert begun.headers["location"].startswith("/cobrancas/lotes/")


async def test_an_unknown_customer_has_no_details(web: Web) -> None:
    browser = await web.browser("*")

    assert (await browser.get("/cobrancas/classificados/404")).status_code == 404
    program = await web.program("*")
    missing = "/api/collections/customers/404/invoices?stage=classified"
    assert (await program.get(missing)).status_code == 404
