"""Tasks: work for a person, whoever asked for it, in one inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from rules import tasks as rules
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
        Index("ix_tasks_finished", "finished_at", "id"),
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
    reason: str = Field(default="", max_length=300, description="why it was made")
    consequence: str = Field(default="", max_length=300, description="what happens if nobody acts")
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)
    claimed_at: datetime | None = instant(None)
    snoozed_until: datetime | None = instant(None)
    escalation: int = Field(default=0, description="0 none, 1 the team lead, 2 the manager")
    finished_at: datetime | None = instant(None)
    finished_by: str | None = Field(default=None, max_length=60)
    result: str = Field(default="", max_length=40)
    remarks: str = ""
    version: int = 1


class TaskComment(SQLModel, table=True):
    """A remark on a task."""

    __tablename__ = "task_comments"

    id: int | None = identity()
    task_id: int = reference("tasks.id")
    at: datetime = instant()
    by: str = Field(max_length=60)
    text: str


async def task_of(session: AsyncSession, task_id: int) -> Task:
    """This will read a task for changing it. Raises TaskNotFound."""
    statement = select(Task).where(Task.id == task_id).with_for_update()
    task = (await session.exec(statement)).one_or_none()
    if task is None:
        raise TaskNotFound
    return task


async def task_with_key(session: AsyncSession, key: str) -> Task | None:
    """The task that was made for this key, if it was."""
    return (await session.exec(select(Task).where(Task.key == key))).one_or_none()


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


def claim(session: AsyncSession, task: Task, *, by: str, at: datetime) -> None:
    """This will give an open task to whoever asks first. Raises TaskAlreadyClaimed."""
    _check_open(task)
    rules.check_claim(assignee=task.assignee, by=by)
    task.assignee, task.claimed_at = by, at
    _touch(session, task)


def release(session: AsyncSession, task: Task, *, by: str) -> None:
    """This will put a task back into its team's inbox; only who has it may. Repeated: nothing."""
    _check_open(task)
    rules.check_claim(assignee=task.assignee, by=by)
    task.assignee = task.claimed_at = None
    _touch(session, task)


def delegate(session: AsyncSession, task: Task, *, to: str, at: datetime) -> None:
    """This will give an open task to another person."""
    _check_open(task)
    task.assignee, task.claimed_at = to, at
    _touch(session, task)


def snooze(session: AsyncSession, task: Task, *, until: datetime) -> None:
    """This will keep a task out of sight until an instant; its clock goes on."""
    _check_open(task)
    task.snoozed_until = until
    _touch(session, task)


def finish(
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
    _check_open(task)
    task.status, task.result, task.remarks = status, result, remarks
    task.finished_by, task.finished_at = by, at
    _touch(session, task)


def _check_open(task: Task) -> None:
    if TaskStatus(task.status).is_final:
        raise TaskAlreadyFinished(by=task.finished_by or "")


def _touch(session: AsyncSession, task: Task) -> None:
    task.version += 1
    session.add(task)
