"""A customer's contact that was corrected: nobody is asked for it any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.tasks import withdraw_task
from models.bounces import correction_key
from models.messages import Message
from models.tasks import customers_asked_about, open_tasks_with_keys
from rules.messages import Channel, MessageStatus
from rules.sentences import N_

LOST = (MessageStatus.BOUNCED, MessageStatus.FAILED, MessageStatus.SENT)
#: Which of a customer's fields is the address of which channel.
ADDRESSES: dict[str, str] = {"email": Channel.EMAIL, "mobile": Channel.SMS}
CORRECTED = N_("O contato foi corrigido.")
#: The task that asks for it.
TASK_KIND = "correct_contact"


async def note_many_corrected(
    session: AsyncSession, was: Mapping[int, Mapping[str, str | None]], *, at: datetime
) -> None:
    """This will do it for many customers, of whom hardly any is asked about.

    `was` are the fields that changed, as they were, by customer.
    """
    for customer_id in await customers_asked_about(session, TASK_KIND, list(was)):
        fields = was[customer_id]
        before = {ADDRESSES[name]: fields[name] for name in ADDRESSES if name in fields}
        await note_corrected(session, customer_id, before, at=at)


async def note_corrected(
    session: AsyncSession, customer_id: int, was: Mapping[str, str | None], *, at: datetime
) -> None:
    """This will withdraw the tasks to correct what a customer's addresses were, by channel.

    What was lost is not sent by itself: its page offers to send it again, to the new address.
    """
    for channel, address in was.items():
        statement = select(Message.id).where(
            Message.customer_id == customer_id, Message.channel == channel,
            Message.to_address == address, col(Message.status).in_(LOST),
        )  # fmt: skip
        keys = [correction_key(number or 0) for number in await session.exec(statement)]
        for task in await open_tasks_with_keys(session, keys):
            await withdraw_task(session, task, reason=CORRECTED, at=at)
