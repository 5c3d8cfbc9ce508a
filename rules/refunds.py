"""What goes back of what was paid without being due: in double, corrected, with interest.

CDC, art. 42, sole paragraph, and the RGC (Resolução 765/2023): twice what was paid, with monetary
correction (rules/correction.py) and interest by the day, both until the money is given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.correction import ONE, Rates, growth
from rules.late_charges import DAYS_OF_COMMERCIAL_MONTH
from rules.money import ZERO, round_half_up


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


def refund_of_all(
    overpaid: Sequence[Overpaid], *, day: date, interest_percent: Decimal | int, rates: Rates
) -> Refund:
    """This will give what goes back of several payments, each counted from its own day."""
    found = [
        refund_of(each, day=day, interest_percent=interest_percent, rates=rates)
        for each in overpaid
    ]
    return Refund(
        sum((each.principal for each in found), ZERO),
        sum((each.correction for each in found), ZERO),
        sum((each.interest for each in found), ZERO),
        tuple(sorted({month for each in found for month in each.missing})),
    )


def interest_part(percent: Decimal | int, *, days: int) -> Decimal:
    """Which part of an amount its simple interest of so many days is, by the month's per cent."""
    return Decimal(percent) * days / DAYS_OF_COMMERCIAL_MONTH / 100
