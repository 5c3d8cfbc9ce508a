"""What became of a notice to a customer, on all of its channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case
from models.messages import Message
from rules.messages import Channel, MessageStatus, NoticeState, has_arrived


async def notice_of(
    session: AsyncSession, case: Case, purpose: str
) -> tuple[NoticeState, datetime | None]:
    """What became of a case's notice on all channels, and when it first left on one that held."""
    statement = select(Message).where(Message.case_id == case.id, Message.purpose == purpose)
    notices = (await session.exec(statement)).all()
    return _state_of(notices)


async def notices_of(session: AsyncSession, case: Case, purpose: str) -> dict[str, NoticeState]:
    """What became of each notice of a case that was written apart, by its contact; the oldest
    first."""
    statement = select(Message).where(Message.case_id == case.id, Message.purpose == purpose)
    by_contact: dict[str, list[Message]] = {}
    for message in await session.exec(statement.order_by(col(Message.id))):
        by_contact.setdefault(message.contact, []).append(message)
    return {contact: _state_of(found)[0] for contact, found in by_contact.items()}


def _state_of(notices: Sequence[Message]) -> tuple[NoticeState, datetime | None]:
    arrived = [m for m in notices if has_arrived(m.channel, m.status)]
    if arrived:
        left = [m.delivered_at if m.channel == Channel.APP else m.sent_at for m in arrived]
        return NoticeState.SENT, min(filter(None, left), default=None)
    waiting = any(not MessageStatus(m.status).is_final for m in notices)
    return NoticeState.PENDING if waiting else NoticeState.FAILED, None
