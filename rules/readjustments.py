"""The life of a readjustment: it waits for its index, is decided, told, and reprices charges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class ReadjustmentStage(StrEnum):
    """Where a readjustment stands."""

    WAITING = "waiting"
    ASKED = "asked"
    TOLD = "told"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        return self in {
            ReadjustmentStage.TOLD,
            ReadjustmentStage.KEPT,
            ReadjustmentStage.WITHDRAWN,
        }


class ReadjustmentStep(StrEnum):
    """What happens to a readjustment by itself."""

    DECIDE = "decide"


@dataclass(frozen=True)
class ReadjustmentPolicy:
    """What customers are told before a price changes."""

    notice_days: int = 30


@dataclass(frozen=True)
class DecideReadjustment:
    """The index fell: a person says whether the price does."""

    by: str
    reduce: bool
    ip: str = ""
    kind: Literal["decide_readjustment"] = "decide_readjustment"


def month_of(day: date) -> date:
    """The month of a readjustment: the index looks at the months before it."""
    return day.replace(day=1)


def is_change(before: Decimal, after: Decimal) -> bool:
    """Whether customers have to be told."""
    return before != after
