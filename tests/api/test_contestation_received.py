"""Customers' contestations on pages and as JSON: protocol at once, answers, what is refused."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from sqlmodel import select

from activities.attachments import NewFile, attach, store_of
from activities.tickets import NewTicket, open_ticket
from api.app import create_app
from models.attachments import Subject
from models.customers import Customer
from models.invoices import Invoice, invoice_with_code
from models.people import Deed
from models.tickets import Ticket
from rules.cases import Process
from rules.tickets import Channel
from tests import builders
from tests.conftest import House
from tests.support.web import Web

SEE, ACT = "contestations:see", "contestations:act"
NEW = "/contestacoes/recebidas/nova"


@pytest.fixture
def web(house: House) -> Web:
    web = Web(create_app(house.settings, house.database, house.client), house.database)
    web.now = house.clock.now
    return web


@pytest.fixture
async def code(house: House) -> str:
    async with house.database.write() as session:
        customer = await builders.a_customer(session, email="maria@cliente.example")
        contract = await builders.a_contract(session, customer)
        invoice = await builders.an_invoice(
            session, customer, contract_id=contract.id, collection_stage=None, stage_since=None,
            due_date=date(2026, 11, 30),
        )  # fmt: skip
    return invoice.code


async def test_an_operator_receives_and_answers_it_on_the_page(
    house: House, web: Web, code: str
) -> None:
    browser = await web.browser(SEE, ACT, "payments:see")
    form = (await browser.get(f"/contestacoes/recebidas/nova?fatura={code}")).text
    asked = {
        "invoice": code, "amount": "40,00", "text": "Não contratei a TV", "channel": "phone",
        "refund_channel": "next_invoice", "bill_form": "electronic",
    }  # fmt: skip

    wrong = await browser.post("/contestacoes/recebidas/nova", data={**asked, "amount": "400,00"})
    made = await browser.post("/contestacoes/recebidas/nova", data=asked)
    await house.clock.settle()
    page = (await browser.get(made.headers["location"])).text
    board = (await browser.get("/contestacoes?direcao=received")).text
    others = (await browser.get("/contestacoes?direcao=made")).text
    silent = await browser.post("/contestacoes/1/resposta-cliente", data={"upheld": "10,00"})
    answered = await browser.post(
        "/contestacoes/1/resposta-cliente", data={"upheld": "10,00", "reason": "O resto é do plano"}
    )
    await house.clock.settle()
    ended = (await browser.get("/contestacoes/1")).text

    assert f'value="{code}"' in form
    assert (wrong.status_code, 'id="e-amount"' in wrong.text) == (422, True)
    assert made.status_code == 303
    assert "Responder ao cliente" in page
    assert "régua, cobrança, bloqueio e SPC estão parados" in page
    assert f"{code}-C1" in page
    assert "Recebida 1" in board
    assert "Recebida 1" not in others
    assert (silent.status_code, 'id="e-reason"' in silent.text) == (422, True)
    assert answered.status_code == 303
    assert "O resto é do plano" in ended
    assert "Encerrada" in ended


async def test_a_program_receives_it_and_gets_the_protocol(
    house: House, web: Web, code: str
) -> None:
    program = await web.program(SEE, ACT)
    reader = await web.program(SEE, login="leitor")
    body = {"invoice": code, "text": "Cobrança em dobro", "refund_channel": "bank"}
    silent = await program.post("/api/contestations/received", json={"invoice": code})
    lost = await program.post("/api/contestations/received", json={**body, "ticket": "404"})

    made = await program.post("/api/contestations/received", json=body)
    again = await program.post("/api/contestations/received", json=body)
    unknown = await program.post("/api/contestations/received", json={**body, "invoice": "none"})
    refused = await reader.post("/api/contestations/received", json=body)
    await house.clock.settle()
    carriers = await program.post("/api/contestations/1/filing", json={})
    early = await program.post(
        "/api/contestations/1/refund", json={"refunded_on": "2026-11-01", "receipt": "TED"}
    )
    answered = await program.post("/api/contestations/1/customer-answer", json={"upheld": "100.00"})
    listed = (await program.get("/api/contestations?direction=received")).json()
    read = (await program.get("/api/contestations/1")).json()

    assert (silent.status_code, silent.json()["field"]) == (422, "text")
    assert (lost.status_code, lost.json()["code"]) == (403, "PermissionDenied")
    assert made.status_code == 201
    assert len(made.json()["protocol"]) == 14
    assert (again.status_code, unknown.status_code, refused.status_code) == (422, 404, 403)
    assert (carriers.status_code, early.status_code) == (422, 422)
    assert answered.json()["stage"] == "accepted"
    assert (read["received"]["refund_channel"], read["received"]["cancelled"]) == ("bank", "100.00")
    assert [each["protocol"] for each in listed] == [made.json()["protocol"]]
    async with house.database.read() as session:
        [invoice] = (await session.exec(select(Invoice).order_by("id"))).all()
    assert invoice.status == "cancelled"


async def test_the_invoice_is_named_by_the_number_that_its_customer_sees(
    house: House, web: Web, code: str
) -> None:
    async with house.database.write() as session:
        invoice = await invoice_with_code(session, code)
        assert invoice is not None
        invoice.number = "202610000009"
        customer = await session.get_one(Customer, invoice.customer_id)
        for other in ("OUTRA-1", "OUTRA-2"):
            await builders.an_invoice(session, customer, code=other, number="7")
    program = await web.program(SEE, ACT)
    asked = {"amount": "40.00", "text": "Não contratei a TV"}

    made = await program.post(
        "/api/contestations/received", json={**asked, "invoice": " 202610000009 "}
    )
    of_two = await program.post("/api/contestations/received", json={**asked, "invoice": "7"})
    form = (await (await web.browser(SEE, ACT)).get(f"{NEW}?fatura=202610000009")).text

    assert made.status_code == 201, made.text
    assert of_two.json()["code"] == "ContestedInvoiceNotFound"
    assert "Fatura de" in form


async def test_one_click_on_a_ticket_takes_its_words_and_files_along(
    house: House, web: Web, code: str
) -> None:
    browser = await web.browser(SEE, ACT, "tickets:see", "tickets:act")
    ticket, other = await a_ticket(house, code), await a_ticket(house, code, customer="C-2")
    path = "/contestacoes/recebidas/nova"

    ticket_page = (await browser.get(f"/chamados/{ticket.id}")).text
    form = (await browser.get(f"{path}?chamado={ticket.protocol}")).text
    asked = {"invoice": code, "text": "Não contratei a TV", "channel": "email",
             "refund_channel": "next_invoice", "bill_form": "electronic"}  # fmt: skip
    wrong = await browser.post(path, data={**asked, "ticket": other.protocol})
    made = await browser.post(path, data={**asked, "ticket": ticket.protocol})
    await house.clock.settle()
    shown = (await browser.get(made.headers["location"])).text
    after = (await browser.get(f"/chamados/{ticket.id}")).text

    assert f"{path}?chamado={ticket.protocol}" in ticket_page
    assert f'value="{code}"' in form
    assert "Cobraram TV que não pedi" in form
    assert '<option value="email" selected>' in form
    assert (wrong.status_code, 'id="e-invoice"' in wrong.text) == (422, True)
    assert made.status_code == 303
    assert (ticket.protocol in shown, "conta.txt" in shown) == (True, True)
    assert re.search(r'href="/contestacoes/1/anexos/\d+/arquivo" download>conta.txt<', shown)
    assert "Veio do chamado" in shown
    assert "Contestação recebida: protocolo" in after


async def test_a_program_names_the_ticket_and_leaves_the_rest_to_it(
    house: House, web: Web, code: str
) -> None:
    program = await web.program(SEE, ACT, "tickets:see")
    ticket = await a_ticket(house, code)
    body = {"invoice": code, "ticket": ticket.protocol}

    unknown = await program.post("/api/contestations/received", json={**body, "ticket": "404"})
    made = await program.post("/api/contestations/received", json=body)
    read = (await program.get(f"/api/contestations/{made.json()['contestation_id']}")).json()
    files = (await program.get("/api/contestations/1/attachments")).json()

    assert (unknown.status_code, unknown.json()["code"]) == (404, "ContestedTicketNotFound")
    assert made.status_code == 201
    assert "Cobraram TV que não pedi" in read["description"]
    assert (read["received"]["channel"], read["received"]["ticket_id"]) == ("email", ticket.id)
    assert [each["name"] for each in files] == ["conta.txt"]


async def a_ticket(house: House, code: str, *, customer: str | None = None) -> Ticket:
    """A mail about an invoice, with a file; of the invoice's customer unless told otherwise."""
    async with house.database.write() as session:
        invoice = await invoice_with_code(session, code)
        assert invoice is not None
        owner = invoice.customer_id
        if customer is not None:
            owner = (await builders.a_customer(session, code=customer)).id or 0
        new = NewTicket(
            f"mail/{owner}", "Cobrança errada", f"Cobraram TV que não pedi na fatura {code}.",
            Channel.EMAIL, customer_id=owner,
        )  # fmt: skip
        ticket = await open_ticket(session, new, by="system", at=house.clock.now)
    file = NewFile("conta.txt", BytesIO(b"minha conta"), 11)
    deed = Deed("ana", house.clock.now)
    subject = Subject(Process.TICKETS, ticket.number)
    await attach(house.database, store_of(house.settings), subject, file, deed=deed)
    return ticket
