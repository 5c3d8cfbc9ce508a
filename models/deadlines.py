"""Open deadlines by the version of the calendar that they were counted on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import Select, and_, func, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import CalendarNotFound, load_service_calendar
from models.cases import Case
from models.service_clocks import ServiceClock
from models.tasks import Task
from rules.business_days import Calendar

#: A calendar's code, and a version of it.
Version = tuple[str, str]


@dataclass(frozen=True)
class Older:
    """Open deadlines counted on a version that a calendar no longer has."""

    calendar: str
    version: str
    tasks: int
    clocks: int


async def older_versions(session: AsyncSession) -> list[Older]:
    """Which calendars changed since open deadlines were counted on them, and of how many."""
    tasks = await _counts(session, Task.due_calendar, Task.due_version, _open_tasks())
    clocks = await _counts(
        session, ServiceClock.calendar, ServiceClock.calendar_version, _open_clocks()
    )
    found = {*tasks, *clocks}
    present = await _present(session, {code for code, _ in found})
    return [
        Older(code, version, tasks.get((code, version), 0), clocks.get((code, version), 0))
        for code, version in sorted(found)
        if code in present and present[code].version != version
    ]


def select_tasks(older: Collection[Version]) -> Select[Any]:
    """The open tasks whose due instant was counted on one of these versions."""
    shown = ("id", "title", "places", "due_at", "due_since", "due_days", "due_calendar")
    columns = (col(getattr(Task, name)) for name in shown)
    return sqlalchemy.select(*columns, col(Task.due_version)).where(
        _open_tasks(), _among(Task.due_calendar, Task.due_version, older)
    )


def select_clocks(older: Collection[Version]) -> Select[Any]:
    """The open promises that were counted on one of these versions, each with its case."""
    shown = ("id", "kind", "due_at", "calendar", "calendar_version", "case_id")
    columns: list[Any] = [col(getattr(ServiceClock, name)) for name in shown]
    return (
        sqlalchemy.select(*columns, col(Case.process), col(Case.subject_id))
        .join(Case, col(Case.id) == ServiceClock.case_id)
        .where(
            _open_clocks(), _among(ServiceClock.calendar, ServiceClock.calendar_version, older)
        )
    )  # fmt: skip


async def first_tasks(
    session: AsyncSession, older: Collection[Version], *, limit: int
) -> Sequence[int]:
    """Some of those tasks."""
    statement: Any = sqlalchemy.select(col(Task.id)).where(
        _open_tasks(), _among(Task.due_calendar, Task.due_version, older)
    )
    return list((await session.exec(statement.order_by(col(Task.id)).limit(limit))).scalars())


async def first_cases(
    session: AsyncSession, older: Collection[Version], *, limit: int
) -> Sequence[int]:
    """Some of the cases with such promises."""
    statement: Any = sqlalchemy.select(col(ServiceClock.case_id)).where(
        _open_clocks(), _among(ServiceClock.calendar, ServiceClock.calendar_version, older)
    )
    ordered = statement.distinct().order_by(col(ServiceClock.case_id)).limit(limit)
    return list((await session.exec(ordered)).scalars())


async def _present(session: AsyncSession, codes: Collection[str]) -> dict[str, Calendar]:
    """The calendars as they stand; one that was taken away says nothing."""
    found = {}
    for code in codes:
        try:
            found[code] = await load_service_calendar(session, code)
        except CalendarNotFound:
            continue
    return found


async def _counts(
    session: AsyncSession, calendar: Any, version: Any, condition: Any
) -> dict[Version, int]:
    columns = (col(calendar), col(version))
    statement: Any = sqlalchemy.select(*columns, func.count()).where(condition).group_by(*columns)
    return {(code, one): count for code, one, count in (await session.exec(statement)).all()}


def _open_tasks() -> Any:
    return and_(col(Task.finished_at).is_(None), col(Task.due_calendar) != "")


def _open_clocks() -> Any:
    """Of an open case, not ended; one that stands still is counted anew when it goes on."""
    open_cases = sqlalchemy.select(col(Case.id)).where(col(Case.closed_at).is_(None))
    return and_(
        col(ServiceClock.ended_at).is_(None),
        col(ServiceClock.due_at).is_not(None),
        col(ServiceClock.case_id).in_(open_cases),
    )


def _among(calendar: Any, version: Any, wanted: Collection[Version]) -> Any:
    if not wanted:
        return sqlalchemy.false()
    return or_(*(and_(col(calendar) == code, col(version) == one) for code, one in wanted))
