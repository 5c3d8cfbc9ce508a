"""Payments: money that came in for an invoice, each known by a code that is never taken twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.invoices import Invoice
from rules.late_charges import PrincipalPaid
from rules.refusals import Refusal


class PaymentNotFound(Refusal):
    message = "Este pagamento não existe."


class PaidInvoiceNotFound(Refusal):
    message = "A fatura %(invoice)s não existe. Confira o código."
    field = "invoice"


class Payment(SQLModel, table=True):
    """Money received. `credited_on` is when it was at hand: legal clocks count from it.

    `applied` is what the invoice took of the amount; the rest is an excess, owed to the customer.
    `discount` is what the invoice forgave beside it, for being paid in time; `charges` what of the
    amount is fine and interest, of which `fine` is the fine where that was told; `fee` what the
    bank kept for collecting it.
    """

    __tablename__ = "payments"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=60)
    invoice_id: int = reference("invoices.id")
    amount: Decimal = money()
    applied: Decimal = money()
    discount: Decimal = money(Decimal(0))
    charges: Decimal = money(Decimal(0))
    fine: Decimal = money(Decimal(0))
    fee: Decimal = money(Decimal(0))
    paid_on: date
    credited_on: date
    source: str = Field(max_length=10, description="rules.payments.PaymentSource")
    at: datetime = instant()
    by: str = Field(max_length=60)
    reversed_at: datetime | None = instant(None)
    reversed_by: str | None = Field(default=None, max_length=60)
    reversal_reason: str = Field(default="", max_length=300)

    @property
    def interest(self) -> Decimal:
        """What of the late charges is no fine; all of it where nobody told them apart."""
        return self.charges - self.fine

    @property
    def excess(self) -> Decimal:
        """What was paid beyond what the invoice owed with its late charges."""
        return self.amount - self.applied - self.charges


async def payment_of(session: AsyncSession, payment_id: int) -> Payment:
    """This will read one payment. Raises PaymentNotFound."""
    payment = await session.get(Payment, payment_id)
    if payment is None:
        raise PaymentNotFound
    return payment


async def payment_with_code(session: AsyncSession, code: str) -> Payment | None:
    """The payment that was recorded under this code, if it was."""
    return (await session.exec(select(Payment).where(Payment.code == code))).one_or_none()


async def payments_of(session: AsyncSession, invoice_id: int) -> Sequence[Payment]:
    """Every payment of an invoice, reversed ones too, in the order they were recorded."""
    statement = select(Payment).where(Payment.invoice_id == invoice_id).order_by(col(Payment.id))
    return (await session.exec(statement)).all()


async def live_payments_of(session: AsyncSession, invoice_id: int) -> Sequence[Payment]:
    """The payments of an invoice that still count, in the order they were recorded."""
    return [p for p in await payments_of(session, invoice_id) if p.reversed_at is None]


async def principal_paid(
    session: AsyncSession, invoice_ids: Collection[int]
) -> dict[int, list[PrincipalPaid]]:
    """What the payments that still count took off each of these invoices, in the order they were
    recorded."""
    columns = (Payment.invoice_id, Payment.paid_on, Payment.applied, Payment.charges)
    statement: Any = (
        select(*(col(each) for each in columns))
        .where(col(Payment.invoice_id).in_(invoice_ids), col(Payment.reversed_at).is_(None))
        .order_by(col(Payment.id))
    )
    found: dict[int, list[PrincipalPaid]] = defaultdict(list)
    for invoice_id, paid_on, applied, charges in await session.exec(statement):
        found[invoice_id].append(PrincipalPaid(paid_on, applied, charges))
    return found


async def unexplained(session: AsyncSession, invoice: Invoice) -> Decimal:
    """How much of what an invoice no longer owes no payment accounts for: an import said so."""
    live = await live_payments_of(session, invoice.key)
    explained = sum((p.applied + p.discount for p in live), Decimal(0))
    return invoice.amount - invoice.open_amount - explained


async def forgiven(session: AsyncSession, invoice_ids: Collection[int]) -> Decimal:
    """What these invoices forgave altogether for being paid in time."""
    statement = select(func.sum(Payment.discount)).where(
        col(Payment.invoice_id).in_(invoice_ids), col(Payment.reversed_at).is_(None)
    )
    return (await session.exec(statement)).one() or Decimal(0)


async def read_invoice(session: AsyncSession, invoice_id: int) -> Invoice:
    """This will read an invoice whose payments are shown. Raises PaidInvoiceNotFound."""
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None:
        raise PaidInvoiceNotFound(invoice=invoice_id)
    return invoice


async def lock_paid_invoice(session: AsyncSession, invoice_id: int) -> Invoice:
    """This will read an invoice for paying it. Raises PaidInvoiceNotFound."""
    statement = select(Invoice).where(Invoice.id == invoice_id).with_for_update()
    invoice = (await session.exec(statement)).one_or_none()
    if invoice is None:
        raise PaidInvoiceNotFound(invoice=invoice_id)
    return invoice


async def invoice_id_of(session: AsyncSession, code: str) -> int:
    """The identity of the invoice with this code. Raises PaidInvoiceNotFound."""
    found = (await session.exec(select(Invoice.id).where(Invoice.code == code))).one_or_none()
    if found is None:
        raise PaidInvoiceNotFound(invoice=code)
    return found
