"""A contestation taken in from a ticket: its words, its files, and each naming the other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, literal, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, tickets
from models.attachments import Attachment, Subject, lock_content
from models.cases import Case, case_of
from models.contestations import Contestation
from models.invoices import Invoice
from models.people import Deed
from models.received_contestations import ReceivedContestation
from models.tickets import Ticket, TicketLink
from rules import tickets as rules
from rules.cases import Process
from rules.contestation_commands import ProtocolChannel
from rules.refusals import Refusal

MOST_TEXT = 500
CHANNELS = {
    rules.Channel.EMAIL: ProtocolChannel.EMAIL,
    rules.Channel.PHONE: ProtocolChannel.PHONE,
}


class TicketOfAnotherCustomer(Refusal):
    message = (
        "O chamado %(protocol)s é de outro cliente. Confira a fatura, ou quem pede no chamado."
    )
    field = "invoice"


@dataclass(frozen=True)
class Heard:
    """What a ticket says of a contestation: the customer's words, how they came, which invoice."""

    text: str
    channel: ProtocolChannel
    invoice: str


async def heard_in(session: AsyncSession, ticket: Ticket) -> Heard:
    """This will read from a ticket what the customer contests; an invoice that it names, if any."""
    said = [
        entry.text.strip()
        for entry in await tickets.entries_of(session, ticket.number)
        if entry.kind == rules.EntryKind.CUSTOMER and entry.text.strip()
    ]
    text = "\n\n".join([ticket.subject, *said])
    channel = CHANNELS.get(rules.Channel(ticket.channel), ProtocolChannel.PORTAL)
    short = text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1].rstrip() + "…"
    return Heard(short, channel, await _invoice_named(session, ticket, text))


def check_ticket(ticket: Ticket, invoice: Invoice) -> None:
    """This will refuse a ticket that is not of the invoice's customer (TicketOfAnotherCustomer)."""
    if ticket.customer_id != invoice.customer_id:
        raise TicketOfAnotherCustomer(protocol=ticket.protocol)


async def bind_ticket(
    session: AsyncSession,
    made: Contestation,
    received: ReceivedContestation,
    ticket: Ticket,
    *,
    deed: Deed,
) -> None:
    """This will bind a contestation to the ticket that it came by, and give it the files."""
    received.ticket_id = ticket.number
    session.add(received)
    case = await case_of(session, process=Process.CONTESTATION, subject_id=made.number)
    own = await case_of(session, process=Process.TICKETS, subject_id=ticket.number)
    assert case is not None  # noqa: S101 - it was opened with the contestation
    await tickets.add_link(
        session, ticket, subject=rules.Subject.CASE, subject_id=case.number, code=received.protocol
    )
    await _copy_files(session, ticket, made, deed=deed)
    _tell(session, case, "came_by_ticket", deed, protocol=ticket.protocol)
    if own is not None:
        _tell(session, own, "contested", deed, protocol=received.protocol)


async def _copy_files(
    session: AsyncSession, ticket: Ticket, made: Contestation, *, deed: Deed
) -> None:
    """The same bytes under another name: nothing is stored twice."""
    subject = Subject(Process.TICKETS, ticket.number)
    statement = select(Attachment).where(
        Attachment.process == subject.process,
        Attachment.subject_id == subject.id,
        col(Attachment.deleted_at).is_(None),
    )
    for file in await session.exec(statement.order_by(col(Attachment.id))):
        await lock_content(session, file.sha256)
        session.add(
            Attachment(
                process=Process.CONTESTATION, subject_id=made.number, name=file.name,
                media_type=file.media_type, size=file.size, sha256=file.sha256,
                description=file.description, added_at=deed.at, added_by=deed.by,
            )
        )  # fmt: skip


async def _invoice_named(session: AsyncSession, ticket: Ticket, text: str) -> str:
    """The invoice that the ticket is bound to, else the newest of the customer's it writes of."""
    linked = select(Invoice.code).join(TicketLink, col(TicketLink.subject_id) == col(Invoice.id))
    linked = linked.where(
        TicketLink.ticket_id == ticket.number, TicketLink.subject == rules.Subject.INVOICE
    )
    found = (await session.exec(linked.order_by(col(TicketLink.id).desc()))).first()
    if found is not None or ticket.customer_id is None:
        return found or ""
    written = literal(text.upper())
    named = select(Invoice.code).where(
        Invoice.customer_id == ticket.customer_id,
        or_(
            written.contains(func.upper(col(Invoice.code))),
            (col(Invoice.number) != "") & written.contains(func.upper(col(Invoice.number))),
        ),
    )
    return (await session.exec(named.order_by(col(Invoice.id).desc()))).first() or ""


def _tell(session: AsyncSession, case: Case, kind: str, deed: Deed, **told: str) -> None:
    cases.record_event(session, case, kind=kind, by=deed.by, at=deed.at, **told)
