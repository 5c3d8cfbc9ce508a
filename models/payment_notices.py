"""Notices of payment that were posted to us: one row each, however often it came."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.invoices import Invoice


class PaymentNotice(SQLModel, table=True):
    """A notice and what became of it. `key` is its own id, or for what is not believed its address.

    `told_invoice` is what its sender calls the invoice, `times` is how often it came, `last_at`
    when it did last; `digest` tells its content.
    """

    __tablename__ = "payment_notices"
    __table_args__ = (Index("ix_payment_notices_outcome", "outcome", "id"),)

    id: int | None = identity()
    key: str = Field(unique=True, max_length=80)
    event_id: str = Field(default="", max_length=45)
    outcome: str = Field(max_length=10)
    digest: str = Field(default="", max_length=64)
    told_invoice: str = Field(default="", max_length=40)
    amount: Decimal | None = money(None)
    paid_on: date | None = None
    invoice_id: int | None = reference("invoices.id", nullable=True, index=False)
    payment_id: int | None = reference("payments.id", nullable=True, index=False)
    message: str = Field(default="", max_length=300)
    places: dict[str, Any] = facts()
    ip: str = Field(default="", max_length=45)
    times: int = 1
    at: datetime = instant()
    last_at: datetime = instant()


async def notice_with(session: AsyncSession, key: str) -> PaymentNotice | None:
    """The notice of this key, locked; None the first time."""
    statement = select(PaymentNotice).where(PaymentNotice.key == key).with_for_update()
    return (await session.exec(statement)).one_or_none()


def select_notices(*, outcome: str | None, search: str | None) -> Select[Any]:
    """Every notice with what its list shows."""
    names = ("id", "event_id", "outcome", "told_invoice", "amount", "paid_on", "invoice_id",
             "message", "places", "ip", "times", "at", "last_at")  # fmt: skip
    statement: Any = select_columns(
        *(col(getattr(PaymentNotice, name)).label(name) for name in names),
        col(Invoice.number).label("number"),
        col(Invoice.code).label("invoice_code"),
    ).outerjoin(Invoice, col(Invoice.id) == col(PaymentNotice.invoice_id))
    if outcome:
        statement = statement.where(col(PaymentNotice.outcome) == outcome)
    if search:
        statement = statement.where(
            (col(PaymentNotice.event_id) == search)
            | (col(PaymentNotice.told_invoice) == search)
            | (col(Invoice.code) == search)
        )
    return statement  # type: ignore[no-any-return]
