"""What became of a notice to a customer, on all of its channels."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select
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
    arrived = [m for m in notices if has_arrived(m.channel, m.status)]
    if arrived:
        left = [m.delivered_at if m.channel == Channel.APP else m.sent_at for m in arrived]
        return NoticeState.SENT, min(filter(None, left), default=None)
    waiting = any(not MessageStatus(m.status).is_final for m in notices)
    return NoticeState.PENDING if waiting else NoticeState.FAILED, None
