"""Customers who are not chased by routine: marked, left alone, and taken up again."""

from __future__ import annotations

from datetime import timedelta

from models.account_facts import load_facts
from models.cases import case_of
from models.invoices import Invoice
from models.ladder_stops import pauses_of
from rules.cases import Process
from tests.support.collections import TODAY, a_debtor
from tests.support.web import Web

WORKS = ("customers:see", "customers:act")
SEES = "collections.account:see"


async def is_reachable(web: Web, customer_id: int) -> bool:
    async with web.database.write() as session:
        case = await case_of(session, process=Process.COLLECTIONS, subject_id=customer_id)
        assert case is not None
        return (await load_facts(session, case)).is_reachable


async def pauses(web: Web, invoice_id: int) -> list[tuple]:
    async with web.database.read() as session:
        invoice = await session.get_one(Invoice, invoice_id)
        found = await pauses_of(session, [invoice])
    return [(each.since, each.until, each.reason) for each in found.get(invoice_id, ())]


async def test_nobody_chases_who_died_and_the_ladder_goes_on_once_that_was_wrong(
    web: Web,
) -> None:
    debtor = await a_debtor(web, "negotiating", email="ana@example.com")
    customer, [invoice] = debtor["customer"], debtor["invoices"]
    program = await web.program(*WORKS, SEES, "bureau:see")
    browser = await web.browser(SEES)
    path = f"/api/customers/{customer}/marks"

    assert await is_reachable(web, customer)
    made = await program.post(path, json={"kind": "deceased", "reason": "certidão"})
    twice = await program.post(path, json={"kind": "deceased", "reason": "certidão"})
    bare = await program.post(path, json={"kind": "fraud"})
    queue = (await program.get("/api/collections/worklist")).json()["rows"]
    aside = (await browser.get("/cobrancas/fila/fora?formato=csv")).text
    judged = await program.post("/api/bureau/simulation", json={"invoice_ids": [invoice]})
    account = (await browser.get(f"/cobrancas/contas/{customer}")).text

    assert (made.status_code, made.json()["is_still"]) == (201, True)
    assert (twice.json()["code"], bare.json()["code"]) == (
        "CustomerAlreadyMarked", "MarkReasonRequired",
    )  # fmt: skip
    assert not await is_reachable(web, customer)
    assert await pauses(web, invoice) == [(TODAY, None, "mark")]
    assert (queue, "Cliente marcado" in aside, "Falecido" in account) == ([], True, True)
    [told] = judged.json()["invoices"]
    assert (told["verdict"], told["reasons"][0]["code"]) == ("gated", "BureauCustomerMarked")

    web.now += timedelta(days=3)
    gone = await program.post(f"/api/customer-marks/{made.json()['id']}/removal")
    again = await program.post(f"/api/customer-marks/{made.json()['id']}/removal")

    assert (gone.status_code, again.status_code) == (200, 409)
    assert await is_reachable(web, customer)
    assert await pauses(web, invoice) == [(TODAY, TODAY + timedelta(days=3), "mark")]
    assert (await program.get(path)).json() == []


async def test_a_public_body_is_asked_like_everybody_but_not_put_at_the_bureau(web: Web) -> None:
    debtor = await a_debtor(web, "negotiating", email="a@example.com")
    customer, [invoice] = debtor["customer"], debtor["invoices"]
    browser = await web.browser(*WORKS)
    program = await web.program("bureau:see")
    page = f"/clientes/{customer}/marcas"

    bare = await browser.post(page, data={"kind": "public_body", "reason": ""})
    done = await browser.post(page, data={"kind": "public_body", "reason": "Prefeitura"})
    shown = (await browser.get(page)).text
    judged = await program.post("/api/bureau/simulation", json={"invoice_ids": [invoice]})
    stranger = (await a_debtor(web, "negotiating"))["customer"]
    other = await browser.post(f"/clientes/{stranger}/marcas/1/retirada")
    gone = await browser.post(f"{page}/1/retirada")

    assert (bare.status_code, done.status_code, gone.status_code) == (422, 303, 303)
    assert other.status_code == 404
    assert ("Prefeitura" in shown, "Órgão público" in shown) == (True, True)
    assert judged.json()["totals"][1]["invoices"] == 1
    assert await is_reachable(web, customer)
    assert await pauses(web, invoice) == []


async def test_marking_needs_its_permission(web: Web) -> None:
    debtor = await a_debtor(web, "negotiating")
    path = f"/api/customers/{debtor['customer']}/marks"
    reader = await web.program("customers:see")
    worker = await web.program(*WORKS, login="rui")

    assert (await reader.post(path, json={"kind": "fraud", "reason": "x"})).status_code == 403
    assert (await worker.post(path, json={"kind": "rich", "reason": "x"})).status_code == 422
    assert (await worker.get("/api/customers/999/marks")).status_code == 404
    assert (await worker.post("/api/customer-marks/9/removal")).status_code == 404
