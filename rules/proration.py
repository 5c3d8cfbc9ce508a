"""Pro-rata by real days: what is charged for a part of a period, and what a change costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from rules.money import ZERO, prorate, prorate_parts


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days; until is exclusive. An empty or reversed one is a ValueError."""

    start: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.start:
            raise ValueError(f"no days from {self.start} until {self.until}")

    @property
    def days(self) -> int:
        """How many calendar days it has."""
        return (self.until - self.start).days

    @property
    def last_day(self) -> date:
        """The day before `until`."""
        return self.until - timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """A part of a period and what it costs."""

    period: Period
    amount: Decimal


@dataclass(frozen=True)
class Difference:
    """What a change in the middle of a period gives back of the old price and asks of the new."""

    credit: Decimal
    debit: Decimal

    @property
    def owed(self) -> Decimal:
        """What the customer still owes for the period; below zero, what is owed to the customer."""
        return self.debit - self.credit


def split_period(amount: Decimal, *, period: Period, at: Iterable[date]) -> list[Part]:
    """This will cut a period at days within it, each the first of a new part, and price the parts.

    The last part is the whole less the others, so the parts cost what the period does, to the
    cent. Days outside the period, its first included, cut nothing.
    """
    cuts = sorted({day for day in at if period.start < day < period.until})
    edges = (period.start, *cuts, period.until)
    periods = [Period(start, until) for start, until in pairwise(edges)]
    amounts = prorate_parts(amount, part_days=[part.days for part in periods])
    return [Part(part, share) for part, share in zip(periods, amounts, strict=True)]


def charge_for_use(amount: Decimal, *, period: Period, used: Iterable[Period]) -> Decimal:
    """This will charge the days of the period that lie in any of the stretches used."""
    return prorate(amount, used_days=days_within(period, used), period_days=period.days)


def credit_for_days(amount: Decimal, *, period: Period, lost: Iterable[Period]) -> Decimal:
    """This will give back the days of the period that were lost, blocked or suspended.

    It is what the days used leave of the amount: charge and credit add up to it.
    """
    used_days = period.days - days_within(period, lost)
    return amount - prorate(amount, used_days=used_days, period_days=period.days)


def price_change(old: Decimal, *, new: Decimal, period: Period, on: date) -> Difference:
    """This will price a change of plan on a day of a period that was charged ahead.

    From that day on the old price is given back and the new one owed. On or before the first day
    the whole period changes; from its end on, nothing does.
    """
    if on >= period.until:
        return Difference(credit=ZERO, debit=ZERO)
    credit = split_period(old, period=period, at=[on])[-1].amount
    debit = split_period(new, period=period, at=[on])[-1].amount
    return Difference(credit=credit, debit=debit)


def days_within(period: Period, stretches: Iterable[Period]) -> int:
    """This will count the days of the period that lie in any stretch, each once."""
    counted, reached = 0, period.start
    for stretch in sorted(stretches):
        start, until = max(stretch.start, reached), min(stretch.until, period.until)
        if until > start:
            counted, reached = counted + (until - start).days, until
    return counted


def days_beside(period: Period, stretches: Iterable[Period]) -> list[Period]:
    """This will give the parts of the period that lie in none of the stretches, in order."""
    left, reached = [], period.start
    for stretch in sorted(stretches):
        if reached < min(stretch.start, period.until):
            left.append(Period(reached, min(stretch.start, period.until)))
        reached = max(reached, stretch.until)
    return [*left, Period(reached, period.until)] if reached < period.until else left
