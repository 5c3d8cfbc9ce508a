"""What contestations come to: what became of each finding, and how old what is disputed is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.money import round_places


class Part(StrEnum):
    """What became of a finding; together they are all that was identified."""

    CONTESTED = "contested"
    RECOVERED = "recovered"
    LOST = "lost"
    UNTOUCHED = "untouched"


class Detail(StrEnum):
    """What else is told of what was contested; what came back was credited or avoided."""

    ACCEPTED = "accepted"
    CREDITED = "credited"
    AVOIDED = "avoided"


class By(StrEnum):
    """What the numbers are told by, beside carrier and month."""

    RULE = "rule"
    COST_CENTRE = "cost_centre"


class Age(StrEnum):
    """How long ago a contestation was filed, a band of days; the value stands in addresses."""

    NEW = "0-30"
    SECOND_MONTH = "31-60"
    THIRD_MONTH = "61-90"
    OLDER = "91+"


class AnswerTime(StrEnum):
    """How many days a carrier's answer took, a band each; the value stands in addresses."""

    SOON = "0-10"
    SECOND = "11-20"
    IN_TIME = "21-30"
    LATE = "31+"
    NONE = "sem"


#: The first and last day of each band; None: without end. NONE has no answer yet.
ANSWER_BANDS: dict[AnswerTime, tuple[int, int | None]] = {
    AnswerTime.SOON: (0, 10),
    AnswerTime.SECOND: (11, 20),
    AnswerTime.IN_TIME: (21, 30),
    AnswerTime.LATE: (31, None),
}


#: The first and last day of age in each band; None: without end.
_BANDS: dict[Age, tuple[int, int | None]] = {
    Age.NEW: (0, 30),
    Age.SECOND_MONTH: (31, 60),
    Age.THIRD_MONTH: (61, 90),
    Age.OLDER: (91, None),
}


@dataclass(frozen=True)
class Span:
    """The days on which what is in a band began; None: at any time before."""

    first: date | None
    last: date


def span_of(age: Age, *, today: date) -> Span:
    """The days on which a contestation of that age was filed."""
    least, most = _BANDS[age]
    first = None if most is None else today - timedelta(days=most)
    return Span(first, today - timedelta(days=least))


def success_percent(*, recovered: Decimal, lost: Decimal) -> Decimal | None:
    """How much of what came to an end came back; None while nothing did."""
    ended = recovered + lost
    return round_places(recovered * 100 / ended, places=1) if ended else None
