"""Writing messages: from a template to rows that deliver themselves, asked twice and made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import message_values
from activities.documents import Drawn
from activities.link_letters import link_values, mentions_link
from activities.templates import MessageNotRendered, Rendered, render, template_for
from models import messages
from models.app_accesses import with_app
from models.cases import Case
from models.customers import Customer
from models.message_templates import MessageTemplate
from models.messages import Message
from models.people import User
from models.policies import load_policy
from rules.debt_secrecy import check_secrecy
from rules.documents import hide_documents
from rules.message_templates import heeds_opt_out
from rules.messages import Channel, MessagePolicy, MessageStatus, Suppression

BOTH = (Channel.EMAIL, Channel.SMS)


async def write_to_customer(  # noqa: PLR0913 - a letter's heading; all but three have defaults
    session: AsyncSession,
    *,
    case: Case | None,
    customer: Customer,
    purpose: str,
    key: str,
    at: datetime,
    channels: Iterable[str] | None = None,
    values: Mapping[str, Any] | None = None,
    invoice_id: int | None = None,
    by: str = "system",
    respects_window: bool = True,
    requires_open_invoice: bool = True,
    because: Mapping[str, Any] | None = None,
) -> list[Message]:
    """This will write to a customer on each channel that has a template; same key: same messages.

    Without `channels` it goes by e-mail and SMS, and to the app of who uses it.

    The caller's `values` come over those of customer, debt, invoice and agreement, which are read
    here. A channel without address, opted out (of what is no legal notice) or switched off gives a
    suppressed message, a template that does not fit a failed one: no process stops for a letter.
    `because` is the rule that wrote it and the facts of this instant, for whoever asks why. Refuses
    PurposeUnknown.
    """
    letter = _Letter(
        case, customer, purpose, key, at, values or {}, invoice_id, by, respects_window,
        requires_open_invoice and invoice_id is not None, because or {},
    )  # fmt: skip
    asked = channels or await _usual(session, customer)
    written = [await _written(session, letter, channel) for channel in asked]
    return [message for message in written if message is not None]


async def write_to_user(
    session: AsyncSession,
    *,
    login: str,
    purpose: str,
    key: str,
    at: datetime,
    values: Mapping[str, Any] | None = None,
) -> Message:
    """This will e-mail somebody who works here, at any hour; the same key gets the same message.

    Without an address the message is suppressed. Refuses PurposeUnknown.
    """
    known = await messages.message_with_key(session, f"{key}/{Channel.EMAIL}")
    if known is not None:
        return known
    user = (await session.exec(select(User).where(User.login == login))).one()
    template = await _mail_template(session, purpose, at=at)
    facts = await message_values.user_values(session, user, at=at)
    message = _from_template(template, {**facts, **(values or {})}, key=key, by="system", at=at)
    message.respects_window = False
    _put_address(message, user.email)
    return await messages.queue_message(session, message)


@dataclass(frozen=True)
class EnclosedFile:
    """A file that goes with an e-mail."""

    name: str
    media_type: str
    content: bytes


async def write_to_address(  # noqa: PLR0913 - a letter's heading
    session: AsyncSession,
    *,
    case: Case | None,
    address: str,
    purpose: str,
    key: str,
    at: datetime,
    values: Mapping[str, Any],
    files: Iterable[EnclosedFile] = (),
    customer: Customer | None = None,
    by: str = "system",
    in_reply_to: str = "",
) -> Message:
    """This will e-mail a company that is no customer, or answer whoever wrote to us.

    That is no contact: neither hours, daily limit nor opt-out hold it back. The same key gets the
    same message; without an address it is suppressed. Refuses PurposeUnknown.
    """
    known = await messages.message_with_key(session, f"{key}/{Channel.EMAIL}")
    if known is not None:
        return known
    template = await _mail_template(session, purpose, at=at)
    standard = await message_values.standard_values(session, at=at)
    message = _from_template(template, {**standard, **values}, key=key, by=by, at=at)
    message.customer_id = customer.id if customer else None
    message.respects_window, message.in_reply_to = False, in_reply_to
    _put_address(message, address)
    queued = await _queued(session, message, case)
    for file in files:
        messages.attach(
            session, queued, name=file.name, content=file.content, content_type=file.media_type
        )
    return queued


async def write_by_hand(
    session: AsyncSession,
    message: Message,
    *,
    customer: Customer,
    case: Case | None = None,
    files: Iterable[Drawn] = (),
) -> Message:
    """This will send what an operator wrote; the caller fills in key, channel, addresses and text.

    Several addresses stand behind commas. Hours and daily limit hold for it as for any contact; a
    CPF leaves masked.
    The same key again gives the message that was written first, with the files of then. Refuses
    AmountToThirdParty, unless the policy lets amounts go to any number.
    """
    await _check_secrecy(session, message, customer)
    message.customer_id = customer.id
    message.subject = hide_documents(message.subject)[:300]
    message.text, message.html = hide_documents(message.text), hide_documents(message.html)
    if heeds_opt_out(message.purpose) and await messages.is_opted_out(
        session, customer_id=_identity(customer), channel=message.channel
    ):
        _suppress(message, Suppression.OPTED_OUT)
    queued = await _queued(session, message, case)
    for file in files if queued is message else ():
        messages.attach(session, queued, name=file.name, content=file.content)
    return queued


async def _check_secrecy(session: AsyncSession, message: Message, customer: Customer) -> None:
    policy = await load_policy(session, MessagePolicy())
    if message.channel == Channel.SMS and not policy.amounts_to_other_phones:
        known = {customer.mobile or ""}
        check_secrecy(message.text, phone=message.to_address, known=known)


async def _mail_template(session: AsyncSession, purpose: str, *, at: datetime) -> MessageTemplate:
    template = await template_for(session, code=purpose, channel=Channel.EMAIL, at=at)
    if template is None:
        raise LookupError(f"{purpose} has no template for e-mail")
    return template


@dataclass(frozen=True)
class _Letter:
    """What is written to a customer, on whichever channel."""

    case: Case | None
    customer: Customer
    purpose: str
    key: str
    at: datetime
    values: Mapping[str, Any]
    invoice_id: int | None
    by: str
    respects_window: bool
    requires_open_invoice: bool
    because: Mapping[str, Any]


async def _written(session: AsyncSession, letter: _Letter, channel: str) -> Message | None:
    """The message of one channel, stored; None when the purpose has no template for it."""
    known = await messages.message_with_key(session, f"{letter.key}/{channel}")
    if known is not None:
        return known
    template = await template_for(session, code=letter.purpose, channel=channel, at=letter.at)
    if template is None:
        return None
    values = await message_values.customer_values(
        session, letter.customer, invoice_id=letter.invoice_id, case=letter.case, at=letter.at
    )
    if "link" not in letter.values and mentions_link(template):
        values["link"] = await link_values(session, _identity(letter.customer), at=letter.at)
    message = _from_template(
        template, {**values, **letter.values}, key=letter.key, by=letter.by, at=letter.at
    )
    message.customer_id, message.invoice_id = letter.customer.id, letter.invoice_id
    message.respects_window = letter.respects_window
    message.requires_open_invoice = letter.requires_open_invoice
    await _address_to(session, message, letter.customer)
    return await _queued(session, message, letter.case, because=letter.because)


async def _queued(
    session: AsyncSession,
    message: Message,
    case: Case | None,
    *,
    because: Mapping[str, Any] | None = None,
) -> Message:
    message.case_id = case.id if case else None
    stored = await messages.queue_message(session, message, because=because)
    if stored is not message:
        return stored
    if case is not None and message.status != MessageStatus.QUEUED:
        messages.tell_history(session, message, case, at=message.created_at)
    return message


def _from_template(
    template: MessageTemplate, values: Mapping[str, Any], *, key: str, by: str, at: datetime
) -> Message:
    """A message that is not stored yet and has no address."""
    message = Message(
        key=f"{key}/{template.channel}",
        channel=template.channel,
        purpose=template.code,
        template_id=template.id,
        to_address="",
        not_before=at,
        created_at=at,
        created_by=by,
    )
    try:
        rendered = render(template, values)
    except MessageNotRendered as problem:
        rendered = Rendered(template.subject[:300], template.text, "")
        message.status, message.reason = MessageStatus.FAILED, f"template: {problem}"[:300]
    message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
    if not template.is_active:
        _suppress(message, Suppression.SWITCHED_OFF)
    return message


async def _address_to(session: AsyncSession, message: Message, customer: Customer) -> None:
    _put_address(message, await address_of(session, customer, message.channel))
    if heeds_opt_out(message.purpose) and await messages.is_opted_out(
        session, customer_id=_identity(customer), channel=message.channel
    ):
        _suppress(message, Suppression.OPTED_OUT)


async def address_of(session: AsyncSession, customer: Customer, channel: str) -> str:
    """Where a customer is reached on a channel; empty when not at all."""
    if channel == Channel.APP:
        return customer.code if await with_app(session, [_identity(customer)]) else ""
    return (customer.email if channel == Channel.EMAIL else customer.mobile) or ""


async def _usual(session: AsyncSession, customer: Customer) -> tuple[Channel, ...]:
    """The channels of a letter that names none: the app too, for who uses it."""
    return (*BOTH, Channel.APP) if await address_of(session, customer, Channel.APP) else BOTH


def _put_address(message: Message, address: str | None) -> None:
    message.to_address = address or ""
    if not address:
        _suppress(message, Suppression.NO_ADDRESS)


def _suppress(message: Message, reason: Suppression) -> None:
    message.status, message.reason = MessageStatus.SUPPRESSED, reason


def _identity(customer: Customer) -> int:
    assert customer.id is not None  # noqa: S101 - for the type: a stored row has one
    return customer.id
