"""How many tasks each view of the inbox has, and each person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbox import InboxFilter, InboxView, is_awake, is_theirs
from models.tasks import Task


@dataclass(frozen=True)
class InboxCounts:
    """How many tasks each view has; `mine_due` are mine that are late or fall due today."""

    mine: int = 0
    mine_due: int = 0
    team: int = 0
    unassigned: int = 0
    all: int = 0
    overdue: int = 0
    finished: int = 0


async def count_tasks(
    session: AsyncSession, wanted: InboxFilter, *, today_ends: datetime, today_began: datetime
) -> InboxCounts:
    """This will count every view in one pass over the open tasks; `finished` are today's."""
    mine = is_theirs(wanted)

    def counted(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    statement: Any = sqlalchemy.select(
        counted(mine),
        counted(and_(mine, col(Task.due_at) < today_ends)),
        counted(col(Task.team_id).in_(wanted.team_ids)),
        counted(col(Task.assignee).is_(None)),
        func.count(),
        counted(col(Task.due_at) < wanted.now),
    ).where(col(Task.finished_at).is_(None), is_awake(wanted.now))
    finished = select(func.count()).where(col(Task.finished_at) >= today_began)
    sums = (*(await session.exec(statement)).one(), (await session.exec(finished)).one())
    return InboxCounts(*(int(each) for each in sums))


async def count_view(session: AsyncSession, wanted: InboxFilter, counts: InboxCounts) -> int | None:
    """How many rows a view has that nothing narrows: counted already, or along one index.

    None when something narrows it; its own rows are to be counted then.
    """
    plain = InboxFilter(
        by=wanted.by, team_ids=wanted.team_ids, now=wanted.now, view=wanted.view,
        stands_in_for=wanted.stands_in_for,
    )  # fmt: skip
    if wanted != plain:
        return None
    if wanted.view is InboxView.FINISHED:
        statement = select(func.count()).where(col(Task.finished_at).is_not(None))
        return (await session.exec(statement)).one()
    return int(getattr(counts, wanted.view))


async def count_due(
    session: AsyncSession, *, today_ends: datetime, now: datetime
) -> dict[str, int]:
    """How many tasks each person has that are late or fall due today."""
    statement = (
        select(Task.assignee, func.count())
        .where(col(Task.finished_at).is_(None), col(Task.assignee).is_not(None), is_awake(now))
        .where(col(Task.due_at) < today_ends)
        .group_by(col(Task.assignee))
    )
    return {login: count for login, count in await session.exec(statement) if login}


async def count_open(session: AsyncSession, login: str) -> int:
    """How many open tasks a person has, those out of sight too."""
    statement = select(func.count()).where(Task.assignee == login, col(Task.finished_at).is_(None))
    return (await session.exec(statement)).one()
