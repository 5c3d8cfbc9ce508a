"""The embedded sink: what left this deployment when no mail server and no SMS account is set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant


class SinkMessage(SQLModel, table=True):
    """What the embedded sink received; the same Message-ID again raises `deliveries`."""

    __tablename__ = "sink_messages"

    id: int | None = identity()
    provider_id: str = Field(unique=True, max_length=200)
    channel: str = Field(max_length=10)
    at: datetime = instant(index=True)
    sender: str = Field(default="", max_length=300)
    recipient: str = Field(max_length=300)
    subject: str = Field(default="", max_length=300)
    text: str = ""
    raw: str = ""
    deliveries: int = 1
    callback_url: str = Field(default="", max_length=500)
    callback_status: str = Field(default="", max_length=12)
    attachments: dict[str, Any] = facts()


async def keep(session: AsyncSession, message: SinkMessage) -> SinkMessage:
    """This will keep a message; the same provider's id again is the same message once more."""
    statement = select(SinkMessage).where(SinkMessage.provider_id == message.provider_id)
    known = (await session.exec(statement.with_for_update())).one_or_none()
    if known is not None:
        known.deliveries += 1
        session.add(known)
        return known
    session.add(message)
    await session.flush()
    return message


async def kept_with(session: AsyncSession, provider_id: str) -> SinkMessage | None:
    """The message with that id; None when it never came."""
    statement = select(SinkMessage).where(SinkMessage.provider_id == provider_id)
    return (await session.exec(statement)).one_or_none()


async def kept_for(
    session: AsyncSession, *, recipient: str | None, channel: str, limit: int
) -> Sequence[SinkMessage]:
    """The newest messages of a channel, to one recipient or to all."""
    statement = select(SinkMessage).where(SinkMessage.channel == channel)
    if recipient is not None:
        statement = statement.where(SinkMessage.recipient == recipient)
    return (await session.exec(statement.order_by(col(SinkMessage.id).desc()).limit(limit))).all()


async def to_call_back(session: AsyncSession, *, limit: int) -> Sequence[SinkMessage]:
    """The oldest messages whose sender waits for a report."""
    statement = select(SinkMessage).where(
        SinkMessage.callback_url != "",
        col(SinkMessage.callback_status).in_(("queued", "sent")),
    )
    return (await session.exec(statement.order_by(col(SinkMessage.id)).limit(limit))).all()


async def mark_called_back(session: AsyncSession, message_id: int, *, status: str) -> None:
    """This will remember which report was heard last."""
    message = await session.get_one(SinkMessage, message_id)
    message.callback_status = status
    session.add(message)
