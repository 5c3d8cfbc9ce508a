"""Tasks: work for a person, whoever asked for it, in one inbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Index, bindparam, func, or_, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases
from models.base import facts, identity, instant, reference
from models.cases import Case
from rules import tasks as rules
from rules.cases import Process
from rules.refusals import Refusal
from rules.tasks import TaskAlreadyFinished, TaskStatus


class TaskNotFound(Refusal):
    message = "Esta tarefa não existe."


class Task(SQLModel, table=True):
    """Work for an operator, bound to the case that waits for its result (`for_case_id`)."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "ix_tasks_assignee_due",
            "assignee",
            "due_at",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "ix_tasks_team_due",
            "team_id",
            "due_at",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(
            "ix_tasks_open_priority",
            "priority",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        # The inbox's counts read nothing but this index; SQLite wants finished_at in it for that.
        Index(
            "ix_tasks_open_due",
            "due_at",
            "id",
            "assignee",
            "team_id",
            "snoozed_until",
            "finished_at",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        # Partial, so that it is no way to the open ones: they are looked through in due order.
        Index(
            "ix_tasks_finished",
            "finished_at",
            "id",
            sqlite_where=text("finished_at IS NOT NULL"),
            postgresql_where=text("finished_at IS NOT NULL"),
        ),
        Index("ix_tasks_case", "for_case_id", "id"),
    )

    id: int | None = identity()
    key: str = Field(unique=True, max_length=120, description="asked for twice, made once")
    title: str = Field(max_length=160)
    description: str = ""
    process: str = Field(max_length=30)
    kind: str = Field(default="manual", max_length=40)
    for_case_id: int | None = reference("cases.id", nullable=True, index=False)
    customer_id: int | None = reference("customers.id", nullable=True)
    team_id: int | None = reference("teams.id", nullable=True, index=False)
    assignee: str | None = Field(default=None, max_length=60)
    status: str = Field(default="open", max_length=12)
    priority: int = Field(default=2, ge=1, le=3, description="1 high, 2 normal, 3 low")
    due_at: datetime = instant()
    #: So many business days after this, on this version of the calendar; none: a person chose it.
    due_since: datetime | None = instant(None)
    due_days: int | None = None
    due_calendar: str = Field(default="", max_length=12)
    due_version: str = Field(default="", max_length=120)
    reason: str = Field(default="", max_length=300, description="why it was made")
    consequence: str = Field(default="", max_length=300, description="what happens if nobody acts")
    #: What fills the places of title, reason and consequence (rules/sentences.py).
    places: dict[str, Any] = facts()
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)
    claimed_at: datetime | None = instant(None)
    snoozed_until: datetime | None = instant(None)
    #: Of its two clocks: up to which instant of each the reminders were sent.
    due_told: datetime | None = instant(None)
    free_since: datetime | None = instant(None)
    free_told: datetime | None = instant(None)
    finished_at: datetime | None = instant(None)
    finished_by: str | None = Field(default=None, max_length=60)
    result: str = Field(default="", max_length=40)
    remarks: str = ""
    version: int = 1

    @property
    def number(self) -> int:
        """The task's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class TaskComment(SQLModel, table=True):
    """A remark on a task."""

    __tablename__ = "task_comments"

    id: int | None = identity()
    task_id: int = reference("tasks.id")
    at: datetime = instant()
    by: str = Field(max_length=60)
    text: str


@dataclass(frozen=True)
class TaskChange:
    """What may be corrected in an open task; None leaves it as it is."""

    title: str | None = None
    description: str | None = None
    due_at: datetime | None = None
    priority: int | None = None


async def task_of(session: AsyncSession, task_id: int) -> Task:
    """This will read a task for changing it. Raises TaskNotFound."""
    task: Task | None = (await session.exec(_locked(), params={"task": task_id})).one_or_none()
    if task is None:
        raise TaskNotFound
    return task


@cache
def _locked() -> Any:
    """Made once: every move of a task asks it."""
    return select(Task).where(col(Task.id) == bindparam("task")).with_for_update()


async def case_of_task(session: AsyncSession, task_id: int) -> Case:
    """The case of a task, for reading. Raises TaskNotFound."""
    case = await cases.case_of(session, process=Process.TASKS, subject_id=task_id)
    if case is None:
        raise TaskNotFound
    return case


async def lock_with_case(session: AsyncSession, task_id: int) -> tuple[Task, Case]:
    """This will lock a task's case, then the task: the order in which its journey locks them."""
    statement = select(Case).where(Case.process == Process.TASKS, Case.subject_id == task_id)
    case = (await session.exec(statement.with_for_update())).one_or_none()
    if case is None:
        raise TaskNotFound
    return await task_of(session, task_id), case


async def task_with_key(session: AsyncSession, key: str) -> Task | None:
    """The task that was made for this key, if it was."""
    return (await session.exec(select(Task).where(Task.key == key))).one_or_none()


async def open_tasks_with_keys(session: AsyncSession, keys: Collection[str]) -> Sequence[Task]:
    """The unfinished tasks that were made for these keys, the oldest first."""
    statement = select(Task).where(col(Task.key).in_(keys), col(Task.finished_at).is_(None))
    return (await session.exec(statement.order_by(col(Task.id)))).all()


