"""Pro-rata by real days: the cost of a part of a period, and the days within or beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.money import prorate


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


def charge_for_use(amount: Decimal, *, period: Period, used: Iterable[Period]) -> Decimal:
    """This will charge the days of the period that lie in any of the stretches used."""
    return prorate(amount, used_days=days_within(period, used), period_days=period.days)


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
