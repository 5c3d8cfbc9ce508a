"""Messages: every message as a row, what became of it, and who does not want any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, outbox
from models.base import facts, identity, instant, reference
from models.cases import Case
from rules.business_days import ONE_DAY, at_local_time
from rules.messages import (
    Channel,
    MessageNotFound,
    MessageStatus,
    Suppression,
    contact_key,
)


class Message(SQLModel, table=True):
    """One message to one address, and all that became of it. `key` keeps it from being made twice.

    `contact` is the key without the channel: an e-mail and an SMS of one step are one contact.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_customer", "customer_id", "sent_at"),
        Index("ix_messages_case", "case_id", "id"),
        Index("ix_messages_status", "status", "id"),
        Index("ix_messages_created", "created_at", "id"),
        Index("ix_messages_sent", "sent_at", "channel", "created_by", "customer_id"),
    )

    id: int | None = identity()
    key: str = Field(unique=True, max_length=160)
    contact: str = Field(default="", max_length=160)
    case_id: int | None = reference("cases.id", nullable=True, index=False)
    customer_id: int | None = reference("customers.id", nullable=True, index=False)
    invoice_id: int | None = reference("invoices.id", nullable=True, index=False)
    channel: str = Field(max_length=10)
    purpose: str = Field(max_length=40, description="which step of which process it serves")
    template_id: int | None = reference("message_templates.id", nullable=True, index=False)
    sender_account_id: int | None = reference("sender_accounts.id", nullable=True, index=False)
    to_address: str = Field(max_length=300)
    cc_address: str = Field(default="", max_length=300)
    subject: str = Field(default="", max_length=300)
    text: str = ""
    html: str = ""
    note: str = Field(default="", max_length=300)
    in_reply_to: str = Field(default="", max_length=250, description="Message-ID it answers")
    respects_window: bool = True
    requires_open_invoice: bool = False
    status: str = Field(default="queued", max_length=12)
    reason: str = Field(default="", max_length=300, description="why suppressed or failed")
    not_before: datetime = instant()
    attempts: int = 0
    attempted_at: datetime | None = instant(None)
    provider_id: str | None = Field(default=None, max_length=120, index=True)
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)
    sent_at: datetime | None = instant(None)
    delivered_at: datetime | None = instant(None)

    @property
    def number(self) -> int:
        """The message's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class MessageEvent(SQLModel, table=True):
    """One line of what became of a message; `facts` are those that decided it."""

    __tablename__ = "message_events"
    __table_args__ = (Index("ix_message_events_message", "message_id", "id"),)

    id: int | None = identity()
    message_id: int = reference("messages.id", index=False)
    at: datetime = instant()
    kind: str = Field(max_length=20)
    reason: str = Field(default="", max_length=300)
    facts: dict[str, Any] = facts()


class MessageAttachment(SQLModel, table=True):
    """A file that goes with an e-mail, kept as it was sent."""

    __tablename__ = "message_attachments"

    id: int | None = identity()
    message_id: int = reference("messages.id")
    name: str = Field(max_length=160)
    content_type: str = Field(default="application/pdf", max_length=80)
    content: bytes = Field(sa_type=LargeBinary)


class OptOut(SQLModel, table=True):
    """A channel on which a customer does not want to be reached."""

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("customer_id", "channel"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    channel: str = Field(max_length=10)
    at: datetime = instant()
    by: str = Field(max_length=60)


async def queue_message(
    session: AsyncSession, message: Message, *, because: Mapping[str, Any] | None = None
) -> Message:
    """This will store a message and have it delivered; the same key again gets the first one.

    A message that is suppressed or failed from the start is stored too, and goes nowhere. `because`
    is the rule that wrote it and the facts it went by.
    """
    existing = await message_with_key(session, message.key)
    if existing is not None:
        return existing
    message.contact = contact_key(message.key)
    session.add(message)
    await session.flush()
    record(
        session, message, kind=message.status, at=message.created_at, reason=message.reason,
        **(because or {}),
    )  # fmt: skip
    if message.status == MessageStatus.QUEUED:
        outbox.start_message(session, message.number, at=message.created_at)
    return message


def attach(
    session: AsyncSession,
    message: Message,
    *,
    name: str,
    content: bytes,
    content_type: str = "application/pdf",
) -> None:
    """This will send a file along with a stored message; in the transaction that queues it."""
    session.add(
        MessageAttachment(
            message_id=message.number, name=name, content=content, content_type=content_type
        )
    )


def record(
    session: AsyncSession, message: Message, *, kind: str, at: datetime, reason: str = "",
    **decided_by: Any,
) -> None:  # fmt: skip
    """This will add a line to what became of the message; facts are plain JSON values."""
    session.add(
        MessageEvent(
            message_id=message.number, at=at, kind=kind, reason=reason[:300], facts=decided_by
        )
    )


def tell_history(session: AsyncSession, message: Message, case: Case, *, at: datetime) -> None:
    """This will write what became of a message into its case's history: message_sent, …"""
    cases.record_event(
        session, case, kind=f"message_{message.status}", by="system", at=at,
        message_id=message.id, channel=message.channel, purpose=message.purpose,
        reason=message.reason,
    )  # fmt: skip


