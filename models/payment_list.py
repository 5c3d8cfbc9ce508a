"""The list of payments: every one with its invoice and customer, and what of it is an excess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, literal, or_
from sqlalchemy import select as select_columns
from sqlmodel import col

from models.base import Centavos
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from models.payments import Payment


class Standing(StrEnum):
    """What became of a payment."""

    APPLIED = "applied"
    EXCESS = "excess"
    REVERSED = "reversed"


@dataclass(frozen=True)
class PaymentFilter:
    """Which payments; `until` is the last day of them."""

    search: str | None = None
    source: str | None = None
    standing: str | None = None
    since: date | None = None
    until: date | None = None


_EXCESS: Any = col(Payment.amount) - col(Payment.applied) - col(Payment.charges)
_IS_REVERSED = col(Payment.reversed_at).is_not(None)
_STANDINGS = {
    Standing.APPLIED: ~_IS_REVERSED & (_EXCESS == 0),
    Standing.EXCESS: ~_IS_REVERSED & (_EXCESS > 0),
    Standing.REVERSED: _IS_REVERSED,
}


def select_payments(wanted: PaymentFilter) -> Select[Any]:
    """Payments with what their list shows; one taken back has no excess."""
    names = ("id", "code", "invoice_id", "amount", "applied", "charges", "fine", "discount", "fee",
             "paid_on", "credited_on", "source", "at", "by", "reversed_at")  # fmt: skip
    statement: Any = (
        select_columns(
            *(col(getattr(Payment, name)).label(name) for name in names),
            (col(Payment.charges) - col(Payment.fine)).label("interest"),
            case((_IS_REVERSED, literal(Decimal(0), Centavos())), else_=_EXCESS).label("excess"),
            col(Invoice.number).label("number"),
            col(Invoice.code).label("invoice_code"),
            col(Customer.name).label("customer"),
        )
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
    )
    if wanted.standing in set(Standing):
        statement = statement.where(_STANDINGS[Standing(wanted.standing)])
    if wanted.source:
        statement = statement.where(col(Payment.source) == wanted.source)
    if wanted.since:
        statement = statement.where(col(Payment.paid_on) >= wanted.since)
    if wanted.until:
        statement = statement.where(col(Payment.paid_on) <= wanted.until)
    if wanted.search:
        statement = statement.where(_about(wanted.search))
    return statement  # type: ignore[no-any-return]


def _about(search: str) -> Any:
    return or_(
        holds(Customer.name, search),
        col(Invoice.number) == search,
        col(Invoice.code) == search,
        col(Payment.code) == search,
    )
