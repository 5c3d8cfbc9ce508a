"""Due instants in business time, with all that they were computed from.

Kept with the instant, that explains it, and says later whether another version of the calendar
would give another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.business_days import Calendar, closing


@dataclass(frozen=True)
class Due:
    """The end of the day so many business days after another, by the version of a calendar."""

    at: datetime
    since: datetime
    business_days: int
    calendar: str
    version: str


def due_after(since: datetime, *, business_days: int, calendar: Calendar) -> Due:
    """This will give the instant of rules.business_days.closing, and what it was computed from."""
    at = closing(since, business_days=business_days, calendar=calendar)
    return Due(at, since, business_days, calendar.code, calendar.version)
