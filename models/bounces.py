"""Addresses that lost a message for ever: nothing more goes there until they are corrected."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.messages import Message
from models.tasks import Task
from rules.bounces import is_for_ever
from rules.messages import Channel, MessageStatus


async def is_blocked(session: AsyncSession, message: Message) -> bool:
    """Whether its address lost a message to the customer for ever, and the task to correct it is
    still open. Another address is free at once; concluding the task frees the same one.
    """
    if message.customer_id is None or message.channel == Channel.APP:
        return False
    statement = select(Message.id, Message.reason).where(
        Message.customer_id == message.customer_id,
        Message.channel == message.channel,
        Message.to_address == message.to_address,
        col(Message.status).in_((MessageStatus.BOUNCED, MessageStatus.FAILED)),
    )
    keys = [
        correction_key(lost or 0)
        for lost, reason in await session.exec(statement)
        if is_for_ever(message.channel, reason)
    ]
    if not keys:
        return False
    asked = select(Task.id).where(col(Task.key).in_(keys), col(Task.finished_at).is_(None))
    return (await session.exec(asked)).first() is not None


def correction_key(message_id: int) -> str:
    """The key of the task to correct the address of a message that failed."""
    return f"message/{message_id}/failed"
