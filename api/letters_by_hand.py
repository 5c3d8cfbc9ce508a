"""A message as an operator writes it, and the rows that it becomes."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api import message_values
from models.messages import Message
from rules.mail_addresses import AddressRequired, check_addresses
from rules.messages import Channel, ConfirmationRequired
from rules.phones import normalise_phones
from rules.refusals import Refusal
from rules.sms_text import sms_text


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
