"""Which account to work next: what a debt can be expected to bring, and what keeps it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from rules.collection_stages import CollectionStage
from rules.recovery import BANDS, AgeBand

#: An invoice in one of these is somebody's work; in an agreement that is kept, it only waits.
WORKED = (
    CollectionStage.BROKEN,
    CollectionStage.NEGOTIATING,
    CollectionStage.IN_CONTACT,
    CollectionStage.CLASSIFIED,
)


class Aside(StrEnum):
    """Why an account is nobody's call today, the weightiest first."""

    CONTESTATION = "contestation"
    EXCEPTION = "exception"
    MARK = "mark"
    PROMISE = "promise"
    CONTACTED = "contacted"

    @property
    def place(self) -> int:
        """Its weight among the others, the least the weightiest."""
        return tuple(Aside).index(self)


@dataclass(frozen=True)
class WorklistPolicy:
    """How likely a debt of each age is paid, and what each promise that was broken leaves of it.

    `uses_observed`: what was paid of such debts counts instead, where at least so many were seen.
    """

    up_to_30_days: int = 65
    up_to_60_days: int = 45
    up_to_90_days: int = 30
    up_to_180_days: int = 18
    up_to_365_days: int = 8
    older: int = 3
    left_by_broken_promise: int = 60
    promises_within_days: int = 180
    uses_observed: bool = True
    least_invoices: int = 50

    @property
    def chances(self) -> tuple[tuple[AgeBand, int], ...]:
        """The percentage of each band of rules/recovery.py."""
        return tuple((band, getattr(self, name)) for band, name in FIELDS.items())

    @property
    def left_after(self) -> tuple[int, int, int]:
        """What of the chance is left, in per cent, after no broken promise, one, and more."""
        once = self.left_by_broken_promise
        return 100, once, once * once // 100


@dataclass(frozen=True)
class HandOutPolicy:
    """How long an account that was handed out is one person's."""

    hold_minutes: int = 15


#: The setting of each band.
FIELDS: Mapping[AgeBand, str] = dict(
    zip(
        BANDS,
        ("up_to_30_days", "up_to_60_days", "up_to_90_days", "up_to_180_days", "up_to_365_days",
         "older"),
        strict=True,
    )
)  # fmt: skip


def by_what_was_seen(policy: WorklistPolicy, seen: Mapping[AgeBand, int]) -> WorklistPolicy:
    """The policy with the percentages that were observed in the place of those that were set."""
    percents: dict[str, Any] = {FIELDS[band]: percent for band, percent in seen.items()}
    return replace(policy, **percents)


def band_of(oldest_due: date, *, today: date) -> AgeBand:
    """The age of a debt; one that is not late yet counts among the youngest."""
    late = (today - oldest_due).days
    fitting = (each for each in BANDS if each.until_days is None or late <= each.until_days)
    return next(fitting)


def chance_of(band: AgeBand, broken_promises: int, policy: WorklistPolicy) -> int:
    """The chance in per cent that a debt is paid, rounded down as the database does."""
    return dict(policy.chances)[band] * policy.left_after[min(broken_promises, 2)] // 100
