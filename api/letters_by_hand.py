"""A message in somebody's own words, by page or program, and the rows that it becomes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.letters_by_hand import send_letters
from activities.messages import address_of
from api import letter_invoices, message_values
from api.dependencies import Principal
from api.forms import Key
from api.inputs import Input
from api.language import gettext
from models import message_lists
from models.customers import Customer, read_customer
from models.database import Database
from models.messages import Message
from models.people import Deed
from rules.mail_addresses import AddressRequired, check_addresses
from rules.messages import Channel, ConfirmationRequired, MessageStatus
from rules.phones import normalise_phones
from rules.refusals import Refusal
from rules.sms_text import sms_text

#: What became of a message whose words another channel may still bring.
LOST = {MessageStatus.FAILED, MessageStatus.BOUNCED, MessageStatus.SUPPRESSED}


class LetterInput(Input):
    """A message in somebody's words; without an address it goes to the one that is known."""

    to_address: str = Field("", max_length=300)
    cc_address: str = Field("", max_length=300)
    subject: str = Field("", max_length=300)
    text: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        min_length=1, max_length=20_000
    )
    note: str = Field("", max_length=300)
    invoice_ids: list[Key] = Field(default=[], description="invoices that go along as PDF")
    about: int | None = Field(None, ge=1, le=10**15, description="the lost message it stands for")


class WrittenInput(LetterInput):
    """A message as an operator types it; `key` makes a form sent twice one message."""

    to_address: str = Field(min_length=1, max_length=300)
    key: str = Field(min_length=8, max_length=60, pattern="^[a-zA-Z0-9-]+$")
    template_name: str = Field("", max_length=120)
    is_confirmed: bool = False


async def send_typed(
    database: Database,
    typed: WrittenInput,
    customer_id: int,
    channel: Channel,
    *,
    by: Principal,
    deed: Deed,
) -> list[Message]:
    """This will send what was typed and confirmed. Refuses ConfirmationRequired."""
    if not typed.is_confirmed:
        raise ConfirmationRequired
    return await send(database, typed, customer_id, channel, key=typed.key, by=by, deed=deed)


async def send(
    database: Database,
    typed: LetterInput,
    customer_id: int,
    channel: Channel,
    *,
    key: str,
    by: Principal,
    deed: Deed,
) -> list[Message]:
    """This will send a message to a customer; page and API share it. The same key again: nothing.

    Refuses what is wrong with an address or the text, and invoices to who may not see them.
    """
    async with database.read() as session:
        customer = await read_customer(session, customer_id)
        known = await address_of(session, customer, channel)
    if channel is Channel.APP or not typed.to_address:
        typed = typed.model_copy(update={"to_address": known})
    return await send_letters(
        database, _letters_of(typed, channel, key=key, deed=deed), customer, about=typed.about,
        invoice_ids=letter_invoices.picked(typed.invoice_ids, channel, by=by), deed=deed,
    )  # fmt: skip


def _letters_of(typed: LetterInput, channel: Channel, *, key: str, deed: Deed) -> list[Message]:
    """The messages to be stored: one, or of an SMS one to each number.

    Those are one contact with the customer: their keys differ in the last part alone.
    """
    return [
        Message(
            key=f"hand/{key}/{channel}{number if number > 1 else ''}",
            channel=channel,
            purpose=message_values.BY_HAND,
            to_address=address,
            cc_address=_copies(typed, channel),
            subject=" ".join(typed.subject.split()) if channel.has_subject else "",
            text=_text(typed, channel),
            note=typed.note,
            not_before=deed.at,
            created_at=deed.at,
            created_by=deed.by,
        )
        for number, address in enumerate(_addresses(typed.to_address, channel), start=1)
    ]


def _addresses(typed: str, channel: Channel) -> tuple[str, ...]:
    """Every address in the form in which it is stored: an e-mail goes to all of its own at once."""
    if not typed:
        raise AddressRequired
    match channel:
        case Channel.EMAIL:
            return (check_addresses(typed, field="to_address"),)
        case Channel.APP:
            return (typed,)
    try:
        return normalise_phones(typed)
    except Refusal as refusal:
        refusal.field = "to_address"
        raise


def _copies(typed: LetterInput, channel: Channel) -> str:
    is_mail = channel == Channel.EMAIL
    return check_addresses(typed.cc_address, field="cc_address") if is_mail else ""


def _text(typed: LetterInput, channel: Channel) -> str:
    if channel == Channel.SMS:
        return sms_text(typed.text)
    return typed.text.replace("\r\n", "\n")


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
