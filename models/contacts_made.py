"""What was said to a customer before: contacts of a day, words that are outdated or were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.messages import Message
from rules.delivery import Contacts
from rules.messages import MessageStatus


async def is_outdated(session: AsyncSession, message: Message) -> bool:
    """Whether the system wrote to the customer about something newer since."""
    statement = select(Message.id).where(
        Message.customer_id == message.customer_id,
        col(Message.id) > message.number,
        Message.contact != message.contact,
        Message.purpose != message.purpose,
        Message.respects_window,
        Message.created_by == message.created_by,
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def is_told_of(
    session: AsyncSession, lost: Message, *, purpose: str, since: datetime
) -> bool:
    """Whether the customer was told since then of what was lost at the same address."""
    statement = select(Message.id).where(
        Message.customer_id == lost.customer_id,
        Message.purpose == purpose,
        Message.note == lost.to_address[:300],
        Message.created_at >= since,
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def contacts_before(
    session: AsyncSession, message: Message, *, week: datetime, day: datetime, until: datetime
) -> Contacts:
    """How many other contacts the customer had, or may be having, since two instants."""
    sent, contact = col(Message.sent_at), col(Message.contact)
    is_now = col(Message.status) == MessageStatus.SENDING
    is_today = is_now | (sent >= day)
    by_channel = is_today & (col(Message.channel) == message.channel)
    statement: Any = sqlalchemy.select(
        func.count(func.distinct(contact)),
        func.count(func.distinct(case((is_today, contact)))),
        func.count(func.distinct(case((by_channel, contact)))),
    ).where(
        col(Message.customer_id) == message.customer_id,
        col(Message.respects_window),
        contact != message.contact,
        ((sent >= week) & (sent < until)) | is_now,
    )
    return Contacts(*(await session.exec(statement)).one())
