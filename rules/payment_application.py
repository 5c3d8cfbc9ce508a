"""What an invoice takes of payments: discounts for paying in time, tolerances, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.business_days import Calendar, next_business_day
from rules.money import ZERO


@dataclass(frozen=True)
class OnTimeDiscount:
    """What paying all that is owed by a day takes off it."""

    amount: Decimal = ZERO
    last_day: date = date.min


NO_DISCOUNT = OnTimeDiscount()


def on_time_discount(amount: Decimal, *, due_date: date, calendar: Calendar) -> OnTimeDiscount:
    """This will offer a discount until the due date, or the business day after it."""
    if not amount:
        return NO_DISCOUNT
    return OnTimeDiscount(amount, next_business_day(due_date, calendar=calendar))


@dataclass(frozen=True)
class Paid:
    """An amount that came in, less what of it are late charges, and when it was paid."""

    amount: Decimal
    on: date


@dataclass(frozen=True)
class Taken:
    """What an invoice took of a payment, and what it forgave for being paid in time."""

    applied: Decimal
    discount: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """How much less the invoice owes."""
        return self.applied + self.discount


@dataclass(frozen=True)
class Application:
    """What an invoice took of each payment, in their order, and what it still owes."""

    taken: tuple[Taken, ...]
    left: Decimal


def take(
    paid: Paid,
    *,
    owed: Decimal,
    offer: OnTimeDiscount = NO_DISCOUNT,
    tolerance: Decimal = ZERO,
) -> Taken:
    """This will let an invoice take of a payment no more than settles it; the rest is an excess.

    The discount is forgiven by the payment that brings all that is owed less the discount, and
    only in time; a part of it forgives nothing. What no more than the tolerance is then missing of
    is forgiven too.
    """
    forgiven = min(offer.amount, owed) if paid.on <= offer.last_day else ZERO
    missing = max(owed - forgiven - paid.amount, ZERO)
    if missing > tolerance:
        return Taken(paid.amount)
    return Taken(owed - forgiven - missing, forgiven + missing)


def told_discount(taken: Taken) -> dict[str, str]:
    """This will give what an invoice's history adds of a payment that was forgiven something."""
    return {"discount": str(taken.discount)} if taken.discount else {}


def apply_payments(
    owed: Decimal,
    payments: Sequence[Paid],
    *,
    offer: OnTimeDiscount = NO_DISCOUNT,
    tolerance: Decimal = ZERO,
) -> Application:
    """This will let an invoice take payments in their order until nothing is owed.

    What comes after, or exceeds it, is an excess: the invoice never owes less than zero.
    """
    taken = []
    for paid in payments:
        taken.append(take(paid, owed=owed, offer=offer, tolerance=tolerance))
        owed -= taken[-1].total
    return Application(tuple(taken), owed)
