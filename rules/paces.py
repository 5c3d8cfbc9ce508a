"""How often something may be tried within a minute: this minute's tries and what is left of the
last one's, so that the turn of a minute forgives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Pace:
    """So many tries a minute."""

    most: int


@dataclass(frozen=True)
class Tries:
    """How often something was tried in the present minute and in the one before."""

    now: int = 0
    before: int = 0


def minute_of(at: datetime) -> datetime:
    """The minute that an instant lies in."""
    return at.replace(second=0, microsecond=0)


def allows(pace: Pace, tries: Tries, *, at: datetime) -> bool:
    """Whether one more try is no more than the pace allows in the minute that ends now."""
    left = MINUTE - (at - minute_of(at))
    counted = tries.now + tries.before * (left / MINUTE)
    return counted + 1 <= pace.most
