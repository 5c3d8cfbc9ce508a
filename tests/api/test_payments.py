"""Payments by programs and by hand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from models.customers import Customer
from models.invoices import Invoice
from models.payments import Payment
from models.people import AuditEntry
from tests.support.web import NOW, Web

ASKED = {"code": "P1", "invoice": "F1", "amount": "40.00", "paid_on": "2026-11-18"}


@pytest.fixture
async def invoice(web: Web) -> Invoice:
    async with web.database.write() as session:
        customer = Customer(code="C1", name="Ana", document="52998224725", created_at=NOW)
        session.add(customer)
        await session.flush()
        owed = Invoice(
            code="F1", customer_id=customer.id or 0, due_date=date(2026, 10, 5),
            amount=Decimal("100.00"), open_amount=Decimal("100.00"),
        )  # fmt: skip
        session.add(owed)
        return owed


async def all_payments(web: Web) -> list[Payment]:
    async with web.database.read() as session:
        return list(await session.exec(select(Payment)))


async def test_a_program_pays_once_and_takes_back(web: Web, invoice):
    program = await web.program("payments:see", "payments:act")

    made = await program.post("/api/payments", json=ASKED)
    again = await program.post("/api/payments", json=ASKED)
    listed = await program.get("/api/payments", params={"invoice": "F1"})
    back = await program.post(f"/api/payments/{made.json()['id']}/reversal", json={"reason": "x"})

    assert made.status_code == again.status_code == 201
    assert made.json() == again.json() == listed.json()[0]
    assert made.json()["credited_on"] == "2026-11-18"
    assert back.json()["reversed_by"] == "robo"
    async with web.database.read() as session:
        owed = (await session.exec(select(Invoice))).one().open_amount
        actions = list(await session.exec(select(AuditEntry.action)))
    assert owed == Decimal("100.00")
    assert actions == ["payment.record", "payment.record", "payment.reverse"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"amount": "-1.00"}, 422, "NegativeAmount"),
        ({"amount": "0.00"}, 422, "PaymentNotPositive"),
        ({"amount": "1.001"}, 422, "InvalidFields"),
        ({"amount": 1.5}, 422, "InvalidFields"),
        ({"invoice": "F9"}, 404, "PaidInvoiceNotFound"),
        ({"paid_on": "2026-11-20"}, 422, "PaidInTheFuture"),
        ({"paid_on": "18/11/2026"}, 422, "InvalidFields"),
        ({"credited_on": "2026-11-17"}, 422, "CreditedBeforePaid"),
        ({"extra": 1}, 422, "InvalidFields"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_changes(
    web: Web, invoice, changed, status, code
):
    program = await web.program("payments:act")

    answer = await program.post("/api/payments", json=ASKED | changed)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await all_payments(web) == []


async def test_without_permission_nothing_is_paid(web: Web, invoice):
    program = await web.program("payments:see")

    assert (await program.post("/api/payments", json=ASKED)).status_code == 403


async def test_a_payment_by_hand_sent_twice_pays_once(web: Web, invoice):
    browser = await web.browser("payments:see", "payments:act")
    path = f"/cobrancas/faturas/{invoice.id}/pagamento"
    form = (await browser.get(path)).text
    assert re.findall(r'value="(\d+,\d\d)"', form) == ["103,50", "3,50", "2,00"]  # to settle it
    code = re.findall(r'name="code" value="([^"]+)"', form)[0]
    typed = {"code": code, "amount": "60,50", "paid_on": "2026-11-18"}

    answers = [await browser.post(path, data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    paid = await all_payments(web)
    assert [(p.amount, p.source, p.by) for p in paid] == [(Decimal("60.50"), "hand", "ana")]
    shown = (await browser.get(path)).text
    assert "39,50" in shown
    await browser.post(f"/cobrancas/pagamentos/{paid[0].id}/estorno", data={"reason": "cheque"})
    row = (await browser.get(path)).text.partition("Estornado")[2]
    assert row.partition("·")[0].split()[-1] == "Ana"


async def test_late_charges_told_by_hand_are_no_excess(web: Web, invoice):
    browser = await web.browser("payments:see", "payments:act")
    path = f"/cobrancas/faturas/{invoice.id}/pagamento"
    typed = {"code": "h1", "amount": "104,17", "charges": "4,17", "paid_on": "2026-11-18"}

    refused = await browser.post(path, data=typed | {"charges": "104,18"})
    await browser.post(path, data=typed)

    assert 'id="e-charges"' in refused.text
    (paid,) = await all_payments(web)
    assert (paid.applied, paid.charges, paid.excess) == (
        Decimal("100.00"), Decimal("4.17"), Decimal("0.00")
    )  # fmt: skip


async def test_a_refusal_stands_beside_its_field(web: Web, invoice):
    browser = await web.browser("payments:see", "payments:act")
    path = f"/cobrancas/faturas/{invoice.id}/pagamento"

    answer = await browser.post(path, data={"code": "x", "amount": "1", "paid_on": "2026-12-01"})

    assert answer.status_code == 422
    assert 'id="e-paid_on"' in answer.text
