"""Tasks: who may do what with one, and when somebody is reminded or told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from rules.business_days import Calendar, deadline
from rules.cases import Step
from rules.refusals import Refusal


class TaskStatus(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nobody can change it any more."""
        return self is not TaskStatus.OPEN


class TaskStep(StrEnum):
    """What happens to a task by itself."""

    REMIND = "remind"
    TELL_LEAD = "tell_lead"
    TELL_MANAGER = "tell_manager"


@dataclass(frozen=True)
class TaskPolicy:
    """Offsets of reminders and escalation; each is a setting."""

    remind_hours_before: int = 4
    lead_after_business_days: int = 1
    manager_after_business_days: int = 2


@dataclass(frozen=True)
class TaskFacts:
    """What decides about a task's next step."""

    due_at: datetime
    is_reminded: bool
    escalation: int
    calendar: Calendar


@dataclass(frozen=True)
class ConcludeTask:
    """Done, with a result and remarks."""

    by: str
    result: str = "done"
    remarks: str = ""
    finished_at: datetime | None = None
    kind: Literal["conclude"] = "conclude"


@dataclass(frozen=True)
class CancelTask:
    """Not to be done, and why."""

    by: str
    reason: str
    kind: Literal["cancel"] = "cancel"


class TaskAlreadyFinished(Refusal):
    message = "Esta tarefa já foi finalizada por %(by)s."


class TaskAlreadyClaimed(Refusal):
    message = "Esta tarefa já foi assumida por %(by)s."


class ReasonRequired(Refusal):
    message = "Informe o motivo."
    field = "reason"


class FinishedInTheFuture(Refusal):
    message = "A data de conclusão não pode estar no futuro."
    field = "finished_at"


def next_step(facts: TaskFacts, policy: TaskPolicy) -> Step | None:
    """The next reminder or escalation; None when everybody has been told."""
    if not facts.is_reminded:
        return Step(TaskStep.REMIND, facts.due_at - timedelta(hours=policy.remind_hours_before))
    if facts.escalation == 0:
        return _after(facts, TaskStep.TELL_LEAD, policy.lead_after_business_days)
    if facts.escalation == 1:
        return _after(facts, TaskStep.TELL_MANAGER, policy.manager_after_business_days)
    return None


def _after(facts: TaskFacts, kind: TaskStep, days: int) -> Step:
    return Step(kind, deadline(facts.due_at, business_days=days, calendar=facts.calendar))


def check_claim(*, assignee: str | None, by: str) -> None:
    """This will refuse a task that somebody else has."""
    if assignee is not None and assignee != by:
        raise TaskAlreadyClaimed(by=assignee)


def check_conclusion(*, finished_at: datetime | None, now: datetime) -> None:
    """This will refuse a conclusion that has not happened yet."""
    if finished_at is not None and finished_at > now:
        raise FinishedInTheFuture


def check_reason(reason: str) -> None:
    """This will refuse a cancellation without a reason."""
    if not reason.strip():
        raise ReasonRequired
