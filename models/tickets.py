"""Support tickets: what was asked, the thread, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.contracts import Contract
from rules.tasks import Priority
from rules.ticket_commands import TicketNotFound
from rules.ticket_priority import PriorityRule, words_of
from rules.tickets import EntryKind, Subject, TicketStage


class TicketCategory(SQLModel, table=True):
    """What kind of matter a ticket is, and how urgent those usually are."""

    __tablename__ = "ticket_categories"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    priority: int = Field(default=2, ge=1, le=3)
    is_active: bool = True


class TicketPriorityRule(SQLModel, table=True):
    """A rule of urgency; what is blank fits everything, words stand behind commas."""

    __tablename__ = "ticket_priority_rules"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    category: str = Field(default="", max_length=40)
    customer: str = Field(default="", max_length=40)
    words: str = Field(default="", max_length=300)
    priority: int = Field(default=1, ge=1, le=3)
    is_active: bool = True


class CannedAnswer(SQLModel, table=True):
    """An answer that is written often."""

    __tablename__ = "canned_answers"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1)
    is_active: bool = True


class Ticket(SQLModel, table=True):
    """A matter of a customer; `protocol` is how both sides name it. Its stage is its case's too."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_opened", "opened_at", "id"),
        Index("ix_tickets_customer", "customer_id", "id"),
        Index("ix_tickets_due", "stage", "next_due_at", "id"),
    )

    id: int | None = identity()
    key: str = Field(unique=True, max_length=120, description="asked for twice, opened once")
    protocol: str = Field(unique=True, max_length=20)
    customer_id: int | None = reference("customers.id", nullable=True, index=False)
    contract_id: int | None = reference("contracts.id", nullable=True, index=False)
    category_id: int | None = reference("ticket_categories.id", nullable=True, index=False)
    subject: str = Field(max_length=200)
    channel: str = Field(max_length=10)
    requester: str = Field(default="", max_length=160, description="who asked, by name")
    requester_email: str = Field(default="", max_length=200, index=True)
    stage: str = Field(default=TicketStage.OPEN, max_length=20)
    stage_since: datetime = instant()
    priority: int = Field(default=Priority.NORMAL, ge=1, le=3)
    priority_reason: str = Field(default="", max_length=300, description="a rule, or a person's")
    owner: str | None = Field(default=None, max_length=60)
    executive: str | None = Field(default=None, max_length=60, description="account executive")
    opened_at: datetime = instant()
    opened_by: str = Field(max_length=60)
    next_due_at: datetime | None = instant(None)
    breached_at: datetime | None = instant(None)
    first_response_at: datetime | None = instant(None)
    resolved_at: datetime | None = instant(None)
    closed_at: datetime | None = instant(None)
    nudged_at: datetime | None = instant(None)
    reopened: int = 0
    merged_into_id: int | None = reference("tickets.id", nullable=True, index=False)

    @property
    def number(self) -> int:
        """The ticket's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class TicketEntry(SQLModel, table=True):
    """A line of the thread. `heard_at` is when the journey took a customer's into account."""

    __tablename__ = "ticket_entries"
    __table_args__ = (Index("ix_ticket_entries_ticket", "ticket_id", "id"),)

    id: int | None = identity()
    ticket_id: int = reference("tickets.id", index=False)
    at: datetime = instant()
    by: str = Field(max_length=60, description="login; system: whoever wrote by mail")
    kind: str = Field(max_length=10)
    author: str = Field(default="", max_length=200)
    text: str
    mail_id: str | None = Field(default=None, unique=True, max_length=250)
    inbound_mail_id: int | None = reference("inbound_mails.id", nullable=True, index=False)
    heard_at: datetime | None = instant(None)


