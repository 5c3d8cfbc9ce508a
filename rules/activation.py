"""The activation of a contract: promised by its SLA table, reminded of, breached, done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from rules.clock_reminders import ClockMark
from rules.refusals import Refusal


class ActivationStage(StrEnum):
    """Where an activation stands."""

    AWAITING = "awaiting"
    ACTIVATED = "activated"
    CANCELLED = "cancelled"


class ActivationStep(StrEnum):
    """What happens to an activation by itself."""

    REMIND = "remind"
    BREACH = "breach"
    ESCALATE = "escalate"


#: What the steps of the promise are called.
STEPS = {
    ClockMark.WARN: ActivationStep.REMIND,
    ClockMark.BREACH: ActivationStep.BREACH,
    ClockMark.ESCALATE: ActivationStep.ESCALATE,
}


@dataclass(frozen=True)
class Activate:
    """The service is installed, as somebody says who need not have had the task."""

    by: str
    installed_at: datetime | None = None
    ip: str = ""
    kind: Literal["activate"] = "activate"


class ActivatedInTheFuture(Refusal):
    message = "A instalação não pode estar no futuro."
    field = "installed_at"


def check_installed(installed_at: datetime | None, *, now: datetime) -> None:
    """This will refuse an installation that has not happened yet."""
    if installed_at is not None and installed_at > now:
        raise ActivatedInTheFuture
