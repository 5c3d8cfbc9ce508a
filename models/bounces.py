"""Addresses that gave a mail back: nothing more is sent there until somebody corrected them."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.messages import Message
from models.tasks import Task
from rules.bounces import PERMANENT
from rules.messages import Channel, MessageStatus


async def is_blocked(session: AsyncSession, message: Message) -> bool:
    """Whether its address gave back a mail to the customer for ever, and the task to correct it
    is still open. Another address is free at once; concluding the task frees the same one.
    """
    if message.customer_id is None or message.channel != Channel.EMAIL:
        return False
    statement = select(Message.id).where(
        Message.customer_id == message.customer_id,
        Message.channel == Channel.EMAIL,
        Message.to_address == message.to_address,
        Message.status == MessageStatus.BOUNCED,
        col(Message.reason).startswith(PERMANENT),
    )
    keys = [correction_key(each or 0) for each in await session.exec(statement)]
    if not keys:
        return False
    asked = select(Task.id).where(col(Task.key).in_(keys), col(Task.finished_at).is_(None))
    return (await session.exec(asked)).first() is not None


def correction_key(message_id: int) -> str:
    """The key of the task to correct the address of a message that failed."""
    return f"message/{message_id}/failed"
