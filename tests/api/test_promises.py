"""Promises to pay before people and programs."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from models.cases import Case
from rules.business_days import local_date
from tests import builders
from tests.support.web import NOW, Web


async def test_a_promise_is_written_down_shown_and_withdrawn(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        await builders.an_invoice(session, customer, due_date=local_date(NOW) - timedelta(days=9))
    browser = await web.browser("collections.account:see", "collections.account:act")
    program = await web.program("collections.account:see", "collections.account:act")
    reader = await web.browser("collections.account:see", login="rui")
    path = f"/cobrancas/contas/{customer.id}/promessas"
    day = (local_date(NOW) + timedelta(days=3)).isoformat()

    too_far = await browser.post(path, data={"promised_on": "2027-11-19"})
    made = await browser.post(path, data={"promised_on": day, "amount": "10,00", "note": "ligou"})
    shown = await browser.get(path)
    seen = await reader.get(path)
    twice = await program.post(
        f"/api/collections/customers/{customer.id}/promises", json={"promised_on": day}
    )
    withdrawn = await program.post("/api/promises/1/withdrawal")

    assert (too_far.status_code, made.status_code) == (422, 303)
    assert ("ligou" in shown.text, "Retirar a promessa em vigor" in shown.text) == (True, True)
    assert "Retirar a promessa em vigor" not in seen.text
    assert (twice.status_code, twice.json()["code"]) == (422, "PromiseUnderWay")
    assert withdrawn.json()["status"] == "withdrawn"
    assert (await reader.post("/cobrancas/promessas/1/retirada")).status_code == 403
    assert (await program.post("/api/promises/9/withdrawal")).status_code == 404


async def test_the_account_tells_what_a_promise_makes_everything_wait_for(web: Web) -> None:
    async with web.database.write() as session:
        customer = await builders.a_customer(session)
        await builders.an_invoice(session, customer, due_date=local_date(NOW) - timedelta(days=9))
        await builders.a_collections_case(session, customer)
    browser = await web.browser("collections.account:see", "collections.account:act")
    account = f"/cobrancas/contas/{customer.id}"
    day = (local_date(NOW) + timedelta(days=3)).isoformat()

    before = await browser.get(account)
    asked = await browser.get(f"{account}/promessas?nova=1")
    await browser.post(f"{account}/promessas", data={"promised_on": day, "amount": "10,00"})
    after = await browser.get(account)
    async with web.database.write() as session:  # what else the account would do does not hide it
        case = (await session.exec(select(Case))).one()
        case.next_kind, case.next_at = "start_task", NOW + timedelta(days=1)
        session.add(case)
    late = await browser.get(account)

    assert "Promessa de" in late.text
    assert ("Promessa de" in before.text, "Nada acontece sozinho" in before.text) == (False, True)
    assert "open data-focus><summary" in asked.text  # a contact that ended in a promise leads here
    assert ("Promessa de" in after.text, "Nada acontece sozinho" in after.text) == (True, False)
