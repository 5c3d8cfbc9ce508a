"""Statements by page, PDF, CSV and program: of a customer, and of a contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from activities.payments import NewPayment, record_payment
from models.charges import Charge
from models.people import AuditEntry
from tests.builders import AT, a_contract, a_customer, an_invoice
from tests.support.pdf import is_accessible, words_of
from tests.support.web import Web

ALL = ("invoices:see", "payments:see")


@pytest.fixture
async def customer(web: Web):
    """Two invoices, one of a contract and one of none; the first is paid with late charges."""
    async with web.database.write() as session:
        someone = await a_customer(session)
        contract = await a_contract(session, someone, code="K7")
        first = await an_invoice(
            session, someone, number="2026-1", contract_id=contract.id,
            issue_date=date(2026, 9, 20),
        )  # fmt: skip
        await an_invoice(session, someone, "60.00", number="2026-2", due_date=date(2026, 11, 5))
        session.add(
            Charge(
                key="k/1", contract_id=contract.id or 0, customer_id=someone.id or 0, kind="period",
                description="Fibra 500 Mega", issue_date=date(2026, 9, 20),
                due_date=date(2026, 10, 5), amount=Decimal("100.00"), status="invoiced",
                invoice_id=first.id, created_at=AT, created_by="system",
            )
        )  # fmt: skip
        session.add(
            Charge(
                key="k/2", contract_id=contract.id or 0, customer_id=someone.id or 0, kind="period",
                description="Fibra 500 Mega", issue_date=date(2026, 12, 20),
                due_date=date(2027, 1, 5), amount=Decimal("100.00"), discount=Decimal("10.00"),
                status="open", created_at=AT, created_by="system",
            )
        )  # fmt: skip
        paid = NewPayment(
            "P1", first.key, Decimal("104.00"), date(2026, 10, 20), charges=Decimal("4.00")
        )
        await record_payment(session, paid, by="ana", at=AT)
        return someone


async def test_a_program_reads_both(web: Web, customer):
    program = await web.program(*ALL)

    whole = (await program.get(f"/api/customers/{customer.id}/statement")).json()
    contract = (await program.get("/api/contracts/1/statement")).json()
    late = await program.get(
        f"/api/customers/{customer.id}/statement", params={"since": "2026-11-01"}
    )
    turned = await program.get(
        f"/api/customers/{customer.id}/statement",
        params={"since": "2026-11-02", "until": "2026-11-01"},
    )

    assert (whole["balance"], whole["debits"], whole["credits"]) == ("60.00", "164.00", "104.00")
    assert [line["entry"] for line in whole["lines"]] == [
        "invoice", "charge", "late_charges", "payment", "invoice"
    ]  # fmt: skip
    assert (contract["balance"], contract["to_be_billed"]) == ("0.00", "90.00")
    assert [line["entry"] for line in late.json()["lines"]] == ["before", "invoice"]
    assert turned.json()["code"] == "StatementDaysTurned"
    assert (await program.get("/api/customers/99/statement")).status_code == 404
    assert (await program.get("/api/contracts/99/statement")).status_code == 404


async def test_a_person_reads_it_on_the_page_on_paper_and_in_a_table(web: Web, customer):
    browser = await web.browser(*ALL)
    path = f"/cobrancas/contas/{customer.id}/extrato"

    shown = (await browser.get(path)).text
    of_contract = (await browser.get("/contratos/1/extrato?desde=2026-09-01&ate=2026-09-30")).text
    csv = await browser.get(f"{path}?formato=csv")
    pdf = await browser.get(f"{path}?formato=pdf&desde=2026-01-01")

    assert "Multa e juros da fatura 2026-1" in shown
    assert "Fibra 500 Mega" in shown
    assert "Pagamento da fatura" not in of_contract
    lines = csv.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "Data;Lançamento;Vencimento;Valor;Débito;Crédito;Saldo"
    assert len(lines) == 6
    assert "extrato-C" in csv.headers["content-disposition"]
    words = words_of(pdf.content)
    assert "Pagamento da fatura 2026-1" in words
    assert "***.982.247-**" in words
    assert is_accessible(pdf.content)
    async with web.database.read() as session:
        assert "statement.document" in list(await session.exec(select(AuditEntry.action)))


@pytest.mark.parametrize("held", [("invoices:see",), ("payments:see",)])
async def test_both_permissions_are_needed(web: Web, customer, held):
    browser = await web.browser(*held)

    assert (await browser.get(f"/cobrancas/contas/{customer.id}/extrato")).status_code == 403
