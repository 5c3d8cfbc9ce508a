"""How long a stretch of working time is, as people count it: whole business days and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rules.business_days import (
    ONE_DAY,
    Calendar,
    add_business_seconds,
    at_local_time,
    business_seconds_between,
    deadline,
    is_business_day,
    local_date,
    working_stretches,
)


@dataclass(frozen=True)
class Span:
    """Whole days, and the seconds beyond them."""

    days: int
    seconds: int


def in_business_days(seconds: int, *, since: datetime, calendar: Calendar) -> Span:
    """This will tell so much working time from an instant on in business days of its calendar.

    A day goes from an hour to the same hour of the next business day, as rules.business_days
    counts them, and a day that has not begun is whole; what is left after the last whole one is
    told in working time.
    """
    until = add_business_seconds(since, seconds=seconds, calendar=calendar)
    since = _begun(since, calendar)
    days = _business_days(since, until, calendar)
    if days and deadline(since, business_days=days, calendar=calendar) > until:
        days -= 1
    begins = deadline(since, business_days=days, calendar=calendar)
    return Span(days, business_seconds_between(begins, end=until, calendar=calendar))


def in_days(seconds: int) -> Span:
    """The same of time that passes at any hour."""
    return Span(*divmod(seconds, 24 * 3600))


def _begun(since: datetime, calendar: Calendar) -> datetime:
    """The instant itself once the working day has begun; before that, the end of the day before."""
    zone = calendar.time_zone
    day = local_date(since, zone=zone)
    stretches = working_stretches(day, calendar)
    if stretches and stretches[0][0] < since:
        return since
    return at_local_time(day, at=time.min, zone=zone) - timedelta(seconds=1)


def _business_days(since: datetime, until: datetime, calendar: Calendar) -> int:
    """How many begin after the day of the start, the last one included."""
    first, last = (local_date(each, zone=calendar.time_zone) for each in (since, until))
    ahead = (first + ONE_DAY * n for n in range(1, (last - first).days + 1))
    return sum(is_business_day(day, calendar=calendar) for day in ahead)
