"""What the rows say should be running in the engine, counted."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.messages import Message
from models.outbox import OutboxEntry
from rules.messages import MessageStatus


async def open_by_stage(session: AsyncSession) -> dict[tuple[str, str], int]:
    """The open cases of each process and stage."""
    statement = select(Case.process, Case.stage, func.count()).where(col(Case.closed_at).is_(None))
    found = await session.exec(statement.group_by(Case.process, Case.stage))
    return {(process, stage): count for process, stage, count in found}


async def unsent_messages(session: AsyncSession) -> int:
    """How many messages wait to leave the house."""
    waiting = [status for status in MessageStatus if not status.is_final]
    statement = select(func.count()).where(col(Message.status).in_(waiting))
    return (await session.exec(statement)).one()


async def undelivered(session: AsyncSession) -> int:
    """How much the outbox has still to tell the engine."""
    statement = select(func.count()).where(col(OutboxEntry.delivered_at).is_(None))
    return (await session.exec(statement)).one()
