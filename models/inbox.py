"""The inbox: which tasks somebody sees under each view and filter, and which is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customers import Customer
from models.folding import any_holds
from models.people import Team
from models.rows import rows_of
from models.task_items import TaskItem
from models.tasks import Task, TaskNotFound
from rules.cases import Process


class InboxView(StrEnum):
    """The five ways to look at the inbox."""

    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    ALL = "all"
    FINISHED = "finished"


@dataclass(frozen=True)
class InboxFilter:
    """What somebody wants to see; None and False leave a filter out.

    What the absent people have for whom somebody stands in is theirs as well.
    """

    by: str
    team_ids: tuple[int, ...]
    now: datetime
    stands_in_for: tuple[str, ...] = ()
    view: InboxView = InboxView.MINE
    process: str | None = None
    team_id: int | None = None
    assignee: str | None = None
    priority: int | None = None
    is_overdue: bool = False
    text: str | None = None
    customer_id: int | None = None
    for_case_id: int | None = None
    shows_snoozed: bool = False
    finished_since: datetime | None = None


@dataclass(frozen=True)
class Urgent:
    """For whom the next task is looked for: their teams, what they can do, whether they are full.

    No skill named: all of them.
    """

    by: str
    now: datetime
    team_ids: tuple[int, ...] = ()
    stands_in_for: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()
    is_full: bool = False


def select_tasks(wanted: InboxFilter) -> Select[*tuple[Any, ...]]:
    """The tasks of a view and its filters, with their customer and team."""
    return _listed().where(*_conditions(wanted))


async def task_row(session: AsyncSession, task_id: int) -> dict[str, Any]:
    """One task as it stands in lists, whatever its view. Raises TaskNotFound."""
    rows = await rows_of(session, _listed().where(col(Task.id) == task_id))
    if not rows:
        raise TaskNotFound
    return dict(rows[0])


def _listed() -> Select[*tuple[Any, ...]]:
    return (
        sqlalchemy.select(
            col(Task.id),
            col(Task.due_at),
            col(Task.title),
            col(Task.places),
            col(Task.status),
            col(Task.process),
            col(Task.kind),
            col(Task.assignee),
            col(Task.team_id),
            col(Team.name).label("team"),
            col(Task.priority),
            col(Task.consequence),
            col(Task.reason),
            col(Task.created_at),
            col(Task.created_by),
            col(Task.snoozed_until),
            col(Task.finished_at),
            col(Task.finished_by),
            col(Task.result),
            col(Task.for_case_id),
            col(Task.customer_id),
            col(Customer.name).label("customer"),
            col(Customer.document).label("document"),
            col(Task.version),
            *_progress(),
        )
        .select_from(Task)
        .outerjoin(Customer, col(Customer.id) == Task.customer_id)
        .outerjoin(Team, col(Team.id) == Task.team_id)
    )


def _progress() -> tuple[Any, Any]:
    """How many items of its check-list are done, and how many there are: read from an index."""
    own = col(TaskItem.task_id) == col(Task.id)
    done = select(func.count(col(TaskItem.done_at))).where(own).scalar_subquery()
    every = select(func.count()).select_from(TaskItem).where(own).scalar_subquery()
    return done.label("items_done"), every.label("items_all")


def _conditions(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    conditions = [_in_view(wanted)]
    for column, value in (
        (Task.process, wanted.process),
        (Task.team_id, wanted.team_id),
        (Task.assignee, wanted.assignee),
        (Task.priority, wanted.priority),
        (Task.customer_id, wanted.customer_id),
        (Task.for_case_id, wanted.for_case_id),
    ):
        if value is not None:
            conditions.append(col(column) == value)
    if wanted.is_overdue:
        conditions.append(col(Task.due_at) < wanted.now)
    if wanted.finished_since is not None:
        conditions.append(col(Task.finished_at) >= wanted.finished_since)
    if wanted.text:
        columns: tuple[Any, ...] = (Task.title, Customer.name)
        conditions.append(any_holds(columns, wanted.text))
    return conditions


def _in_view(wanted: InboxFilter) -> ColumnElement[bool]:
    if wanted.view is InboxView.FINISHED:
        return col(Task.finished_at).is_not(None)
    is_open: ColumnElement[bool] = col(Task.finished_at).is_(None)
    if not wanted.shows_snoozed:
        is_open = and_(is_open, is_awake(wanted.now))
    match wanted.view:
        case InboxView.MINE:
            return and_(is_open, is_theirs(wanted))
        case InboxView.TEAM:
            return and_(is_open, col(Task.team_id).in_(wanted.team_ids))
        case InboxView.UNASSIGNED:
            return and_(is_open, col(Task.assignee).is_(None))
        case _:
            return is_open


def is_theirs(wanted: InboxFilter) -> ColumnElement[bool]:
    """Whether a task is the person's own, or of somebody for whom they stand in."""
    return col(Task.assignee).in_((wanted.by, *wanted.stands_in_for))


def is_awake(now: datetime) -> ColumnElement[bool]:
    """Whether a task is in sight: not snoozed, or not any more."""
    return or_(col(Task.snoozed_until).is_(None), col(Task.snoozed_until) <= now)


async def most_urgent(session: AsyncSession, wanted: Urgent) -> int | None:
    """The task that somebody should take next: what nobody has, in their teams or in none.

    When all of that is taken, or they have as many as they take on, the most urgent of their own;
    None when there is none either. What is late comes first, then what matters more, then what is
    due sooner.
    """
    own = col(Task.assignee).in_((wanted.by, *wanted.stands_in_for))
    for pool in (own,) if wanted.is_full else (_free(wanted), own):
        found: int | None = (await session.exec(_by_urgency(pool, wanted.now))).first()
        if found is not None:
            return found
    return None


def _free(wanted: Urgent) -> ColumnElement[bool]:
    team = col(Task.team_id)
    free = and_(col(Task.assignee).is_(None), or_(team.in_(wanted.team_ids), team.is_(None)))
    done = (*wanted.skills, Process.TASKS)
    return and_(free, col(Task.process).in_(done)) if wanted.skills else free


def _by_urgency(pool: ColumnElement[bool], now: datetime) -> Any:
    is_late = case((col(Task.due_at) < now, 0), else_=1)
    return (
        select(Task.id)
        .where(col(Task.finished_at).is_(None), pool, is_awake(now))
        .order_by(is_late, col(Task.priority), col(Task.due_at), col(Task.id))
        .limit(1)
        # Two who ask at the same moment get different tasks.
        .with_for_update(skip_locked=True)
    )


async def task_ids(session: AsyncSession, wanted: InboxFilter, *, limit: int) -> list[int]:
    """The tasks of a view and its filters, the most pressing first, up to so many."""
    listed = select_tasks(wanted).order_by(col(Task.due_at), col(Task.id)).limit(limit)
    return [row["id"] for row in await rows_of(session, listed)]


@dataclass(frozen=True)
class TaskTitle:
    """What a task is told apart by: its title, what fills its places, and its customer's name."""

    title: str
    places: dict[str, Any]
    customer: str | None


async def titles(session: AsyncSession, task_ids: Sequence[int]) -> dict[int, TaskTitle]:
    """The titles of tasks, by identity."""
    statement: Any = (
        sqlalchemy.select(col(Task.id), col(Task.title), col(Task.places), col(Customer.name))
        .outerjoin(Customer, col(Customer.id) == Task.customer_id)
        .where(col(Task.id).in_(task_ids))
    )
    found = await session.exec(statement)
    return {number: TaskTitle(title, dict(places), name) for number, title, places, name in found}