async def withdrawn_tasks(session: AsyncSession, key: str) -> int:
    """How often what was asked under this key, or under one that follows it, was withdrawn."""
    statement = select(func.count()).where(
        or_(col(Task.key) == key, col(Task.key).startswith(f"{key}/", autoescape=True)),
        Task.result == "withdrawn",
    )
    return (await session.exec(statement)).one()


async def customers_asked_about(
    session: AsyncSession, kind: str, customer_ids: Sequence[int]
) -> Sequence[int]:
    """Those of these customers about whom an unfinished task of this kind asks."""
    statement = select(Task.customer_id).where(
        col(Task.customer_id).in_(customer_ids),
        Task.kind == kind,
        col(Task.finished_at).is_(None),
    )
    return sorted({each for each in await session.exec(statement) if each is not None})


async def open_tasks_of(
    session: AsyncSession, *, for_case_id: int, kinds: tuple[str, ...]
) -> Sequence[Task]:
    """The unfinished tasks of these kinds that a case waits for."""
    statement = select(Task).where(
        Task.for_case_id == for_case_id,
        col(Task.kind).in_(kinds),
        col(Task.finished_at).is_(None),
    )
    return (await session.exec(statement)).all()


async def open_tasks_for(session: AsyncSession, case_ids: Collection[int]) -> Sequence[Task]:
    """The unfinished tasks that these cases asked for, the most urgent first."""
    statement = select(Task).where(
        col(Task.for_case_id).in_(case_ids), col(Task.finished_at).is_(None)
    )
    return (await session.exec(statement.order_by(col(Task.due_at), col(Task.id)))).all()


async def count_tasks_of(session: AsyncSession, for_case_id: int) -> int:
    """How many tasks a case has asked for, finished ones too."""
    statement = select(func.count()).where(Task.for_case_id == for_case_id)
    return (await session.exec(statement)).one()


def claim(session: AsyncSession, task: Task, *, by: str, at: datetime) -> None:
    """This will give an open task to whoever asks first. Raises TaskAlreadyClaimed."""
    check_open(task)
    rules.check_claim(assignee=task.assignee, by=by)
    _give(task, by, at=at)
    _touch(session, task)


def release(session: AsyncSession, task: Task, *, by: str, at: datetime) -> None:
    """This will put a task back into its team's inbox; only who has it may. Repeated: nothing."""
    check_open(task)
    rules.check_claim(assignee=task.assignee, by=by)
    if task.assignee is not None:
        task.assignee = task.claimed_at = task.free_told = None
        task.free_since = at
    _touch(session, task)


def delegate(session: AsyncSession, task: Task, *, to: str, at: datetime) -> None:
    """This will give an open task to another person."""
    check_open(task)
    _give(task, to, at=at)
    _touch(session, task)


def snooze(session: AsyncSession, task: Task, *, until: datetime) -> None:
    """This will keep a task out of sight until an instant; its clock goes on."""
    check_open(task)
    task.snoozed_until = until
    _touch(session, task)


def edit(session: AsyncSession, task: Task, change: TaskChange) -> dict[str, Any]:
    """This will correct an open task; gives what it was before, only of what changed.

    A new due instant is reminded of, and told upwards, from the beginning.
    """
    check_open(task)
    wanted = {name: value for name, value in vars(change).items() if value is not None}
    before = {
        name: getattr(task, name) for name, value in wanted.items() if getattr(task, name) != value
    }
    for name in before:
        setattr(task, name, wanted[name])
    if "due_at" in before:
        task.due_told = task.due_since = task.due_days = None
        task.due_calendar = task.due_version = ""
    if before:
        _touch(session, task)
    return before


def mark_told(
    session: AsyncSession, task: Task, *, due: datetime | None, free: datetime | None
) -> None:
    """This will remember up to which instant of each clock people were told; None: as it is."""
    task.due_told = due or task.due_told
    task.free_told = free or task.free_told
    session.add(task)


def add_comment(session: AsyncSession, task: Task, *, comment: str, by: str, at: datetime) -> None:
    """This will keep a remark; on a finished task too."""
    session.add(TaskComment(task_id=task.number, at=at, by=by, text=comment))


async def comments_of(session: AsyncSession, task_id: int) -> Sequence[TaskComment]:
    """The remarks on a task, the newest first."""
    statement = select(TaskComment).where(TaskComment.task_id == task_id)
    return (await session.exec(statement.order_by(col(TaskComment.id).desc()))).all()


def finish(  # noqa: PLR0913 - who, when, how and why
    session: AsyncSession,
    task: Task,
    *,
    status: TaskStatus,
    result: str,
    remarks: str,
    by: str,
    at: datetime,
) -> None:
    """This will conclude or cancel an open task. Raises TaskAlreadyFinished."""
    check_open(task)
    task.status, task.result, task.remarks = status, result, remarks
    task.finished_by, task.finished_at = by, at
    _touch(session, task)


def check_open(task: Task) -> None:
    """This will refuse a task that has ended (TaskAlreadyFinished)."""
    if TaskStatus(task.status).is_final:
        raise TaskAlreadyFinished(by=task.finished_by or "")


def _give(task: Task, login: str, *, at: datetime) -> None:
    task.assignee, task.claimed_at = login, at
    task.free_since = task.free_told = None


def _touch(session: AsyncSession, task: Task) -> None:
    task.version += 1
    session.add(task)
