"""Customers' contestations on pages and as JSON: protocol at once, answers, what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from api.app import create_app
from models.invoices import Invoice
from tests import builders
from tests.conftest import House
from tests.support.web import Web

SEE, ACT = "contestations:see", "contestations:act"


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

    assert made.status_code == 201
    assert len(made.json()["protocol"]) == 14
    assert (again.status_code, unknown.status_code, refused.status_code) == (422, 404, 403)
    assert (carriers.status_code, early.status_code) == (422, 422)
    assert answered.json()["stage"] == "accepted"
    assert (read["received"]["refund_channel"], read["received"]["cancelled"]) == ("bank", "100.00")
    assert [each["protocol"] for each in listed] == [made.json()["protocol"]]
    async with house.database.read() as session:
        [invoice] = (await session.exec(select(Invoice))).all()
    assert invoice.status == "cancelled"
