"""Many deadlines in working time at once: stretches of a calendar as columns, summed up once.

The same answers as rules/business_days.add_business_seconds gives one by one, which is the rule;
this is only faster: an instant is looked up, its seconds added to the sum, the sum looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from rules.business_days import (
    ONE_DAY,
    Calendar,
    NoWorkingHours,
    local_date,
    working_stretches,
)

Seconds = NDArray[np.int64]
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class WorkingTime:
    """The stretches of a calendar between two days, as seconds since 1970, and their sums.

    `worked` has one value more than there are stretches: the working time before each, and all.
    """

    opens: Seconds
    closes: Seconds
    worked: Seconds

    def due(self, starts: Seconds, seconds: Seconds) -> Seconds:
        """This will give the instants at which so much working time has passed.

        Starts must not lie before the first stretch's day; `reaches` says whether all fit.
        """
        first = np.searchsorted(self.closes, starts, side="right")
        begun = np.maximum(starts - self.opens[first], 0)
        total = self.worked[first] + begun + seconds
        last = np.maximum(np.searchsorted(self.worked[1:], total, side="left"), first)
        due: Seconds = self.opens[last] + total - self.worked[last]
        return due

    def reaches(self, starts: Seconds, seconds: Seconds) -> bool:
        """Whether the stretches are enough for the latest of these deadlines."""
        first = np.searchsorted(self.closes, starts, side="right")
        if first.max() >= len(self.opens):
            return False
        begun = np.maximum(starts - self.opens[first], 0)
        return bool((self.worked[first] + begun + seconds).max() <= self.worked[-1])


def deadlines(
    starts: Sequence[datetime], *, seconds: Sequence[int], calendar: Calendar
) -> list[datetime]:
    """This will give the deadline of each start: so many seconds of working time after it.

    Fractions of a second are dropped. Refuses a calendar without hours (NoWorkingHours).
    """
    if not starts:
        return []
    began = np.fromiter((int(start.timestamp()) for start in starts), np.int64, len(starts))
    due = due_instants(began, np.asarray(seconds, np.int64), calendar=calendar)
    return [datetime.fromtimestamp(each, UTC) for each in due.tolist()]


def due_instants(starts: Seconds, seconds: Seconds, *, calendar: Calendar) -> Seconds:
    """This will do the same for columns of seconds since 1970."""
    since = local_date(datetime.fromtimestamp(int(starts.min()), UTC), zone=calendar.time_zone)
    ahead = timedelta(seconds=int(starts.max() - starts.min())) + YEAR
    time = working_time(since - ONE_DAY, until=since + ahead, calendar=calendar)
    while not time.reaches(starts, seconds):
        ahead *= 2
        time = working_time(since - ONE_DAY, until=since + ahead, calendar=calendar)
    return time.due(starts, seconds)


def working_time(since: date, *, until: date, calendar: Calendar) -> WorkingTime:
    """This will lay out the stretches from one day to another. Refuses NoWorkingHours."""
    if not calendar.windows:
        raise NoWorkingHours
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    stretches = [
        (int(opens.timestamp()), int(closes.timestamp()))
        for day in days
        for opens, closes in working_stretches(day, calendar)
    ]
    columns = np.array(stretches, np.int64).reshape(-1, 2)
    opens, closes = columns[:, 0], columns[:, 1]
    return WorkingTime(opens, closes, np.concatenate(([0], np.cumsum(closes - opens))))
