"""The customer's app before the API: its token, its messages, its receipts, and nobody else's."""

from __future__ import annotations

from activities.messages import write_to_customer
from models.database import Database
from models.messages import Message
from tests import builders
from tests.support.web import NOW, Web


async def a_message(database: Database, customer_id: int, **values) -> int:
    given = {
        "key": f"k{customer_id}/app", "channel": "app", "purpose": "by_hand", "to_address": "C",
        "subject": "Olá", "text": "Sua fatura venceu.", "status": "sent", "not_before": NOW,
        "created_at": NOW, "created_by": "ana", "sent_at": NOW, "customer_id": customer_id,
    }  # fmt: skip
    async with database.write() as session:
        return (await builders.stored(session, Message(**{**given, **values}))).number


async def test_a_device_reads_and_confirms_its_own_customers_messages(web: Web) -> None:
    async with web.database.write() as session:
        ana, rui = [(await builders.a_customer(session)).id or 0 for _ in range(2)]
    own, others = [await a_message(web.database, each) for each in (ana, rui)]
    program = await web.program("customers:see", "customers:act")
    path = f"/api/customers/{ana}/app-accesses"
    granted = await program.post(path, json={"device": "Moto G"})
    app = web.visitor(headers={"Authorization": f"Bearer {granted.json()['token']}"})

    seen = (await app.get("/api/app/messages")).json()
    receipt = {"status": "read"}
    confirmed = await app.post(f"/api/app/messages/{own}/receipt", json=receipt)
    refused = await app.post(f"/api/app/messages/{others}/receipt", json=receipt)

    assert [(each["id"], each["title"], each["is_confirmed"]) for each in seen] == [
        (own, "Olá", False)
    ]
    assert confirmed.json()["is_confirmed"] is True
    assert (refused.status_code, refused.json()["code"]) == (404, "MessageNotFound")
    assert (await app.get(f"/api/app/messages?after={own}")).json() == []

    [device] = (await program.get(path)).json()
    assert (device["device"], "token" in device) == ("Moto G", False)
    assert (await program.delete(f"{path}/{device['id']}")).status_code == 204
    assert (await app.get("/api/app/messages")).status_code == 401
    assert (await program.get("/api/app/messages")).status_code == 401


async def test_an_operator_writes_to_the_app_of_who_uses_it(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
    browser = await web.browser("messages:see", "messages:act")
    path = f"/mensagens/clientes/{customer.id}/app"
    typed = {
        "key": "12345678-aa", "to_address": customer.code, "subject": "Olá", "text": "Bom dia",
        "is_confirmed": "1",
    }  # fmt: skip

    refused = await browser.post(path, data=typed)
    program = await web.program("customers:act")
    await program.post(f"/api/customers/{customer.id}/app-accesses", json={"device": "Moto G"})
    shown = await browser.get(path)
    sent = await browser.post(path, data=typed)

    assert refused.status_code == 422
    assert "não usa o aplicativo" in refused.text
    assert "Moto G" in shown.text
    assert sent.status_code == 303
    async with web.database.write() as session:
        found = await write_to_customer(
            session, case=None, customer=customer, purpose="contact_cadence_1", key="c", at=NOW
        )
    assert [each.channel for each in found] == ["email", "sms", "app"]
