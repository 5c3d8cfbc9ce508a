"""Messages as they are listed: by status, channel, purpose, customer and day; and the sink's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import Select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customers import Customer
from models.folding import any_holds
from models.messages import Message, MessageEvent, OptOut
from models.sink import SinkMessage
from rules.messages import MessageStatus


@dataclass(frozen=True)
class MessageFilter:
    """Which messages are wanted; None leaves a filter out."""

    search: str | None = None
    status: str | None = None
    is_unsent: bool = False
    channel: str | None = None
    purpose: str | None = None
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def select_messages(wanted: MessageFilter) -> Select[Any]:
    """Messages with the names of their customers."""
    select_columns: Any = sqlalchemy.select
    statement: Select[Any] = select_columns(
        col(Message.id),
        col(Message.created_at),
        col(Message.created_by),
        col(Message.channel),
        col(Message.purpose),
        col(Message.customer_id),
        col(Customer.name).label("customer"),
        col(Message.case_id),
        col(Message.to_address),
        col(Message.subject),
        col(Message.text),
        col(Message.status),
        col(Message.reason),
        col(Message.attempts),
        col(Message.not_before),
        col(Message.sent_at),
        col(Message.delivered_at),
        col(Message.provider_id),
    ).join(Customer, col(Customer.id) == col(Message.customer_id), isouter=True)
    for name in ("status", "channel", "purpose", "customer_id"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(col(getattr(Message, name)) == value)
    if wanted.is_unsent:
        waiting = [status for status in MessageStatus if not status.is_final]
        statement = statement.where(col(Message.status).in_(waiting))
    if wanted.since is not None:
        statement = statement.where(col(Message.created_at) >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(col(Message.created_at) < wanted.until)
    if wanted.search:
        places = (col(Customer.name), col(Message.to_address), col(Message.subject))
        statement = statement.where(any_holds(places, wanted.search))
    return statement


def select_kept(*, search: str | None, channel: str | None) -> Select[Any]:
    """What the sink keeps."""
    select_columns: Any = sqlalchemy.select
    statement: Select[Any] = select_columns(
        col(SinkMessage.id),
        col(SinkMessage.at),
        col(SinkMessage.channel),
        col(SinkMessage.recipient),
        col(SinkMessage.subject),
        col(SinkMessage.text),
        col(SinkMessage.deliveries),
        col(SinkMessage.provider_id),
        col(SinkMessage.callback_status),
    )
    if channel is not None:
        statement = statement.where(col(SinkMessage.channel) == channel)
    if search:
        places = (
            col(SinkMessage.recipient),
            col(SinkMessage.subject),
            col(SinkMessage.text),
        )
        statement = statement.where(any_holds(places, search))
    return statement


async def events_of(session: AsyncSession, message_id: int) -> Sequence[MessageEvent]:
    """What became of a message, line by line."""
    statement = select(MessageEvent).where(MessageEvent.message_id == message_id)
    return (await session.exec(statement.order_by(col(MessageEvent.id)))).all()


async def opt_outs_of(session: AsyncSession, customer_id: int) -> Sequence[OptOut]:
    """The channels on which a customer does not want to be reached."""
    statement = select(OptOut).where(OptOut.customer_id == customer_id)
    return (await session.exec(statement.order_by(col(OptOut.channel)))).all()
