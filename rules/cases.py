"""What every journey has in common: its process, workflow id, next instant and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from rules.refusals import Refusal

#: Deadlines of many cases at one instant are spread over this long: the engine wakes about
#: seventy workflows a second.
SPREAD_SECONDS = 600

#: Knuth's multiplier: neighbouring ids land far apart, in Python and in SQL alike.
SCATTER = 2_654_435_761


#: Who acts when nobody does, and a customer by their own link.
SYSTEM = "system"
CUSTOMER = "customer"
#: Nobody of the house: neither owns a case.
OUTSIDE = frozenset({SYSTEM, CUSTOMER})


class Process(StrEnum):
    """The kinds of journey that live in the house."""

    COLLECTIONS = "collections"
    AGREEMENTS = "agreements"
    BUREAU = "bureau"
    TASKS = "tasks"
    CONTESTATION = "contestation"
    ACTIVATION = "activation"
    CONTRACT_CHANGES = "contract_changes"
    RENEWALS = "renewals"
    READJUSTMENTS = "readjustments"
    TICKETS = "tickets"
    KICKOFF = "kickoff"
    ANONYMISATION = "anonymisation"


@dataclass(frozen=True)
class Step:
    """What happens next to a case if nobody acts, and when."""

    kind: str
    at: datetime


class CaseNotFound(Refusal):
    message = "Este processo não existe."


class CaseClosed(Refusal):
    message = "Este processo já foi encerrado."


class CaseClosedBy(CaseClosed, code=CaseClosed.code):
    message = "Este processo já foi encerrado, por %(by)s, em %(when)s."


class StaleVersion(Refusal):
    message = "Outra pessoa alterou este processo enquanto você o via. Confira e tente de novo."


class ChangedBy(StaleVersion, code=StaleVersion.code):
    message = (
        "%(by)s alterou este processo em %(when)s, enquanto você o via. Confira e tente de novo."
    )


class SupersededEpoch(Refusal):
    message = "Esta execução foi substituída por outra."


#: What the audit trail calls the subject of a process's command, where it is not the process.
SUBJECTS: dict[str, str] = {
    Process.COLLECTIONS: "customer",
    Process.AGREEMENTS: "agreement",
    Process.BUREAU: "bureau_record",
    Process.TASKS: "task",
    Process.CONTESTATION: "contestation",
    Process.ACTIVATION: "contract",
    Process.CONTRACT_CHANGES: "contract_change",
    Process.RENEWALS: "contract_renewal",
    Process.READJUSTMENTS: "contract_readjustment",
    Process.TICKETS: "ticket",
    Process.KICKOFF: "kickoff",
    Process.ANONYMISATION: "anonymisation",
}


def workflow_id(process: str, case_id: int) -> str:
    """The one place where the id of a case's workflow is spelled."""
    return f"{process}/{case_id}"


def news_command_id(case_id: int, heard: Sequence[str]) -> str:
    """The id of the one look that answers all this news, and no other."""
    name = heard[0] if len(heard) == 1 else sha256("\n".join(heard).encode()).hexdigest()
    return f"news/{case_id}/{name}"


def spread(at: datetime, case_id: int) -> datetime:
    """The instant moved later by an amount that is the case's own and always the same."""
    return at + _spread_by(case_id)


def gathered(at: datetime, case_id: int) -> datetime:
    """What was spread: the instant that the rules gave."""
    return at - _spread_by(case_id)


def _spread_by(case_id: int) -> timedelta:
    return timedelta(seconds=case_id * SCATTER % 2**32 * SPREAD_SECONDS // 2**32)


def earliest(*steps: Step | None) -> Step | None:
    """The step that comes first; None when there is none."""
    return min((step for step in steps if step), key=lambda step: step.at, default=None)


@dataclass(frozen=True)
class CaseRef:
    """Which case a workflow lives for, and under which epoch it may write."""

    case_id: int
    epoch: int


@dataclass(frozen=True)
class CasePlan:
    """What a workflow must know of its case: where it stands and what it waits for."""

    stage: str
    version: int
    next_kind: str | None
    next_at: datetime | None
    is_closed: bool


@dataclass(frozen=True)
class Elapsed:
    """Nobody acted: the case's recorded next instant has come."""

    step: str
    kind: Literal["elapsed"] = "elapsed"
    by: str = "system"


@dataclass(frozen=True)
class News:
    """Something happened in the rows that the case leans on: look again."""

    kind: Literal["news"] = "news"
    by: str = "system"
