"""Whose a mail is: the thread that it answers, and the customer who wrote it."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, tickets
from models.customers import Customer, customers_with_address
from models.messages import Message
from models.tickets import Ticket, TicketEntry
from rules.cases import Process
from rules.inbound_mail import ReadMail
from rules.protocols import protocols_in


async def thread_of(session: AsyncSession, read: ReadMail) -> Ticket | None:
    """The ticket that the mail answers: by what it quotes, else by the protocol in its subject."""
    ticket = await _ticket_quoted(session, read.quoted)
    if ticket is None:
        for protocol in protocols_in(read.subject):
            found = await tickets.ticket_with_protocol(session, protocol)
            # A protocol can be guessed: only somebody of the same customer joins by it.
            if found is not None and await _belongs(session, found, read.sender):
                ticket = found
    while ticket is not None and ticket.merged_into_id is not None:
        ticket = await session.get_one(Ticket, ticket.merged_into_id)
    return ticket


async def customer_of(session: AsyncSession, sender: str, closed: Ticket | None) -> Customer | None:
    """Whose mail it is; an address of several customers is nobody's until a person says whose."""
    found = await customers_with_address(session, sender)
    if len(found) == 1:
        return found[0]
    if closed is not None and closed.customer_id in {each.id for each in found}:
        return await session.get(Customer, closed.customer_id)
    return None


async def _ticket_quoted(session: AsyncSession, quoted: tuple[str, ...]) -> Ticket | None:
    ours = (
        select(Ticket)
        .join(cases.Case, (col(cases.Case.subject_id) == col(Ticket.id)))
        .join(Message, col(Message.case_id) == col(cases.Case.id))
        .where(cases.Case.process == Process.TICKETS, col(Message.provider_id).in_(quoted))
    )
    theirs = (
        select(Ticket)
        .join(TicketEntry, col(TicketEntry.ticket_id) == col(Ticket.id))
        .where(col(TicketEntry.mail_id).in_(quoted))
    )
    if not quoted:
        return None
    return (await session.exec(ours)).first() or (await session.exec(theirs)).first()


async def _belongs(session: AsyncSession, ticket: Ticket, sender: str) -> bool:
    if sender == ticket.requester_email:
        return True
    known = await customers_with_address(session, sender)
    return ticket.customer_id is not None and ticket.customer_id in {each.id for each in known}


async def new_mail_id(session: AsyncSession, read: ReadMail) -> str | None:
    """Its Message-ID, unless another mail has used it already."""
    if not read.mail_id:
        return None
    statement = select(TicketEntry.id).where(TicketEntry.mail_id == read.mail_id)
    taken = (await session.exec(statement)).first()
    return None if taken else read.mail_id
