"""The activation of a contract: promised by its SLA table, reminded of, breached, done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from rules.contract_terms import ContractPolicy
from rules.refusals import Refusal
from rules.service_clock import Mark, share


class ActivationStage(StrEnum):
    """Where an activation stands."""

    AWAITING = "awaiting"
    ACTIVATED = "activated"
    CANCELLED = "cancelled"


class ActivationStep(StrEnum):
    """What happens to an activation by itself."""

    REMIND = "remind"
    REMIND_AGAIN = "remind_again"
    BREACH = "breach"


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


def marks_of(allowed_seconds: int, policy: ContractPolicy) -> tuple[Mark, ...]:
    """What happens on the way to the promise, and at its end."""
    return (
        Mark(ActivationStep.REMIND, share(allowed_seconds, policy.remind_at_percent)),
        Mark(ActivationStep.REMIND_AGAIN, share(allowed_seconds, policy.remind_again_at_percent)),
        Mark(ActivationStep.BREACH, allowed_seconds),
    )


def check_installed(installed_at: datetime | None, *, now: datetime) -> None:
    """This will refuse an installation that has not happened yet."""
    if installed_at is not None and installed_at > now:
        raise ActivatedInTheFuture
