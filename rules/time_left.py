"""How long a stretch of working time is, as people count it: whole business days and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.business_days import (
    ONE_DAY,
    Calendar,
    add_business_seconds,
    business_seconds_between,
    deadline,
    is_business_day,
    local_date,
)


@dataclass(frozen=True)
class Span:
    """Whole days, and the seconds beyond them."""

    days: int
    seconds: int


def in_business_days(seconds: int, *, since: datetime, calendar: Calendar) -> Span:
    """This will tell so much working time from an instant on in business days of its calendar.

    A day goes from an hour to the same hour of the next business day, as rules.business_days
    counts them; what is left after the last whole one is told in working time.
    """
    until = add_business_seconds(since, seconds=seconds, calendar=calendar)
    days = _business_days(since, until, calendar)
    if days and deadline(since, business_days=days, calendar=calendar) > until:
        days -= 1
    begins = deadline(since, business_days=days, calendar=calendar)
    return Span(days, business_seconds_between(begins, end=until, calendar=calendar))


def in_days(seconds: int) -> Span:
    """The same of time that passes at any hour."""
    return Span(*divmod(seconds, 24 * 3600))


def _business_days(since: datetime, until: datetime, calendar: Calendar) -> int:
    """How many begin after the day of the start, the last one included."""
    first, last = (local_date(each, zone=calendar.time_zone) for each in (since, until))
    ahead = (first + ONE_DAY * n for n in range(1, (last - first).days + 1))
    return sum(is_business_day(day, calendar=calendar) for day in ahead)
