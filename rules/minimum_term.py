"""Minimum term (fidelidade): what leaving early costs, by the days that are left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.business_days import months_end
from rules.money import ZERO, prorate


@dataclass(frozen=True)
class MinimumTerm:
    """What the customer agreed to stay, and the whole fee for leaving on the first day."""

    start: date
    months: int
    fee: Decimal

    @property
    def until(self) -> date:
        """The first day on which leaving is free."""
        return months_end(self.start, months=self.months)


@dataclass(frozen=True)
class EarlyCancellation:
    """The fee and how it came about: so many days left of so many."""

    fee: Decimal
    days_left: int
    term_days: int


def early_cancellation(term: MinimumTerm | None, *, cancelled_on: date) -> EarlyCancellation:
    """This will give the fee x days left / days of the term, half up; none without a term.

    The day of cancellation is already left. Before the start the whole fee is owed, from the
    term's end on nothing.
    """
    if term is None or term.months == 0:
        return EarlyCancellation(fee=ZERO, days_left=0, term_days=0)
    term_days = (term.until - term.start).days
    left = min(max((term.until - cancelled_on).days, 0), term_days)
    fee = prorate(term.fee, used_days=left, period_days=term_days)
    return EarlyCancellation(fee=fee, days_left=left, term_days=term_days)
