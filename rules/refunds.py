"""What goes back of what was paid without being due: in double, corrected, with interest.

CDC, art. 42, sole paragraph, and the RGC (Resolução 765/2023): twice what was paid, with monetary
correction and interest by the day, both until the money is given back. The correction follows the
index as the courts' tables do: whole months, from that of the payment to the one before the refund;
a fall counts, but never below what was paid (STJ, Corte Especial, REsp 1.265.580).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.business_days import add_months
from rules.late_charges import DAYS_OF_COMMERCIAL_MONTH
from rules.money import ZERO, round_half_up

ONE = Decimal(1)
#: What an index did in a month, in per cent, by the month's first day.
Rates = Mapping[date, Decimal]


@dataclass(frozen=True)
class Overpaid:
    """What was paid and not due: how much, when, and how many times it goes back."""

    amount: Decimal
    paid_on: date
    times: int


@dataclass(frozen=True)
class Refund:
    """What is given back on a day. `missing` are the months whose rate is not known yet."""

    principal: Decimal
    correction: Decimal
    interest: Decimal
    missing: tuple[date, ...] = ()

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.principal + self.correction + self.interest


def refund_of(
    overpaid: Overpaid, *, day: date, interest_percent: Decimal | int, rates: Rates
) -> Refund:
    """This will give what goes back if it is given back on a day.

    Interest is simple, on the corrected amount, a thirtieth of the month's for each day after the
    payment. A month whose rate is not known corrects nothing until it is: nothing is guessed.
    """
    principal = overpaid.amount * overpaid.times
    factor, missing = growth(overpaid.paid_on, day, rates)
    correction = round_half_up(principal * (factor - ONE))
    days = max((day - overpaid.paid_on).days, 0)
    part = interest_part(interest_percent, days=days)
    interest = round_half_up((principal + correction) * part) if principal else ZERO
    return Refund(principal, correction, interest, missing)


def growth(paid_on: date, day: date, rates: Rates) -> tuple[Decimal, tuple[date, ...]]:
    """This will give what one real became by a day, never less, and the months not known."""
    factor, missing = ONE, []
    for month in _months(paid_on, day):
        if month in rates:
            factor *= ONE + rates[month] / 100
        else:
            missing.append(month)
    return max(factor, ONE), tuple(missing)


def interest_part(percent: Decimal | int, *, days: int) -> Decimal:
    """Which part of an amount its simple interest of so many days is, by the month's per cent."""
    return Decimal(percent) * days / DAYS_OF_COMMERCIAL_MONTH / 100


def _months(paid_on: date, day: date) -> Iterator[date]:
    month, last = paid_on.replace(day=1), day.replace(day=1)
    while month < last:
        yield month
        month = add_months(month, months=1)
