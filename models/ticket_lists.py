"""Tickets as they are listed, and what a ticket's forms offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customers import Customer
from models.folding import any_holds
from models.rows import rows_of
from models.tickets import CannedAnswer, Ticket, TicketCategory
from rules.tickets import WORKED


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets are wanted; what is None narrows nothing."""

    now: datetime
    stage: str | None = None
    priority: int | None = None
    owner: str | None = None
    customer_id: int | None = None
    category_id: int | None = None
    text: str | None = None
    is_worked: bool = False
    is_breached: bool = False
    opened_since: datetime | None = None


def select_tickets(wanted: TicketFilter) -> Select[Any]:
    """The tickets of a filter, with customer and category."""
    columns: tuple[Any, ...] = (
        col(Ticket.id),
        col(Ticket.protocol),
        col(Ticket.subject),
        col(Ticket.stage),
        col(Ticket.stage_since),
        col(Ticket.priority),
        col(Ticket.owner),
        col(Ticket.channel),
        col(Ticket.requester),
        col(Ticket.requester_email),
        col(Ticket.customer_id),
        col(Customer.name).label("customer"),
        col(TicketCategory.name).label("category"),
        col(Ticket.opened_at),
        col(Ticket.next_due_at),
        col(Ticket.breached_at),
        col(Ticket.first_response_at),
        col(Ticket.resolved_at),
        col(Ticket.reopened),
    )
    return (
        sqlalchemy.select(*columns)
        .select_from(Ticket)
        .outerjoin(Customer, col(Customer.id) == Ticket.customer_id)
        .outerjoin(TicketCategory, col(TicketCategory.id) == Ticket.category_id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (Ticket.stage, wanted.stage),
        (Ticket.priority, wanted.priority),
        (Ticket.owner, wanted.owner),
        (Ticket.customer_id, wanted.customer_id),
        (Ticket.category_id, wanted.category_id),
    ):
        if value is not None:
            conditions.append(col(column) == value)
    if wanted.is_worked:
        conditions.append(col(Ticket.stage).in_(WORKED))
    if wanted.is_breached:
        conditions.append(col(Ticket.breached_at).is_not(None))
    if wanted.opened_since is not None:
        conditions.append(col(Ticket.opened_at) >= wanted.opened_since)
    if wanted.text:
        places: tuple[Any, ...] = (
            *(Ticket.protocol, Ticket.subject, Ticket.requester, Ticket.requester_email),
            Customer.name,
        )
        conditions.append(any_holds(places, wanted.text))
    return conditions


async def ticket_ids(session: AsyncSession, wanted: TicketFilter, *, limit: int) -> list[int]:
    """The tickets that are wanted, those opened first on top, up to so many."""
    listed = select_tickets(wanted).order_by(col(Ticket.id)).limit(limit)
    return [row["id"] for row in await rows_of(session, listed)]


async def titles(session: AsyncSession, ticket_ids: Sequence[int]) -> dict[int, str]:
    """What tickets are told apart by, by identity: protocol and subject."""
    statement = select(Ticket.id, Ticket.protocol, Ticket.subject)
    found = await session.exec(statement.where(col(Ticket.id).in_(ticket_ids)))
    return {number or 0: f"{protocol} {subject}" for number, protocol, subject in found}


async def category_choices(session: AsyncSession) -> Sequence[tuple[int | None, str]]:
    """Identity and name of the categories in use."""
    statement = select(TicketCategory.id, TicketCategory.name).where(col(TicketCategory.is_active))
    return (await session.exec(statement.order_by(TicketCategory.name))).all()


async def answer_choices(session: AsyncSession) -> Sequence[tuple[int | None, str]]:
    """Identity and name of the canned answers in use."""
    statement = select(CannedAnswer.id, CannedAnswer.name).where(col(CannedAnswer.is_active))
    return (await session.exec(statement.order_by(CannedAnswer.name))).all()
