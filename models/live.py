"""What the pages watch: one small reading of the house, shared by everybody who looks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import and_, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.client_services import ClientService
from models.collections import PanelTotal
from models.tasks import Task


@dataclass(frozen=True)
class Glance:
    """How many tasks each person has due, and marks that change when tasks or panels do.

    `clients` are the marks of each client company's own tasks: its people hear of no others.
    """

    due: Mapping[str, int] = field(default_factory=dict)
    tasks: str = ""
    panels: str = ""
    clients: Mapping[int, str] = field(default_factory=dict)


async def glance(session: AsyncSession, *, today_ends: datetime) -> Glance:
    """This will read open tasks by person and by client, and the kept totals of the panels."""
    people = await _people(session, today_ends)
    panels = (await session.exec(select(PanelTotal).order_by(col(PanelTotal.panel)))).all()
    return Glance(
        due={login: due for login, _open, due, _versions in people if login},
        tasks=_mark(people),
        clients=await _clients(session),
        panels=_mark([(p.panel, p.customers, p.invoices, p.amount) for p in panels]),
    )


async def _people(session: AsyncSession, today_ends: datetime) -> list[tuple[Any, ...]]:
    statement: Any = (
        sqlalchemy.select(
            col(Task.assignee),
            func.count(),
            func.sum(case((and_(col(Task.due_at) < today_ends), 1), else_=0)),
            func.sum(col(Task.version)),
        )
        .where(col(Task.finished_at).is_(None))
        .group_by(col(Task.assignee))
        .order_by(col(Task.assignee))
    )
    return [tuple(row) for row in await session.exec(statement)]


async def _clients(session: AsyncSession) -> dict[int, str]:
    """The mark of what each client's own team has open."""
    customer = col(ClientService.customer_id)
    statement: Any = (
        sqlalchemy.select(customer, func.count(), func.sum(col(Task.version)))
        .join(
            Task,
            and_(
                col(Task.customer_id) == customer,
                col(Task.team_id) == col(ClientService.team_id),
            ),
        )
        .where(col(Task.finished_at).is_(None))
        .group_by(customer)
    )
    return {row[0]: _mark(tuple(row)) for row in await session.exec(statement)}


def _mark(values: object) -> str:
    return hashlib.blake2b(repr(values).encode(), digest_size=6).hexdigest()
