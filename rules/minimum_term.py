"""Minimum term (fidelidade): what leaving early costs, and when its end is told.

The customer hears of it at least thirty days before (RGC, Resolução Anatel 765/2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.business_days import add_months, months_end
from rules.money import ZERO, prorate

#: Short months move a day by no more than this.
_SLACK = timedelta(days=3)


@dataclass(frozen=True)
class MinimumTermPolicy:
    """How long before its end customers are told; a letter may wait some days for its hours."""

    notice_days: int = 35


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


def is_to_be_told(term: MinimumTerm, *, today: date, policy: MinimumTermPolicy) -> bool:
    """Whether the end is near; what is over already is told to nobody."""
    return today < term.until <= today + timedelta(days=policy.notice_days)


def starts_near(months: int, *, today: date, policy: MinimumTermPolicy) -> tuple[date, date]:
    """Between which days a term of so many months began, if its end is near: some more than is."""
    last = today + timedelta(days=policy.notice_days)
    return add_months(today, months=-months) - _SLACK, add_months(last, months=-months) + _SLACK


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
