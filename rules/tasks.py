"""Tasks: who may do what with one, and who stands in for whom.

Who is told of one, and when, stands in rules/task_reminders.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Literal

from rules.cases import Process
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


class Priority(IntEnum):
    """How much a task matters; the lower number comes first."""

    HIGH = 1
    NORMAL = 2
    LOW = 3


@dataclass(frozen=True)
class ConcludeTask:
    """Done, with a result and remarks; by a colleague who is named, or by who says so."""

    by: str
    result: str = "done"
    remarks: str = ""
    finished_at: datetime | None = None
    kind: Literal["conclude"] = "conclude"
    ip: str = ""
    done_by: str = ""


@dataclass(frozen=True)
class CancelTask:
    """Not to be done, and why."""

    by: str
    reason: str
    kind: Literal["cancel"] = "cancel"
    ip: str = ""


@dataclass(frozen=True)
class Colleague:
    """A person to whom tasks fall; the days away, both included. No first day: away already."""

    login: str
    absent_until: date | None = None
    substitute: str | None = None
    absent_from: date | None = None

    def is_absent(self, today: date) -> bool:
        """Whether somebody else stands in on this day."""
        has_begun = self.absent_from is None or self.absent_from <= today
        return self.absent_until is not None and has_begun and today <= self.absent_until


@dataclass(frozen=True)
class Capacity:
    """What a person takes on: tasks of these processes (none named: of all), and how many."""

    skills: frozenset[str] = frozenset()
    limit: int | None = None

    def can_do(self, process: str) -> bool:
        """Whether somebody does tasks of this process; those of none in particular, all do."""
        return not self.skills or process in {*self.skills, Process.TASKS}

    def is_full(self, open_tasks: int) -> bool:
        """Whether somebody with so many open tasks takes no more."""
        return self.limit is not None and open_tasks >= self.limit


class TaskAlreadyFinished(Refusal):
    message = "Esta tarefa já foi finalizada por %(by)s."


class TaskAlreadyClaimed(Refusal):
    message = "Esta tarefa já foi assumida por %(by)s."


class TaskLimitReached(Refusal):
    message = "Você já tem %(count)s tarefas abertas, o seu limite. Conclua ou devolva uma antes."


class TaskSkillMissing(Refusal):
    message = "%(who)s não atende tarefas de %(process_word)s. Escolha outra pessoa."


class ColleagueFull(Refusal):
    message = "%(who)s já tem %(count)s tarefas abertas, o seu limite. Escolha outra pessoa."


class ReasonRequired(Refusal):
    message = "Informe o motivo."
    field = "reason"


class CommentRequired(Refusal):
    message = "Escreva o comentário."
    field = "text"


class FinishedInTheFuture(Refusal):
    message = "A data de conclusão não pode estar no futuro."
    field = "finished_at"


class FinishedBeforeMade(Refusal):
    message = "A data de conclusão é anterior à criação da tarefa."
    field = "finished_at"


class SnoozedIntoThePast(Refusal):
    message = "Escolha um horário que ainda não passou."
    field = "until"


class DueInThePast(Refusal):
    message = "O prazo precisa estar no futuro."
    field = "due_at"


def stand_in(login: str, *, colleagues: Mapping[str, Colleague], today: date) -> str:
    """Who acts for a person today: themselves, or the first substitute who is there.

    Where a chain of absences ends with nobody present, the person themselves.
    """
    seen: set[str] = set()
    current = colleagues.get(login)
    while current is not None and current.is_absent(today) and current.login not in seen:
        seen.add(current.login)
        current = colleagues.get(current.substitute or "")
    is_found = current is not None and not current.is_absent(today)
    return current.login if current is not None and is_found else login


def stood_in_for(
    login: str, *, colleagues: Mapping[str, Colleague], today: date
) -> tuple[str, ...]:
    """The people for whom this person acts today."""
    return tuple(
        each
        for each in colleagues
        if each != login and stand_in(each, colleagues=colleagues, today=today) == login
    )


def check_room(capacity: Capacity, *, open_tasks: int) -> None:
    """This will refuse one more task to somebody who has as many as they take on."""
    if capacity.is_full(open_tasks):
        raise TaskLimitReached(count=open_tasks)


def check_giving(
    capacity: Capacity, *, who: str, process: str, word: str, open_tasks: int, field: str = "to"
) -> None:
    """This will refuse to give a task of a process, which people call `word`, to somebody.

    Who does not do such tasks (TaskSkillMissing), or has as many as they take on (ColleagueFull).
    """
    if not capacity.can_do(process):
        raise TaskSkillMissing(field=field, who=who, process_word=word)
    if capacity.is_full(open_tasks):
        raise ColleagueFull(field=field, who=who, count=open_tasks)


def check_claim(*, assignee: str | None, by: str) -> None:
    """This will refuse a task that somebody else has."""
    if assignee is not None and assignee != by:
        raise TaskAlreadyClaimed(by=assignee)


def check_conclusion(
    *, finished_at: datetime | None, now: datetime, created_at: datetime | None = None
) -> None:
    """This will refuse a conclusion that has not happened yet, or before the task was made."""
    if finished_at is None:
        return
    if finished_at > now:
        raise FinishedInTheFuture
    # Forms know minutes, not seconds.
    if created_at is not None and finished_at < created_at.replace(second=0, microsecond=0):
        raise FinishedBeforeMade


def check_reason(reason: str) -> None:
    """This will refuse a cancellation without a reason."""
    if not reason.strip():
        raise ReasonRequired


def check_comment(text: str) -> None:
    """This will refuse an empty comment."""
    if not text.strip():
        raise CommentRequired


def check_snooze(until: datetime, *, now: datetime) -> None:
    """This will refuse to hide a task until an instant that has passed."""
    if until <= now:
        raise SnoozedIntoThePast


def check_due(due_at: datetime, *, now: datetime) -> None:
    """This will refuse a new or changed due instant that has passed."""
    if due_at <= now:
        raise DueInThePast
