"""A message that was lost: the same word by the customer's next channel, once on each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import ladder_refresh, message_values
from activities.link_letters import link_values, mentions_link
from activities.messages import address_of
from activities.templates import MessageNotRendered, Rendered, render, template_for
from models import cases, contacts_made, messages
from models.bounces import is_blocked
from models.customers import Customer
from models.message_templates import MessageTemplate
from models.messages import Message
from rules import messages as rules
from rules.business_days import local_date
from rules.message_purposes.entries import Purpose
from rules.message_purposes.returned import MAIL_RETURNED
from rules.message_templates import BY_CODE, heeds_opt_out
from rules.messages import Channel

EVENT = "next_channel"
#: Of the same address that lost mail nobody is told again so soon.
TOLD_AGAIN = timedelta(days=30)
#: What a message by another channel has in common with the one that was lost.
KEPT = (
    "customer_id", "case_id", "invoice_id", "created_by", "respects_window",
    "requires_open_invoice",
)  # fmt: skip


async def write_by_next(session: AsyncSession, lost: Message, *, at: datetime) -> Message | None:
    """This will write what was lost by the next channel of its purpose that reaches the customer.

    Nothing (None) while another message of the same contact is on its way or arrived, once all
    channels were tried, and when the word is no longer true: each channel is written to once, by
    its key. An e-mail whose words no other channel carries is told of as having come back.
    """
    purpose = _word_of(lost)
    if purpose is None or lost.customer_id is None or await _is_over(session, lost, purpose, at):
        return None
    # Two channels that are lost at once look one after the other, or each would count on the other.
    statement = select(Customer).where(Customer.id == lost.customer_id)
    customer = (await session.exec(statement.with_for_update(key_share=True))).one()
    contact = await messages.of_contact(session, rules.contact_key(lost.key))
    if any(rules.is_under_way(each.status) for each in contact):
        return None
    tried = {each.channel for each in contact}
    for channel in rules.channels_after(lost.channel, purpose.channels):
        if channel in tried:
            continue
        new = await _new(session, lost, customer, purpose.code, channel, at=at)
        if new is not None:
            return await _queued(session, lost, new, at=at)
    return None


def _word_of(lost: Message) -> Purpose | None:
    """What the next channel says: the same, or that an e-mail came back; None: nothing."""
    purpose = BY_CODE.get(lost.purpose)
    if purpose is not None and len(purpose.channels) > 1:
        return purpose
    return BY_CODE[MAIL_RETURNED] if lost.channel == Channel.EMAIL else None


async def _is_over(session: AsyncSession, lost: Message, purpose: Purpose, at: datetime) -> bool:
    """Whether it is too late for the word: its day, its case, or something newer was said."""
    if purpose.is_for_today and local_date(lost.created_at) != local_date(at):
        return True
    if lost.case_id is not None:
        case = await cases.lock_case(session, lost.case_id)
        if case.closed_at is not None:
            return True
    if purpose.code == MAIL_RETURNED:
        since = at - TOLD_AGAIN
        return await contacts_made.is_told_of(session, lost, purpose=MAIL_RETURNED, since=since)
    return not purpose.is_legal_notice and await contacts_made.is_outdated(session, lost)


async def _new(
    session: AsyncSession, lost: Message, customer: Customer, code: str, channel: str, *,
    at: datetime,
) -> Message | None:  # fmt: skip
    """The message of a channel, not yet stored; None where it would not reach the customer."""
    template = await template_for(session, code=code, channel=channel, at=at)
    address = await address_of(session, customer, channel)
    if template is None or not template.is_active or not address:
        return None
    text = await _said(session, lost, customer, template, at=at)
    if text is None:
        return None
    new = Message(
        **{name: getattr(lost, name) for name in KEPT}, purpose=code,
        note=lost.to_address if code == MAIL_RETURNED else "",
        key=f"{rules.contact_key(lost.key)}/{channel}", channel=channel, template_id=template.id,
        to_address=address, subject=text.subject, text=text.text, html=text.html,
        not_before=at, created_at=at,
    )  # fmt: skip
    return None if await _is_closed(session, new) else new


async def _is_closed(session: AsyncSession, new: Message) -> bool:
    """Whether the channel would hold the message back: refused by the customer, or blocked."""
    is_refused = heeds_opt_out(new.purpose) and await messages.is_opted_out(
        session, customer_id=new.customer_id or 0, channel=new.channel
    )
    return is_refused or await is_blocked(session, new)


async def _said(
    session: AsyncSession,
    lost: Message,
    customer: Customer,
    template: MessageTemplate,
    *,
    at: datetime,
) -> Rendered | None:
    """The words of today; None when nothing is owed any more, or values are known to no row."""
    if ladder_refresh.is_of_ladder(lost):
        return await ladder_refresh.written_with(session, lost, template, at=at)
    case = await cases.lock_case(session, lost.case_id) if lost.case_id else None
    values = await message_values.customer_values(
        session, customer, invoice_id=lost.invoice_id, case=case, at=at
    )
    if template.code == MAIL_RETURNED:
        values["letter"] = {"subject": lost.subject, "address": lost.to_address}
    if mentions_link(template):
        values["link"] = await link_values(session, customer.id or 0, at=at)
    try:
        return render(template, values)
    except MessageNotRendered:
        return None


async def _queued(session: AsyncSession, lost: Message, new: Message, *, at: datetime) -> Message:
    queued = await messages.queue_message(session, new)
    messages.record(session, lost, kind=EVENT, at=at, channel=new.channel, message_id=queued.number)
    if lost.case_id is not None:
        case = await cases.lock_case(session, lost.case_id)
        cases.record_event(
            session, case, kind="message_next_channel", by="system", at=at,
            channel=new.channel, purpose=new.purpose, message_id=queued.number,
        )  # fmt: skip
    return queued
