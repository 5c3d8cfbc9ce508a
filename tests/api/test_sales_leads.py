"""Sales leads before people and programs: written down, lost, made into a contract."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import select

from models.contracts import Contract
from models.customers import Customer
from models.plans import Consultant, Plan
from models.sales_leads import SalesLead
from tests import builders
from tests.contracts import a_plan
from tests.support.web import Web

PERMISSIONS = ("contracts:see", "contracts:act")
PATH = "/contratos/oportunidades"
API = "/api/sales-leads"
SAID = {"name": "Bia Lima", "document": "111.444.777-35", "uf": "SP", "city": "Santos"}


async def a_shop(web: Web) -> tuple[Plan, Consultant]:
    async with web.database.write() as session:
        ledger = await builders.a_ledger_account(session)
        plan = await a_plan(session, ledger_account_id=ledger.id)
        return plan, await builders.stored(session, Consultant(code="V1", name="Vera"))


async def test_a_lead_becomes_a_customer_and_a_contract_with_what_was_settled(web: Web) -> None:
    plan, seller = await a_shop(web)
    browser = await web.browser(*PERMISSIONS)
    settled = {"plan_id": plan.id, "setup_fee": "80,00", "setup_instalments": 2}

    made = await browser.post(f"{PATH}/nova", data={**SAID, **settled, "consultant_id": seller.id})
    begun = await browser.post(f"{PATH}/1/contrato")
    wizard = await browser.get(begun.headers["location"])
    listed = await browser.get(PATH)
    asked = {
        "cliente": 1, "step": 6, "go": "make", "confirmed": "1", "command_id": "c1",
        "origin": "lead", "origin_ref": "L000001", **settled, "consultant_id": seller.id,
    }  # fmt: skip
    contract = await browser.post("/contratos/novo", data=asked)
    shown = await browser.get(f"{PATH}/1")

    assert (made.status_code, begun.status_code, contract.status_code) == (303, 303, 303)
    assert begun.headers["location"] == "/contratos/novo?cliente=1&oportunidade=1"
    assert 'name="origin_ref" value="L000001"' in wizard.text
    assert 'name="setup_fee" value="80,00"' in wizard.text
    assert "Bia Lima" in listed.text
    assert ("Ganha" in shown.text, "Fazer o contrato" in shown.text) == (True, False)
    async with web.database.read() as session:
        customer = (await session.exec(select(Customer))).one()
        kept = (await session.exec(select(Contract))).one()
        lead = (await session.exec(select(SalesLead))).one()
    assert (customer.name, customer.document, customer.city) == (
        "Bia Lima",
        "11144477735",
        "Santos",
    )
    assert (kept.setup_fee, kept.setup_instalments) == (Decimal("80.00"), 2)
    assert (kept.consultant_id, kept.origin, kept.origin_ref) == (seller.id, "lead", "L000001")
    assert (lead.stage, lead.contract_id) == ("won", kept.id)


async def test_a_program_keeps_loses_and_wins_leads(web: Web) -> None:
    plan, _ = await a_shop(web)
    program = await web.program(*PERMISSIONS)
    reader = await web.program("contracts:see", login="leitor")
    async with web.database.write() as session:
        known = await builders.a_customer(session, document="11144477735")
        other = await builders.a_customer(session)

    wrong = await program.post(API, json={**SAID, "document": "111"})
    unknown = await program.post(API, json={**SAID, "plan_id": 99})
    forbidden = await reader.post(API, json=SAID)
    made = [(await program.post(API, json=SAID)).json()["id"] for _ in range(2)]
    changed = await program.put(f"{API}/{made[0]}", json={**SAID, "plan_id": plan.id})
    without = await program.post(f"{API}/{made[1]}/loss", json={})
    lost = await program.post(f"{API}/{made[1]}/loss", json={"reason": "achou caro"})
    customer = await program.post(f"{API}/{made[0]}/customer")
    body = {"plan_id": plan.id, "origin": "lead", "origin_ref": "L000001", "welcome": False}
    of_another = await program.post(f"/api/customers/{other.id}/contracts", json=body)
    won = await program.post(f"/api/customers/{known.id}/contracts", json=body)
    twice = await program.post(f"/api/customers/{known.id}/contracts", json=body)
    nothing = {**body, "origin_ref": "L9"}
    missing = await program.post(f"/api/customers/{known.id}/contracts", json=nothing)

    assert (wrong.status_code, unknown.status_code, forbidden.status_code) == (422, 422, 403)
    assert changed.json()["plan_id"] == plan.id
    assert (without.json()["code"], lost.json()["stage"]) == ("LeadReasonRequired", "lost")
    assert customer.json()["customer_id"] == known.id
    assert (of_another.json()["code"], missing.status_code) == ("LeadOfAnother", 404)
    assert (won.status_code, twice.json()["code"]) == (201, "LeadNotOpen")
    open_ones = (await reader.get(API, params={"stage": "open"})).json()
    assert open_ones == []
    assert (await reader.get(f"{API}/99")).status_code == 404


async def test_why_a_sale_was_lost_fits_in_three_hundred_characters(web: Web) -> None:
    program = await web.program(*PERMISSIONS)
    browser = await web.browser(*PERMISSIONS)
    lead = (await program.post(API, json=SAID)).json()["id"]

    told = [
        (await program.post(f"{API}/{lead}/loss", json={"reason": reason})).json().get("code")
        for reason in (" ", "x" * 301)
    ]
    page = await browser.post(f"{PATH}/{lead}/perda", data={"reason": "x" * 301})
    lost = await program.post(f"{API}/{lead}/loss", json={"reason": "x" * 300})

    assert told == ["LeadReasonRequired", "LeadReasonTooLong"]
    assert "no máximo 300 caracteres" in page.text
    assert lost.json()["stage"] == "lost"


async def test_a_lost_lead_is_forgotten_when_its_person_asks(web: Web) -> None:
    program = await web.program(*PERMISSIONS, "privacy:act")
    seller = await web.browser(*PERMISSIONS)
    officer = await web.browser(*PERMISSIONS, "privacy:act", login="dpo")
    lost, other = [(await program.post(API, json=SAID)).json()["id"] for _ in range(2)]

    early = await program.post(f"{API}/{lost}/anonymisation")
    for each in (lost, other):
        await program.post(f"{API}/{each}/loss", json={"reason": "achou caro"})
    refused = await seller.post(f"{PATH}/{lost}/anonimizacao")
    offered = [
        "Apagar os dados pessoais" in (await browser.get(f"{PATH}/{lost}")).text
        for browser in (seller, officer)
    ]
    done = await program.post(f"{API}/{lost}/anonymisation")
    again = await program.post(f"{API}/{lost}/anonymisation")
    on_page = await officer.post(f"{PATH}/{other}/anonimizacao")

    assert (early.json()["code"], refused.status_code, offered) == (
        "LeadStands", 403, [False, True],
    )  # fmt: skip
    assert (done.json()["name"], done.json()["reason"]) == ("anonimizado", "")
    assert (again.json()["code"], on_page.status_code) == ("LeadForgotten", 303)


async def test_leads_are_read_page_by_page_the_newest_first(web: Web) -> None:
    program = await web.program(*PERMISSIONS)
    made = [(await program.post(API, json=SAID)).json()["id"] for _ in range(3)]

    first = (await program.get(API, params={"limit": 2})).json()
    rest = (await program.get(API, params={"limit": 2, "before": first[-1]["id"]})).json()
    wrong = await program.get(API, params={"before": 0})

    assert [each["id"] for each in (*first, *rest)] == made[::-1]
    assert wrong.status_code == 422
