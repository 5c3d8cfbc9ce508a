"""Personal data before people and programs: what is kept, and asking for its end."""

from __future__ import annotations

from sqlmodel import select

from models.anonymisations import Anonymisation
from models.people import AuditEntry
from tests import builders
from tests.support.web import Web

PERMISSIONS = ("privacy:see", "privacy:act")
LIST = "/pessoas/privacidade"


async def a_customer(web: Web, **invoice) -> int:
    async with web.database.write() as session:
        customer = await builders.a_customer(session, code="C77", email="ana@casa.test")
        if invoice:
            await builders.an_invoice(
                session, customer, collection_stage=None, stage_since=None, **invoice
            )
    return customer.id or 0


async def test_what_is_kept_is_shown_handed_over_and_written_down(web: Web) -> None:
    number = await a_customer(web, status="settled", open_amount=0)
    browser = await web.browser("privacy:see")
    program = await web.program("privacy:see")

    found = await browser.get(LIST, params={"cliente": "Ana"})
    shown = await browser.get(f"{LIST}/clientes/{number}")
    file = await browser.get(f"{LIST}/clientes/{number}.json")
    report = (await program.get(f"/api/customers/{number}/personal-data")).json()

    assert f"{LIST}/clientes/{number}" in found.text
    assert ("ana@casa.test" in shown.text, "Anonimizar</button>" in shown.text) == (True, False)
    assert "attachment" in file.headers["content-disposition"]
    assert report["customer"]["email"] == "ana@casa.test"
    assert report["customer"]["document"] == "***.982.247-**"
    assert [each["name"] for each in report["sections"]] == ["invoices", "audit_entries"]
    assert report["kept_until"] == "2031-10-05"
    async with web.database.read() as session:
        entries = (await session.exec(select(AuditEntry.action))).all()
    assert entries == ["personal_data.see", "personal_data.report", "personal_data.report"]


async def test_a_request_is_refused_confirmed_and_made_on_the_page(web: Web) -> None:
    number = await a_customer(web, status="settled", open_amount=0)
    browser = await web.browser(*PERMISSIONS)
    path = f"{LIST}/clientes/{number}/anonimizacao"
    asked = {"reason": "pedido do titular", "confirmation": "C77"}

    unconfirmed = await browser.post(path, data={**asked, "confirmation": "C78", "wait": "on"})
    too_early = await browser.post(path, data=asked)
    made = await browser.post(path, data={**asked, "wait": "on"})
    shown = await browser.get(f"{LIST}/clientes/{number}")
    listed = await browser.get(LIST)

    assert (unconfirmed.status_code, too_early.status_code, made.status_code) == (422, 422, 303)
    assert "digite o código do cliente: C77" in unconfirmed.text
    assert "05/10/2031" in too_early.text
    assert "Conferir e anonimizar" in shown.text
    assert "Aguardando prazo legal" in listed.text


async def test_a_program_hears_what_stands_and_asks_once(web: Web) -> None:
    owing = await a_customer(web, amount="150.50")
    program = await web.program(*PERMISSIONS)
    reader = await web.program("privacy:see", login="leitor")
    path = f"/api/customers/{owing}/anonymisation"

    refused = await program.post(path, json={"reason": "pedido"})
    without = await program.post(path, json={"reason": ""})
    unknown = await program.post("/api/customers/999/anonymisation", json={"reason": "x"})
    forbidden = await reader.post(path, json={"reason": "x"})
    async with web.database.write() as session:
        free = await builders.a_customer(session)
    twice = [
        await program.post(
            f"/api/customers/{free.id}/anonymisation",
            json={"reason": "x"},
            headers={"Idempotency-Key": "k1"},
        )
        for _ in range(2)
    ]
    listed = (await reader.get("/api/anonymisations", params={"stage": "waiting"})).json()
    one = await reader.get(f"/api/anonymisations/{twice[0].json()['id']}")

    assert (refused.status_code, refused.json()["code"]) == (422, "DebtStands")
    assert "150,50" in refused.json()["detail"]
    assert (without.status_code, unknown.status_code, forbidden.status_code) == (422, 404, 403)
    assert [each.status_code for each in twice] == [201, 201]
    assert twice[0].json() == twice[1].json()
    assert [each["id"] for each in listed] == [one.json()["id"]]
    assert (await reader.get("/api/anonymisations/999")).status_code == 404
    async with web.database.read() as session:
        assert len((await session.exec(select(Anonymisation).order_by("id"))).all()) == 1
