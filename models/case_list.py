"""Cases as they are listed and counted: what stands where, what is late, what comes next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.cases import Case
from models.collections import Standing
from models.contestations import Contestation
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from models.people import Team
from models.rows import rows_of
from models.tasks import Task
from rules.cases import Process
from rules.panels import Panel


class When(StrEnum):
    """By when something happens to a case."""

    BREACHED = "breached"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are wanted; None leaves a filter out."""

    processes: Collection[str]
    case_id: int | None = None
    stage: str | None = None
    owner: str | None = None
    team_id: int | None = None
    customer_id: int | None = None
    is_closed: bool | None = None
    is_breached: bool = False
    next_before: datetime | None = None
    text: str | None = None


@dataclass(frozen=True)
class StageCount:
    """How many open cases of a process stand in a stage, and what is pressing among them."""

    process: str
    stage: str
    cases: int
    breached: int
    today: int
    week: int
    oldest: datetime


def select_cases(wanted: CaseFilter) -> Select[*tuple[Any, ...]]:
    """The cases of a filter, with their customer and team."""
    columns: tuple[Any, ...] = (
        col(Case.id),
        col(Case.process),
        col(Case.subject_id),
        col(Case.customer_id),
        col(Customer.name).label("customer"),
        col(Customer.document).label("document"),
        col(Case.stage),
        col(Case.stage_since),
        col(Case.owner),
        col(Case.team_id),
        col(Team.name).label("team"),
        col(Task.title).label("task"),
        col(Task.places).label("places"),
        col(Case.next_kind),
        col(Case.next_at),
        col(Case.due_at),
        col(Case.breached_at),
        col(Case.opened_at),
        col(Case.closed_at),
        col(Case.version),
    )
    return (
        sqlalchemy.select(*columns)
        .select_from(Case)
        .outerjoin(Customer, col(Customer.id) == Case.customer_id)
        .outerjoin(Team, col(Team.id) == Case.team_id)
        .outerjoin(Task, and_(col(Case.process) == Process.TASKS, col(Task.id) == Case.subject_id))
        .where(*_conditions(wanted))
    )


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Case.process).in_(wanted.processes)]
    for column, value in (
        (Case.id, wanted.case_id),
        (Case.stage, wanted.stage),
        (Case.owner, wanted.owner),
        (Case.team_id, wanted.team_id),
        (Case.customer_id, wanted.customer_id),
    ):
        if value is not None:
            conditions.append(col(column) == value)
    if wanted.is_closed is not None:
        closed = col(Case.closed_at)
        conditions.append(closed.is_not(None) if wanted.is_closed else closed.is_(None))
    if wanted.is_breached:
        conditions.append(col(Case.breached_at).is_not(None))
    if wanted.next_before is not None:
        conditions.append(col(Case.next_at) < wanted.next_before)
    if wanted.text:
        columns: tuple[Any, ...] = (Customer.name, Customer.code, Customer.document)
        conditions.append(or_(*(holds(column, wanted.text) for column in columns)))
    return conditions


async def count_stages(
    session: AsyncSession,
    processes: Collection[str],
    *,
    today_ends: datetime,
    week_ends: datetime,
) -> list[StageCount]:
    """This will count the open cases of every stage in one pass."""

    def counted(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    statement: Any = (
        sqlalchemy.select(
            col(Case.process),
            col(Case.stage),
            func.count(),
            counted(col(Case.breached_at).is_not(None)),
            counted(col(Case.next_at) < today_ends),
            counted(col(Case.next_at) < week_ends),
            func.min(col(Case.stage_since)),
        )
        .where(col(Case.closed_at).is_(None), col(Case.process).in_(processes))
        .group_by(col(Case.process), col(Case.stage))
    )
    return [StageCount(*row) for row in await session.exec(statement)]


async def money_of(session: AsyncSession, of: Case) -> Decimal | None:
    """The money a case is about: owed, agreed or registered; None where there is none."""
    statement: Any
    match of.process:
        case Process.COLLECTIONS:
            statement = sqlalchemy.select(func.sum(Standing.amount)).where(
                col(Standing.customer_id) == of.subject_id, col(Standing.panel) <= Panel.BROKEN,
                col(Standing.panel) != Panel.FULFILLED,
            )  # fmt: skip
        case Process.AGREEMENTS:
            statement = sqlalchemy.select(col(Agreement.total)).where(
                col(Agreement.id) == of.subject_id
            )
        case Process.CONTESTATION:
            statement = sqlalchemy.select(col(Contestation.claimed)).where(
                col(Contestation.id) == of.subject_id
            )
        case Process.BUREAU:
            statement = (
                sqlalchemy.select(col(Invoice.open_amount))
                .join(BureauRecord, col(BureauRecord.invoice_id) == Invoice.id)
                .where(col(BureauRecord.id) == of.subject_id)
            )
        case _:
            return None
    found: Decimal | None = await session.scalar(statement)
    return found


async def coming_next(
    session: AsyncSession, processes: Collection[str], *, limit: int
) -> Sequence[Mapping[str, Any]]:
    """The open cases to which something happens first if nobody acts."""
    statement = (
        select_cases(CaseFilter(processes, is_closed=False))
        .where(col(Case.next_at).is_not(None))
        .order_by(col(Case.next_at), col(Case.id))
        .limit(limit)
    )
    return [dict(row) for row in await rows_of(session, statement)]
