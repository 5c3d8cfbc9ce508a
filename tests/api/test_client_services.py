"""Clients' models of service: set by page and API, and what a client's own user sees and does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlmodel import select

from activities.carriers import carry_out
from api.app import routers
from api.client_access import is_open_to_clients
from api.places import permissions_of, routes_of
from models.client_services import ClientService
from models.database import Database
from models.people import AuditEntry, Team
from rules.carrier_samples import file_of, make_sample
from rules.contestation_commands import FileContestation
from rules.service_models import CLIENT_ACTS, CLIENT_SEES
from tests import builders
from tests.contracts import a_plan
from tests.support.contestations import ISSUED, V3, Dispute, a_protocol, noon
from tests.support.web import Web

ALL = ("carriers:see", "carriers:act")
EVERYTHING = "*"
PLACES = (
    "/operadoras/faturas", "/operadoras/divergencias", "/operadoras/contas",
    "/operadoras/contratos", "/operadoras/linhas", "/operadoras/linhas/diferencas",
    "/operadoras/rateio?mes=2026-11", "/contestacoes", "/contestacoes/numeros",
    "/contestacoes/correcoes", "/contestacoes/operadoras", "/", "/tarefas/todas",
)  # fmt: skip
ROWS = (
    "/operadoras/faturas/1", "/operadoras/divergencias/1", "/operadoras/contas/1",
    "/operadoras/contas/1/rateio", "/operadoras/contratos/1", "/operadoras/linhas/1",
    "/operadoras/importacoes/1", "/contestacoes/1",
)  # fmt: skip
API_ROWS = (
    "/api/carrier-invoices/1", "/api/findings/1/evidence", "/api/contestations/1",
    "/api/carrier-agreements/1/rules", "/api/carrier-files/1",
)  # fmt: skip


@pytest.fixture
async def dispute(database: Database, tmp_path: Path) -> Dispute:
    dispute = await Dispute(database, tmp_path).begin()
    await dispute.contest()
    return dispute


async def serve(dispute: Dispute, model: str) -> None:
    """The company of the dispute has a model of service, and a team of its own people."""
    async with dispute.database.write() as session:
        team = (await session.exec(select(Team).where(Team.code == "aurora"))).one_or_none()
        team = team or await builders.a_team(session, code="aurora")
        await session.merge(
            ClientService(
                customer_id=dispute.account.customer_id, model=model, team_id=team.id,
                changed_at=builders.AT, changed_by="ana",
            )
        )  # fmt: skip


def test_nothing_but_the_invoice_management_is_open_to_clients() -> None:
    asked = {
        permission
        for route in routes_of(routers())
        for method in route.methods
        if is_open_to_clients(method, re.sub(r"{[\w:]+}", "1", route.path_format))
        for permission in permissions_of(route) or ()
    }

    assert asked <= CLIENT_SEES | CLIENT_ACTS


async def test_the_house_gives_a_company_its_model_by_page(web: Web, dispute: Dispute) -> None:
    async with web.database.write() as session:
        await builders.a_team(session, code="aurora")
    browser = await web.browser(*ALL)
    path = f"/operadoras/clientes/{dispute.account.customer_id}"

    listed = (await browser.get("/operadoras/clientes")).text
    shown = (await browser.get(path)).text
    alone = await browser.post(path, data={"service": "efficient", "team": ""})
    unknown = await browser.post(path, data={"service": "plus", "team": "aurora"})
    saved = await browser.post(path, data={"service": "efficient", "team": "aurora"})
    after = (await browser.get("/operadoras/clientes?modelo=efficient")).text
    missing = await browser.get("/operadoras/clientes/999")

    assert "Indústria Aurora" in listed
    assert 'href="/operadoras/contas/nova"' in listed  # how a company comes to stand here
    assert "Rateio por centro de custo" in shown
    assert (alone.status_code, 'id="e-team"' in alone.text) == (422, True)
    assert unknown.status_code == 422
    assert saved.status_code == 303
    assert "Indústria Aurora" in after
    assert missing.status_code == 404
    async with web.database.read() as session:
        actions = [each.action for each in await session.exec(select(AuditEntry))]
    assert "client_service.set" in actions


async def test_a_program_reads_and_sets_models(web: Web, dispute: Dispute) -> None:
    program = await web.program(*ALL)
    reader = await web.program("carriers:see", login="leitor")
    [company] = (await program.get("/api/client-services")).json()
    path = f"/api/client-services/{company['company']}"

    refused = await reader.put(path, json={"service": "total"})
    wrong = [
        (await program.put(path, json=body)).status_code
        for body in (
            {"service": "advanced"},
            {"service": "total", "team": "none"},
            {"service": "x"},
        )
    ]
    missing = await program.put("/api/client-services/none", json={"service": "total"})
    done = await program.put(path, json={"service": "total"})

    assert (company["service"], company["accounts"]) == ("total", 1)
    assert (refused.status_code, wrong, missing.status_code) == (403, [422, 422, 422], 404)
    assert done.status_code == 204
    assert (await program.get("/api/client-services?service=efficient")).json() == []


async def test_a_clients_user_sees_the_own_company_and_nobody_elses(
    web: Web, dispute: Dispute
) -> None:
    await serve(dispute, "advanced")
    async with web.database.write() as session:
        other = await builders.a_customer(session, name="Outra Ltda", code="OUTRA")
    own = await web.browser(EVERYTHING, login="lia", company_id=dispute.account.customer_id)
    stranger = await web.browser(EVERYTHING, login="rui", company_id=other.id)
    number = dispute.sample.bill.invoice_number

    mine = {place: await own.get(place) for place in (*PLACES, *ROWS)}
    theirs = {place: await stranger.get(place) for place in PLACES}

    del mine["/operadoras/importacoes/1"]  # a run of the house's
    assert {place: each.status_code for place, each in mine.items() if not each.is_success} == {}
    assert number in mine["/operadoras/faturas"].text
    assert "Contestação 1" in mine["/contestacoes"].text
    assert {each.status_code for each in theirs.values()} == {200}
    for place, each in theirs.items():
        assert "Aurora" not in each.text, place
        assert number not in each.text, place
    assert [(await stranger.get(place)).status_code for place in ROWS] == [404] * len(ROWS)
    async with web.database.read() as session:
        assert len((await session.exec(select(ClientService))).all()) == 1  # the sight ended


async def test_a_client_is_offered_no_plans_of_the_house(web: Web, dispute: Dispute) -> None:
    await serve(dispute, "advanced")
    async with web.database.write() as session:
        await a_plan(session, name="Plano de outra empresa")
    own = await web.browser(EVERYTHING, login="lia", company_id=dispute.account.customer_id)
    house = await web.browser(EVERYTHING)

    for place in ("/operadoras/faturas", "/operadoras/divergencias", "/contestacoes"):
        assert "Plano de outra empresa" in (await house.get(place)).text, place
        assert "Plano de outra empresa" not in (await own.get(place)).text, place


async def test_a_clients_token_sees_no_more(web: Web, dispute: Dispute) -> None:
    async with web.database.write() as session:
        other = await builders.a_customer(session, name="Outra Ltda", code="OUTRA")
    stranger = await web.program(EVERYTHING, login="robo-rui", company_id=other.id)

    listed = [
        (await stranger.get(place)).json()
        for place in ("/api/contestations", "/api/findings", "/api/carrier-agreements",
                      "/api/contestations/numbers", "/api/lines/drift")
    ]  # fmt: skip
    rows = [(await stranger.get(place)).status_code for place in API_ROWS]
    filing = await stranger.post("/api/contestations/1/filing", json={})
    house = await stranger.get("/api/users")

    assert [each if isinstance(each, list) else each["items"] for each in listed] == [[]] * 5
    assert rows == [404] * len(API_ROWS)
    assert (filing.status_code, house.status_code) == (403, 403)


@pytest.mark.parametrize(
    ("model", "may_act", "has_lines"),
    [("efficient", True, False), ("advanced", True, True), ("total", False, False)],
)
async def test_the_model_says_which_commands_a_clients_user_has(
    web: Web, dispute: Dispute, model: str, may_act: bool, has_lines: bool
) -> None:
    await serve(dispute, model)
    browser = await web.browser(EVERYTHING, login="lia", company_id=dispute.account.customer_id)
    async with web.database.read() as session:
        customer = await builders.customer_of(session, dispute.account.customer_id)
    line = {"company": customer.code, "number": "11900001111", "kind": "mobile",
            "status": "active"}  # fmt: skip

    page = (await browser.get("/contestacoes/1")).text
    made = await browser.post("/operadoras/linhas/nova", data=line)
    house = await browser.post("/operadoras/contas/1", data={})
    search = await browser.get("/busca?q=a")
    panel = await browser.get("/cobrancas")
    shared = (await browser.get("/operadoras/rateio?mes=2026-11")).text

    assert ("Enviar" in page) is may_act
    assert made.status_code == (303 if has_lines else 422 if may_act else 403)
    assert (house.status_code, panel.status_code, search.status_code) == (403, 403, 200)
    assert ("não inclui o rateio" in shared) is (model == "efficient")


async def test_a_client_finds_what_is_the_own_companys(web: Web, dispute: Dispute) -> None:
    await serve(dispute, "advanced")
    async with web.database.write() as session:
        other = await builders.a_customer(session, name="Outra Ltda", code="OUTRA")
    await dispute.do(FileContestation("ana"))
    await dispute.do(a_protocol(noon(ISSUED), protocol="2026-PROT-77"))
    own = await web.program(EVERYTHING, login="robo-lia", company_id=dispute.account.customer_id)
    stranger = await web.program(EVERYTHING, login="robo-rui", company_id=other.id)
    asked = {
        "carrier_invoice": dispute.sample.bill.invoice_number,
        "line": dispute.planted[0].number,
        "contestation": "2026-PROT",
        "customer": "Aurora",
    }

    found = {
        kind: (await own.get("/api/search", params={"q": q})).json() for kind, q in asked.items()
    }
    theirs = [(await stranger.get("/api/search", params={"q": q})).json() for q in asked.values()]
    page = await web.browser(EVERYTHING, login="ivo", company_id=dispute.account.customer_id)
    shown = (await page.get("/busca", params={"q": "2026-PROT"})).text
    board = (await page.get("/contestacoes", params={"busca": "2026-PROT"})).text

    kinds = {kind: {each["kind"] for each in hits["items"]} for kind, hits in found.items()}
    assert {kind for kind, told in kinds.items() if kind in told} == set(asked) - {"customer"}
    assert kinds["customer"] == set()  # whose page is the house's
    assert [each["items"] for each in theirs] == [[]] * len(asked)
    assert "Contestação 1" in shown
    assert "Contestação 1" in board
    assert 'hx-sse:connect="/eventos"' in shown
    assert (await page.get("/casos/1/novidade?vista=0")).status_code == 200


async def test_a_client_sends_no_other_companys_file(
    web: Web, dispute: Dispute, tmp_path: Path
) -> None:
    await serve(dispute, "advanced")
    async with web.database.write() as session:
        other = await builders.a_customer(session, name="Outra Ltda", code="OUTRA")
        session.add(ClientService(customer_id=other.id or 0, model="advanced",
                                  changed_at=builders.AT, changed_by="ana"))  # fmt: skip
    stranger = await web.browser(EVERYTHING, login="rui", company_id=other.id)
    sample = make_sample(3, issue_date=ISSUED)
    sample.bill.account = dispute.sample.bill.account
    raw = file_of(sample.bill, V3)

    sent = await stranger.post("/operadoras/faturas", files={"files": ("f.txt", raw)})
    run = int(sent.headers["location"].rsplit("/", 1)[1])
    await carry_out(web.database, run, at=noon(ISSUED))
    seen = (await stranger.get(f"/operadoras/importacoes/{run}")).text

    assert "não está cadastrada" in seen
    assert len(await dispute.findings()) == 2


async def test_a_user_becomes_a_clients_by_page_and_api(web: Web, dispute: Dispute) -> None:
    browser = await web.browser(EVERYTHING)
    program = await web.program(EVERYTHING)
    async with web.database.read() as session:
        code = (await builders.customer_of(session, dispute.account.customer_id)).code
    asked = {"login": "lia", "name": "Lia", "role_ids": []}

    wrong = await browser.post("/pessoas/novo", data={**asked, "company": "none"})
    made = await program.post("/api/users", json={**asked, "company": code})
    shown = (await browser.get(f"/pessoas/{made.json()['id']}")).text
    listed = (await program.get("/api/users?search=lia")).json()

    assert (wrong.status_code, 'id="e-company"' in wrong.text) == (404, True)
    assert made.status_code == 201
    assert f'value="{code}"' in shown
    assert [each["company"] for each in listed] == [code]