class TicketLink(SQLModel, table=True):
    """What a ticket is about, beside its customer."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        UniqueConstraint("ticket_id", "subject", "subject_id"),
        Index("ix_ticket_links_subject", "subject", "subject_id"),
    )

    id: int | None = identity()
    ticket_id: int = reference("tickets.id", index=False)
    subject: str = Field(max_length=10)
    subject_id: int
    code: str = Field(max_length=60, description="as people name it")


async def ticket_of(session: AsyncSession, ticket_id: int) -> Ticket:
    """This will read a ticket for changing it. Raises TicketNotFound."""
    statement = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    ticket = (await session.exec(statement)).one_or_none()
    if ticket is None:
        raise TicketNotFound
    return ticket


async def ticket_with_key(session: AsyncSession, key: str) -> Ticket | None:
    """The ticket that was opened for this key, if it was."""
    return (await session.exec(select(Ticket).where(Ticket.key == key))).one_or_none()


async def ticket_with_protocol(session: AsyncSession, protocol: str) -> Ticket | None:
    """The ticket of that protocol; None when there is none."""
    return (await session.exec(select(Ticket).where(Ticket.protocol == protocol))).one_or_none()


async def entries_of(session: AsyncSession, ticket_id: int) -> Sequence[TicketEntry]:
    """The thread, the oldest first."""
    statement = select(TicketEntry).where(TicketEntry.ticket_id == ticket_id)
    return (await session.exec(statement.order_by(col(TicketEntry.id)))).all()


async def unheard_of(session: AsyncSession, ticket_id: int) -> Sequence[TicketEntry]:
    """What the customer wrote and the journey did not take into account yet."""
    statement = select(TicketEntry).where(
        TicketEntry.ticket_id == ticket_id,
        TicketEntry.kind == EntryKind.CUSTOMER,
        col(TicketEntry.heard_at).is_(None),
    )
    return (await session.exec(statement.order_by(col(TicketEntry.id)))).all()


async def newest_entry_of(session: AsyncSession, ticket_id: int) -> int:
    """The identity of the newest line that is not a note; 0 for an empty thread."""
    statement = select(func.max(TicketEntry.id)).where(
        TicketEntry.ticket_id == ticket_id, TicketEntry.kind != EntryKind.NOTE
    )
    return (await session.exec(statement)).one() or 0


async def newest_mail_id(session: AsyncSession, ticket_id: int) -> str:
    """The Message-ID of the customer's newest mail, which an answer names; none: empty."""
    statement = select(TicketEntry.mail_id).where(
        TicketEntry.ticket_id == ticket_id, col(TicketEntry.mail_id).is_not(None)
    )
    return (await session.exec(statement.order_by(col(TicketEntry.id).desc()))).first() or ""


async def links_of(session: AsyncSession, ticket_id: int) -> Sequence[TicketLink]:
    """What the ticket is about."""
    statement = select(TicketLink).where(TicketLink.ticket_id == ticket_id)
    return (await session.exec(statement.order_by(col(TicketLink.id)))).all()


async def add_link(
    session: AsyncSession, ticket: Ticket, *, subject: Subject, subject_id: int, code: str
) -> None:
    """This will say what the ticket is about; said again: nothing."""
    statement = select(TicketLink.id).where(
        TicketLink.ticket_id == ticket.number,
        TicketLink.subject == subject,
        TicketLink.subject_id == subject_id,
    )
    if (await session.exec(statement)).first() is None:
        session.add(
            TicketLink(
                ticket_id=ticket.number, subject=subject, subject_id=subject_id, code=code[:60]
            )
        )


async def priority_rules(session: AsyncSession) -> list[PriorityRule]:
    """The rules of urgency in use."""
    statement = select(TicketPriorityRule).where(col(TicketPriorityRule.is_active))
    return [
        PriorityRule(
            row.name, Priority(row.priority), row.category, row.customer, words_of(row.words)
        )
        for row in await session.exec(statement.order_by(TicketPriorityRule.name))
    ]


async def sla_table_of(session: AsyncSession, ticket: Ticket) -> int | None:
    """The SLA table that the ticket's contract names; without one, of the customer's only one."""
    if ticket.contract_id is not None:
        return (await session.get_one(Contract, ticket.contract_id)).sla_table_id
    statement = select(Contract.sla_table_id).where(
        Contract.customer_id == ticket.customer_id, col(Contract.sla_table_id).is_not(None)
    )
    found = set(await session.exec(statement)) if ticket.customer_id else set()
    return found.pop() if len(found) == 1 else None