async def message_with_key(session: AsyncSession, key: str) -> Message | None:
    """The message that was made for this key, if it was."""
    return (await session.exec(select(Message).where(Message.key == key))).one_or_none()


async def of_contact(session: AsyncSession, contact: str) -> Sequence[Message]:
    """The messages of a contact, one a channel."""
    theirs = select(Message).where(col(Message.key).in_(_keys_of(contact)))
    return (await session.exec(theirs)).all()


def _keys_of(contact: str) -> list[str]:
    return [f"{contact}/{channel}" for channel in Channel]


async def lock_message(session: AsyncSession, message_id: int) -> Message:
    """This will read a message for changing it. Raises MessageNotFound.

    Its case is locked first, as journeys do that write to their messages.
    """
    case_id = (await session.exec(select(Message.case_id).where(Message.id == message_id))).first()
    if case_id is not None:
        await cases.lock_case(session, case_id)
    statement = select(Message).where(Message.id == message_id).with_for_update()
    message = (await session.exec(statement)).one_or_none()
    if message is None:
        raise MessageNotFound
    return message


async def reported(
    session: AsyncSession, *, provider_id: str, message_id: int | None
) -> Message | None:
    """This will read the message that a provider reports on, for changing it; None: not ours.

    `message_id` is what we put into the address that the provider calls back: a report may be
    faster than the record of the provider's own id.
    """
    known = select(Message.id).where(Message.provider_id == provider_id)
    unnamed = select(Message.id).where(
        Message.id == message_id,
        col(Message.provider_id).is_(None),
        Message.status == MessageStatus.SENDING,
    )
    found = (await session.exec(known)).first() or (await session.exec(unnamed)).first()
    return await lock_message(session, found) if found else None


async def known_provider_ids(session: AsyncSession, provider_ids: list[str]) -> set[str]:
    """Which of these provider's ids belong to messages of ours already."""
    statement = select(Message.provider_id).where(col(Message.provider_id).in_(provider_ids))
    return {provider_id for provider_id in await session.exec(statement) if provider_id}


async def is_opted_out(session: AsyncSession, *, customer_id: int, channel: str) -> bool:
    """Whether the customer does not want to be reached on this channel."""
    statement = select(OptOut.id).where(
        OptOut.customer_id == customer_id, OptOut.channel == channel
    )
    return (await session.exec(statement)).first() is not None


async def attachments_of(session: AsyncSession, message: Message) -> Sequence[MessageAttachment]:
    """The files that go with a message."""
    statement = select(MessageAttachment).where(MessageAttachment.message_id == message.id)
    return (await session.exec(statement.order_by(col(MessageAttachment.id)))).all()


def waiting_on(day: date) -> tuple[Any, ...]:
    """The messages to customers that wait for a day: conditions of a statement."""
    midnight, next_midnight = (at_local_time(each, at=time.min) for each in (day, day + ONE_DAY))
    return (
        col(Message.status) == MessageStatus.QUEUED, col(Message.customer_id).is_not(None),
        col(Message.not_before) >= midnight, col(Message.not_before) < next_midnight,
    )  # fmt: skip


async def withdraw_messages(
    session: AsyncSession, *, case_id: int, purposes: tuple[str, ...], at: datetime
) -> int:
    """This will keep a case's waiting messages of these purposes from leaving; gives how many."""
    which = (col(Message.case_id) == case_id, col(Message.purpose).in_(purposes))
    return await _withdraw(session, *which, at=at)


async def withdraw_contact(session: AsyncSession, contact: str, *, at: datetime) -> int:
    """This will keep what waits of a contact, on any channel, from leaving; gives how many."""
    return await _withdraw(session, col(Message.key).in_(_keys_of(contact)), at=at)


async def _withdraw(session: AsyncSession, *which: Any, at: datetime) -> int:
    statement = select(Message).where(*which, Message.status == MessageStatus.QUEUED)
    waiting = (await session.exec(statement.with_for_update())).all()
    for message in waiting:
        message.status, message.reason = MessageStatus.SUPPRESSED, Suppression.WITHDRAWN
        record(session, message, kind=message.status, at=at, reason=message.reason)
        session.add(message)
    return len(waiting)
