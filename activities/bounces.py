"""A mail of ours that came back: its message is told as bounced, a person corrects the address."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.delivery_results import came_back
from models.inbound_mails import InboundMail, Outcome
from models.messages import Message, lock_message
from rules.bounces import Bounce
from rules.mail_addresses import addresses
from rules.messages import MessageStatus


async def take_bounce(
    session: AsyncSession, mail: InboundMail, bounce: Bounce | None, *, at: datetime
) -> Outcome | None:
    """This will record that a message came back; None: it is no report on a message of ours.

    A report can be forged: it must name the message's own Message-ID and one of its addresses.
    Told again, it changes nothing.
    """
    message = await _reported(session, bounce) if bounce else None
    if bounce is None or message is None:
        return None
    mail.case_id = message.case_id
    if message.status != MessageStatus.SENT:
        return Outcome.REPEATED
    await came_back(session, message, bounce.told, at=at)
    return Outcome.BOUNCED


async def _reported(session: AsyncSession, bounce: Bounce) -> Message | None:
    statement = select(Message.id).where(Message.provider_id == bounce.mail_id)
    message_id = (await session.exec(statement)).first()
    if message_id is None:
        return None
    message = await lock_message(session, message_id)
    ours = (*addresses(message.to_address), *addresses(message.cc_address))
    return message if bounce.address in {each.lower() for each in ours} else None
