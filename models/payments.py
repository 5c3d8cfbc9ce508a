"""Payments: money that came in for an invoice, each known by a code that is never taken twice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel

from models.base import identity, instant, money, reference


class Payment(SQLModel, table=True):
    """Money received. `credited_on` is when it was at hand: legal clocks count from it."""

    __tablename__ = "payments"

    id: int | None = identity()
    code: str = Field(unique=True, max_length=60)
    invoice_id: int = reference("invoices.id")
    amount: Decimal = money()
    paid_on: date
    credited_on: date
    source: str = Field(max_length=10, description="api, csv or hand")
    at: datetime = instant()
    by: str = Field(max_length=60)
    reversed_at: datetime | None = instant(None)
