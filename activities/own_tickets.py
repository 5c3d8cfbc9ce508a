"""Tickets of a client's own people: opened and answered by them, not by the house in their name."""

from __future__ import annotations

from obstore.store import ObjectStore
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.attachments import NewFile, attach_within, file_digest
from activities.tickets import NewTicket, open_ticket
from models import cases, outbox, tickets
from models.attachments import Attachment, Subject, same_file
from models.cases import Case
from models.people import Deed, record
from models.sight import everything_seen
from models.tickets import Ticket, TicketEntry
from rules.cases import Process
from rules.refusals import Refusal
from rules.ticket_commands import TicketNotFound, check_text
from rules.tickets import EntryKind


class TicketOver(Refusal):
    message = "Este chamado já foi encerrado. Abra outro."


class TicketJoined(Refusal):
    message = "Este chamado passou a ser tratado no protocolo %(protocol)s. Escreva lá."


async def open_own(session: AsyncSession, new: NewTicket, deed: Deed) -> Ticket:
    """This will open a ticket of the asker's company; the same key gets the same ticket.

    Whom the house then tells and asks, the asker does not see: that is read with everybody's eyes.
    """
    with everything_seen():
        ticket = await open_ticket(session, new, by=deed.by, at=deed.at)
        record(session, deed, "ticket.opened", subject=f"ticket/{ticket.number}")
        return ticket


async def answer_own(
    session: AsyncSession, ticket_id: int, text: str, *, author: str, deed: Deed
) -> TicketEntry:
    """This will add a customer's line to the thread; the journey hears of it as of a mail.

    The same words again from the same person, as the last line: nothing. Refuses a ticket that is
    over (TicketOver) or goes on as another (TicketJoined), one of another company (TicketNotFound),
    and no words.
    """
    check_text(text)
    locked = await _locked(session, ticket_id)
    newest = (await tickets.entries_of(session, ticket_id))[-1]
    if (newest.kind, newest.by, newest.text) == (EntryKind.CUSTOMER, deed.by, text.strip()):
        return newest
    entry = TicketEntry(
        ticket_id=ticket_id, at=deed.at, by=deed.by, kind=EntryKind.CUSTOMER, author=author[:200],
        text=text.strip(),
    )  # fmt: skip
    session.add(entry)
    await session.flush()
    outbox.tell_case(session, locked, news_id=f"entry/{entry.id}", at=deed.at)
    record(session, deed, "ticket.reply_ticket", subject=f"ticket/{ticket_id}")
    return entry


async def attach_own(
    session: AsyncSession, store: ObjectStore, ticket_id: int, file: NewFile, *, deed: Deed
) -> Attachment:
    """This will keep a file of a customer's with their ticket.

    The same bytes from the same person again: the file that is there. Refuses a ticket that is over
    (TicketOver), one of another company (TicketNotFound), and what
    rules/attachments.py does not take in.
    """
    await _locked(session, ticket_id)
    subject = Subject(Process.TICKETS, ticket_id)
    known = await same_file(session, subject, file_digest(file), by=deed.by)
    if known is not None:
        return known
    return await attach_within(session, store, subject, file, deed=deed)


async def _locked(session: AsyncSession, ticket_id: int) -> Case:
    case = await cases.case_of(session, process=Process.TICKETS, subject_id=ticket_id)
    if case is None:
        raise TicketNotFound
    locked = await cases.lock_case(session, case.number)
    if locked.closed_at is not None:
        goes_on = await going_on(session, await session.get_one(Ticket, ticket_id))
        raise TicketJoined(protocol=goes_on.protocol) if goes_on else TicketOver
    return locked


async def going_on(session: AsyncSession, ticket: Ticket) -> Ticket | None:
    """The ticket that goes on for one that was merged, however often; None: it was not."""
    goes_on = None
    while ticket.merged_into_id is not None:
        goes_on = ticket = await session.get_one(Ticket, ticket.merged_into_id)
    return goes_on
