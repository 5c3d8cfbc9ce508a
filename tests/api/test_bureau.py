"""Bureau records over HTTP: who adds and removes them, and what is refused."""

from __future__ import annotations

from models.customers import Customer
from models.invoices import Invoice
from tests import builders
from tests.conftest import House
from tests.support.collections import BUREAU, a_debtor, hidden, refused
from tests.support.web import Web


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
    async with running.database.read() as session:
        customer_id = (await session.get_one(Invoice, debtor["invoices"][0])).customer_id
    account = await (await running.browser("collections.account:see")).get(
        f"/cobrancas/contas/{customer_id}"
    )
    assert "Remoção por prazo" in account.text  # nobody could be given notice
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


async def test_a_batch_is_simulated_before_it_is_asked_for(web: Web) -> None:
    debtor = await a_debtor(web, "broken", "broken")
    early, free = debtor["invoices"]
    async with web.database.write() as session:
        invoice = await session.get_one(Invoice, early)
        customer = await session.get_one(Customer, invoice.customer_id)
        invoice.contract_id = (await builders.a_contract(session, customer)).id
    browser = await web.browser("collections.broken:see", "collections.broken:act")
    program = await web.program("bureau:see")

    path = "/cobrancas/nao-cumpridos/inclusao-no-spc"
    page = await browser.get(path, params={"ids": [early, free]})
    told = await program.post("/api/bureau/simulation", json={"invoice_ids": [early, free, 999]})
    nothing = await program.post("/api/bureau/simulation", json={"invoice_ids": []})

    assert [page.text.count(word) for word in ("Só por exceção", "Pode ir")] == [2, 2]
    assert "não foi rescindido" in page.text
    found = told.json()
    assert [(each["invoice_id"], each["verdict"]) for each in found["invoices"]] == [
        (early, "gated"), (free, "free"),
    ]  # fmt: skip
    assert [reason["code"] for reason in found["invoices"][0]["reasons"]] == [
        "BureauBeforeTermination"
    ]
    assert [(each["verdict"], each["invoices"], each["amount"]) for each in found["totals"]] == [
        ("free", 1, "100.00"), ("gated", 1, "100.00"), ("barred", 0, "0.00"),
    ]  # fmt: skip
    assert nothing.status_code == 422
