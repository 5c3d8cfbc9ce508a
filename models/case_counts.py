"""How many open cases stand where, what presses among them, and how long they have stood there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, case, func
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
    """This will count the open cases of every stage, along one index where nothing narrows."""
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
    rows = [tuple(row) for row in await session.exec(statement)]
    ages = await _ages(session, wanted, {(process, stage): n for process, stage, n, *_ in rows})
    return [
        StageCount(
            process, stage, cases, dict(zip(When, pressing, strict=True)), oldest,
            # A stage that emptied between the two statements has nothing but its oldest.
            **vars(ages.get((process, stage), _Ages(oldest, oldest))),
        )
        for process, stage, cases, oldest, *pressing in rows
    ]  # fmt: skip


def _counted(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def _ages(
    session: AsyncSession, wanted: CaseFilter, counts: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], _Ages]:
    """The median and the ninetieth percentile of the time in each stage, by nearest rank.

    One statement, each part of which walks an index to its place: ranking every case took seconds.
    """
    found: dict[tuple[str, str], list[datetime]] = {}
    places = [
        (*stage, count - rank)  # the cases stand from the oldest, ranks count from the youngest
        for stage, count in counts.items()
        for rank in ((count + 1) // 2, (count * 9 + 9) // 10)
    ]
    for start in range(0, len(places), MOST_PARTS):
        parts = (_at_place(wanted, *each) for each in places[start : start + MOST_PARTS])
        statement: Any = sqlalchemy.union_all(*parts)
        for process, stage, since in await session.exec(statement):
            found.setdefault((process, stage), []).append(since)
    return {stage: _Ages(max(instants), min(instants)) for stage, instants in found.items()}


#: SQLite puts no more than 500 selects together.
MOST_PARTS = 400


def _at_place(wanted: CaseFilter, process: str, stage: str, place: int) -> Any:
    columns = (col(Case.process), col(Case.stage), col(Case.stage_since))
    one = (
        sqlalchemy.select(*columns)
        .where(*conditions(wanted), col(Case.process) == process, col(Case.stage) == stage)
        .order_by(col(Case.stage_since))
        .limit(1)
        .offset(place)
        .subquery()
    )
    return sqlalchemy.select(one)


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
