"""How many open cases stand where, what presses among them, and how long they have stood there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case_filter import CaseFilter, Marks, When, conditions, presses
from models.cases import Case


@dataclass(frozen=True)
class StageCount:
    """The open cases of a process in a stage: how many, what presses, and since when they stand.

    Half of them stand there since before `median`, a tenth since before `slowest`.
    """

    process: str
    stage: str
    cases: int
    pressing: Mapping[When, int]
    oldest: datetime
    median: datetime
    slowest: datetime


@dataclass(frozen=True)
class _Ages:
    median: datetime
    slowest: datetime


async def count_stages(
    session: AsyncSession, wanted: CaseFilter, *, marks: Marks
) -> list[StageCount]:
    """This will count the open cases of every stage, in two passes over them."""
    wanted = replace(wanted, is_closed=False)
    statement: Any = (
        sqlalchemy.select(
            col(Case.process),
            col(Case.stage),
            func.count(),
            func.min(col(Case.stage_since)),
            *(_counted(presses(when, marks)) for when in When),
        )
        .where(*conditions(wanted))
        .group_by(col(Case.process), col(Case.stage))
    )
    ages = await _ages(session, wanted)
    return [
        StageCount(
            process, stage, cases, dict(zip(When, pressing, strict=True)), oldest,
            ages[process, stage].median, ages[process, stage].slowest,
        )
        for process, stage, cases, oldest, *pressing in await session.exec(statement)
    ]  # fmt: skip


def _counted(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def _ages(session: AsyncSession, wanted: CaseFilter) -> dict[tuple[str, str], _Ages]:
    """The median and the ninetieth percentile of the time in each stage, by nearest rank."""
    stage = (col(Case.process), col(Case.stage))
    # Ranked from the youngest, as the cases would stand by the time they have been there.
    ranked = (
        sqlalchemy.select(
            *stage,
            col(Case.stage_since),
            func.row_number()
            .over(partition_by=stage, order_by=col(Case.stage_since).desc())
            .label("place"),
            func.count().over(partition_by=stage).label("of"),
        )
        .where(*conditions(wanted))
        .subquery()
    )
    half, tenth = (ranked.c.of + 1) // 2, (ranked.c.of * 9 + 9) // 10
    statement: Any = sqlalchemy.select(
        ranked.c.process,
        ranked.c.stage,
        func.max(case((ranked.c.place == half, ranked.c.stage_since))),
        func.max(case((ranked.c.place == tenth, ranked.c.stage_since))),
    ).where(or_(ranked.c.place == half, ranked.c.place == tenth))
    found = await session.exec(statement.group_by(ranked.c.process, ranked.c.stage))
    return {(process, stage): _Ages(median, slowest) for process, stage, median, slowest in found}


@dataclass(frozen=True)
class Flow:
    """How many cases of a process began and ended within a time."""

    opened: int = 0
    closed: int = 0


async def flow_between(
    session: AsyncSession, wanted: CaseFilter, *, since: datetime, until: datetime
) -> dict[str, Flow]:
    """This will count, by process, what was opened and what was closed from then until then."""
    opened = await _by_process(session, wanted, col(Case.opened_at), since, until)
    closed = await _by_process(session, wanted, col(Case.closed_at), since, until)
    return {
        process: Flow(opened.get(process, 0), closed.get(process, 0))
        for process in wanted.processes
    }


async def _by_process(
    session: AsyncSession, wanted: CaseFilter, instant: Any, since: datetime, until: datetime
) -> dict[str, int]:
    statement: Any = (
        sqlalchemy.select(col(Case.process), func.count())
        .where(*conditions(wanted), instant >= since, instant < until)
        .group_by(col(Case.process))
    )
    found: list[tuple[str, int]] = [tuple(row) for row in await session.exec(statement)]
    return dict(found)
