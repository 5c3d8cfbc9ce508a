"""The dates of a dunning ladder: offsets in calendar days, which stand still while it is paused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.business_days import Calendar, add_business_days, next_business_day


@dataclass(frozen=True)
class Pause:
    """Days on which no step runs: `since` is the first, `until` the day after the last.

    `until` None: nobody knows yet. `reason` is a PauseReason of rules/ladder.py.
    """

    since: date
    until: date | None = None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Whether it is on that day."""
        return self.since <= day and (self.until is None or day < self.until)


def shifted(anchor: date, days: int, pauses: Iterable[Pause]) -> date | None:
    """This will give the day that is so many days after the anchor, paused days not counted.

    The day itself is never a paused one; None while a pause before it has no end. A negative
    offset counts back plainly: only a pause on the very day moves it.
    """
    start = anchor + timedelta(days=min(days, 0))
    day = start + timedelta(days=max(days, 0))
    for since, until in _merged(pauses):
        if since > day:
            break
        if until is None:
            return None
        if until > start:
            day += until - max(since, start)
    return day


def known_from(due_date: date, *, clearing_days: int, calendar: Calendar) -> date:
    """This will give the day on which it is known whether the invoice was paid in time.

    It may be paid without charges until the next business day, and the bank's file tells of it so
    many business days later: whoever paid then is not to be called late.
    """
    free_until = next_business_day(due_date, calendar=calendar)
    return add_business_days(free_until, days=clearing_days, calendar=calendar)


def _merged(pauses: Iterable[Pause]) -> list[tuple[date, date | None]]:
    """In order, and no day in two of them."""
    merged: list[tuple[date, date | None]] = []
    for pause in sorted(pauses, key=lambda each: each.since):
        if pause.until is not None and pause.until <= pause.since:
            continue
        last = merged[-1] if merged else None
        if last is None or (last[1] is not None and last[1] < pause.since):
            merged.append((pause.since, pause.until))
        elif last[1] is not None:
            until = None if pause.until is None else max(last[1], pause.until)
            merged[-1] = (last[0], until)
    return merged
