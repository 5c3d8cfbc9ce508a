"""The customer's app: the devices that may fetch a customer's messages, and what they fetch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.messages import Message
from rules.messages import Channel, MessageStatus
from rules.refusals import Refusal


class AppAccessNotFound(Refusal):
    message = "Este acesso do aplicativo não existe."


class AppAccess(SQLModel, table=True):
    """A device of a customer: the digest of its token, and whether it still holds."""

    __tablename__ = "app_accesses"

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    token_hash: str = Field(unique=True, max_length=64)
    device: str = Field(default="", max_length=120)
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)
    seen_at: datetime | None = instant(None)
    revoked_at: datetime | None = instant(None)


async def accesses_of(session: AsyncSession, customer_id: int) -> Sequence[AppAccess]:
    """The devices of a customer that may fetch messages, newest first."""
    statement = select(AppAccess).where(
        AppAccess.customer_id == customer_id, col(AppAccess.revoked_at).is_(None)
    )
    return (await session.exec(statement.order_by(col(AppAccess.id).desc()))).all()


async def access_by_token(session: AsyncSession, token_hash: str) -> AppAccess | None:
    """The device that brings this token; None when there is none, or it was revoked."""
    statement = select(AppAccess).where(
        AppAccess.token_hash == token_hash, col(AppAccess.revoked_at).is_(None)
    )
    return (await session.exec(statement)).one_or_none()


async def with_app(session: AsyncSession, customer_ids: Collection[int]) -> frozenset[int]:
    """Those of these customers who use the app."""
    statement = select(AppAccess.customer_id).where(
        col(AppAccess.customer_id).in_(customer_ids), col(AppAccess.revoked_at).is_(None)
    )
    return frozenset(await session.exec(statement))


async def note_seen(session: AsyncSession, access: AppAccess, *, at: datetime) -> None:
    """This will keep when a device was last heard of; once a while is enough."""
    access.seen_at = at
    session.add(await session.merge(access))


async def revoke_access(
    session: AsyncSession, access_id: int, *, customer_id: int, at: datetime
) -> None:
    """This will keep a device out; twice: nothing. Refuses AppAccessNotFound."""
    access = await session.get(AppAccess, access_id)
    if access is None or access.customer_id != customer_id:
        raise AppAccessNotFound
    access.revoked_at = access.revoked_at or at
    session.add(access)


async def messages_to_fetch(
    session: AsyncSession, customer_id: int, *, after: int, limit: int
) -> Sequence[Message]:
    """What was sent to the customer's app from after a message's number on, in that order."""
    sent = (MessageStatus.SENT, MessageStatus.DELIVERED)
    statement = select(Message).where(
        Message.customer_id == customer_id, Message.channel == Channel.APP,
        col(Message.status).in_(sent), col(Message.id) > after,
    )  # fmt: skip
    return (await session.exec(statement.order_by(col(Message.id)).limit(limit))).all()
