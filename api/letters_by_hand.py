"""A message as an operator writes it, and the rows that it becomes."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.messages import address_of
from api import message_values
from api.language import gettext
from models import cases, message_lists
from models.cases import Case
from models.customers import Customer
from models.messages import Message
from rules.cases import Process
from rules.mail_addresses import AddressRequired, check_addresses
from rules.messages import Channel, ConfirmationRequired, MessageStatus
from rules.phones import normalise_phones
from rules.refusals import Refusal
from rules.sms_text import sms_text

#: What became of a message whose words another channel may still bring.
LOST = {MessageStatus.FAILED, MessageStatus.BOUNCED, MessageStatus.SUPPRESSED}


class WrittenInput(BaseModel):
    """A message as an operator writes it; `key` makes a form sent twice one message."""

    key: str = Field(min_length=8, max_length=60, pattern="^[a-zA-Z0-9-]+$")
    template_name: str = Field("", max_length=120)
    to_address: str = Field(min_length=1, max_length=300)
    cc_address: str = Field("", max_length=300)
    subject: str = Field("", max_length=300)
    text: str = Field(min_length=1, max_length=20_000)
    note: str = Field("", max_length=300)
    invoice_ids: list[int] = Field(default=[], description="invoices that go along as PDF")
    is_confirmed: bool = False
    about: int | None = Field(None, ge=1, le=10**15, description="the lost message it stands for")


def letters_of(
    typed: WrittenInput, channel: Channel, *, app: str, by: str, at: datetime
) -> list[Message]:
    """The messages to be stored: one, or of an SMS one to each number.

    Those are one contact with the customer: their keys differ in the last part alone.
    """
    if not typed.is_confirmed:
        raise ConfirmationRequired
    return [
        Message(
            key=f"hand/{typed.key}/{channel}{number if number > 1 else ''}",
            channel=channel,
            purpose=message_values.BY_HAND,
            to_address=address,
            cc_address=_copies(typed, channel),
            subject=" ".join(typed.subject.split()) if channel.has_subject else "",
            text=_text(typed, channel),
            note=typed.note,
            not_before=at,
            created_at=at,
            created_by=by,
        )
        for number, address in enumerate(_addresses(typed, channel, app=app), start=1)
    ]


def _addresses(typed: WrittenInput, channel: Channel, *, app: str) -> tuple[str, ...]:
    """Every address in the form in which it is stored: an e-mail goes to all of its own at once."""
    match channel:
        case Channel.EMAIL:
            return (check_addresses(typed.to_address, field="to_address"),)
        case Channel.APP:
            if not app:
                raise AddressRequired
            return (app,)
    try:
        return normalise_phones(typed.to_address)
    except Refusal as refusal:
        refusal.field = "to_address"
        raise


def _copies(typed: WrittenInput, channel: Channel) -> str:
    is_mail = channel == Channel.EMAIL
    return check_addresses(typed.cc_address, field="cc_address") if is_mail else ""


def _text(typed: WrittenInput, channel: Channel) -> str:
    if channel == Channel.SMS:
        return sms_text(typed.text)
    return typed.text.replace("\r\n", "\n")


async def lost_message(session: AsyncSession, asked: str, customer: Customer) -> Message | None:
    """The customer's message of that number; None for anything else."""
    number = int(asked) if asked.isdecimal() and len(asked) < 16 else 0
    found = await session.get(Message, number)
    return found if found is not None and found.customer_id == customer.id else None


async def case_of_letter(
    session: AsyncSession, about: int | None, customer: Customer
) -> Case | None:
    """That of the message it stands for, else that of collections."""
    lost = await lost_message(session, str(about or ""), customer)
    if lost is not None and lost.case_id is not None:
        return await cases.lock_case(session, lost.case_id)
    return await cases.case_of(session, process=Process.COLLECTIONS, subject_id=customer.id or 0)


async def other_ways(
    session: AsyncSession, message: Message, customer: Customer | None
) -> list[tuple[str, str]]:
    """Where what was lost may be written by another channel that reaches the customer."""
    if customer is None or MessageStatus(message.status) not in LOST:
        return []
    refused = {each.channel for each in await message_lists.opt_outs_of(session, customer.id or 0)}
    return [
        (f"/mensagens/clientes/{customer.id}/{each}?mensagem={message.id}", gettext(label))
        for each, label in message_values.CHANNELS.items()
        if each not in {message.channel, *refused} and await address_of(session, customer, each)
    ]
