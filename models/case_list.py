"""Cases as they are listed: with customer, team and what is next; and the money each is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import Select, and_, func
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.bureau import BureauRecord
from models.case_filter import CaseFilter, conditions
from models.cases import Case
from models.collections import Standing
from models.contestations import Contestation
from models.customers import Customer
from models.invoices import Invoice
from models.people import Team
from models.rows import rows_of
from models.tasks import Task
from rules.cases import Process
from rules.panels import Panel


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
        .where(*conditions(wanted))
    )


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
    session: AsyncSession, wanted: CaseFilter, *, limit: int
) -> Sequence[Mapping[str, Any]]:
    """The open cases to which something happens first if nobody acts."""
    statement = (
        select_cases(replace(wanted, is_closed=False))
        .where(col(Case.next_at).is_not(None))
        .order_by(col(Case.next_at), col(Case.id))
        .limit(limit)
    )
    return [dict(row) for row in await rows_of(session, statement)]
