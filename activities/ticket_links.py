"""What binds tickets: merged, split, linked to what they are about, and their customer found."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, or_, select

from activities.ticket_desk import Desk, tell_colleague, tell_customer, withdraw
from activities.ticket_promises import ask_anew, judge_anew, promise_anew
from activities.tickets import NewTicket, open_ticket
from models import cases, tickets
from models.attachments import Subject as FilesOf
from models.attachments import copy_attachments
from models.cases import Case
from models.contracts import Contract
from models.customers import CustomerContact, customer_with_code, keep_contact
from models.invoices import invoice_called
from models.received_contestations import ReceivedContestation
from models.tickets import Ticket, TicketEntry
from rules import ticket_commands as rules
from rules.cases import Process
from rules.sentences import N_
from rules.ticket_commands import (
    IdentifyRequester,
    LinkTicket,
    MergeTicket,
    SplitTicket,
)
from rules.tickets import CLOCKS, Channel, EntryKind, Subject, TicketStage

#: Of a row's number; a longer one is a protocol, and too great for PostgreSQL to compare with.
MOST_DIGITS = 9


async def obey(desk: Desk, command: Any) -> None:
    """This will carry out a command that binds the ticket to something else."""
    match command:
        case MergeTicket():
            await _merge(desk, command)
        case SplitTicket():
            await _split(desk, command)
        case LinkTicket():
            await _link(desk, command)
        case IdentifyRequester():
            await _identify(desk, command)


async def _merge(desk: Desk, command: MergeTicket) -> None:
    """The other ticket goes on for both; thread and files of this one are copied there."""
    rules.check_worked(desk.stage)
    other, case = await _other(desk, command.into.strip())
    for entry in await tickets.entries_of(desk.session, desk.ticket.number):
        desk.session.add(_copied(entry, other))
    here, there = (FilesOf(Process.TICKETS, each.number) for each in (desk.ticket, other))
    await copy_attachments(desk.session, here, there)
    desk.ticket.merged_into_id = other.number
    for event in CLOCKS:
        desk.end_clock(event)
    desk.ticket.closed_at = desk.at
    desk.record("merged", into=other.protocol)
    desk.move_to(TicketStage.MERGED, is_final=True)
    cases.record_event(
        desk.session, case, kind="took_in", by=desk.by, at=desk.at, protocol=desk.ticket.protocol
    )
    await tickets.add_link(
        desk.session, other, subject=Subject.TICKET, subject_id=desk.ticket.number,
        code=desk.ticket.protocol,
    )  # fmt: skip
    await withdraw(desk, N_("O chamado foi unido a outro."))
    await tell_customer(desk, "ticket_step", step="merged", text=other.protocol)


async def _other(desk: Desk, protocol: str) -> tuple[Ticket, Case]:
    """The ticket to merge into, and its case. Refuses what is no place for this one."""
    other = await tickets.ticket_with_protocol(desk.session, protocol)
    if other is None:
        raise rules.LinkNotFound(code=protocol, field="into")
    if other.number == desk.ticket.number:
        raise rules.MergeIntoItself
    if other.customer_id != desk.ticket.customer_id:
        raise rules.MergeOfAnother(protocol=protocol)
    case = await cases.case_of(desk.session, process=Process.TICKETS, subject_id=other.number)
    if case is not None:  # it may be closed, or merged itself, at this instant
        case = await cases.lock_case(desk.session, case.number)
    if case is None or case.closed_at is not None:
        raise rules.MergeIntoClosed(protocol=protocol)
    await desk.session.refresh(other)  # as it is now that nobody else moves it
    if not TicketStage(other.stage).is_worked:
        raise rules.MergeIntoResolved(protocol=protocol)
    return other, case


def _copied(entry: TicketEntry, other: Ticket) -> TicketEntry:
    """A line as it stood, in the thread of another ticket; its mail stays where it came."""
    kept = entry.model_dump(exclude={"id", "ticket_id", "mail_id"})
    return TicketEntry(**kept, ticket_id=other.number)


async def _split(desk: Desk, command: SplitTicket) -> None:
    entry = await desk.session.get(TicketEntry, command.entry_id)
    if entry is None or entry.ticket_id != desk.ticket.number or entry.kind != EntryKind.CUSTOMER:
        raise rules.EntryNotFound
    new = NewTicket(
        key=f"split/{entry.id}", subject=command.subject or desk.ticket.subject, text=entry.text,
        channel=Channel(desk.ticket.channel), requester=desk.ticket.requester,
        requester_email=desk.ticket.requester_email, customer_id=desk.ticket.customer_id,
        contract_id=desk.ticket.contract_id,
    )  # fmt: skip
    made = await open_ticket(desk.session, new, by=desk.by, at=desk.at)
    desk.record("split", protocol=made.protocol)
    for one, another in ((desk.ticket, made), (made, desk.ticket)):
        await tickets.add_link(
            desk.session, one, subject=Subject.TICKET, subject_id=another.number,
            code=another.protocol,
        )  # fmt: skip


async def _link(desk: Desk, command: LinkTicket) -> None:
    if command.is_removed:
        await _unlink(desk, command)
        return
    subject_id = await _found(desk, command)
    await tickets.add_link(
        desk.session, desk.ticket, subject=_kept_as(command.subject), subject_id=subject_id,
        code=command.code.strip(),
    )  # fmt: skip
    desk.record("linked", subject=command.subject, code=command.code)
    if command.subject == Subject.CONTRACT and desk.ticket.contract_id is None:
        desk.ticket.contract_id = subject_id
        if desk.stage.is_worked and await promise_anew(desk):
            await ask_anew(desk)


def _kept_as(subject: Subject) -> Subject:
    return Subject.CASE if subject == Subject.CONTESTATION else subject


async def _unlink(desk: Desk, command: LinkTicket) -> None:
    """As the page tells the link, whatever its code may name by now. Refuses LinkNotFound."""
    code = command.code.strip()
    for link in await tickets.links_of(desk.session, desk.ticket.number):
        if link.subject == _kept_as(command.subject) and link.code == code:
            await desk.session.delete(link)
            desk.record("unlinked", subject=command.subject, code=code)
            return
    raise rules.LinkNotFound(code=code)


async def _found(desk: Desk, command: LinkTicket) -> int:
    """What the code names, of the ticket's own customer. Refuses LinkNotFound."""
    code, customer_id = command.code.strip(), desk.ticket.customer_id
    number = int(code) if code.isdecimal() and len(code) <= MOST_DIGITS else 0
    if command.subject == Subject.INVOICE:
        invoice = await invoice_called(desk.session, code)
        found = invoice.id if invoice and invoice.customer_id == customer_id else None
    else:
        of_customer: dict[str, Any] = {
            Subject.CONTRACT: select(Contract.id).where(
                Contract.code == code, Contract.customer_id == customer_id
            ),
            Subject.CONTESTATION: _contestation(code, number).where(
                Case.customer_id == customer_id
            ),
            Subject.CASE: select(Case.id).where(Case.id == number, Case.customer_id == customer_id),
            Subject.TICKET: select(Ticket.id).where(
                Ticket.protocol == code, Ticket.customer_id == customer_id
            ),
        }
        found = (await desk.session.exec(of_customer[command.subject])).first()
    if found is None:
        raise rules.LinkNotFound(code=code)
    return int(found)


def _contestation(code: str, number: int) -> Any:
    """The case of a contestation, by its number or by the protocol that the customer has."""
    received = select(ReceivedContestation.contestation_id).where(
        ReceivedContestation.protocol == code
    )
    return select(Case.id).where(
        Case.process == Process.CONTESTATION,
        or_(col(Case.subject_id) == number, col(Case.subject_id).in_(received)),
    )


async def _identify(desk: Desk, command: IdentifyRequester) -> None:
    """The sender is known from now on, and the journey is the customer's."""
    customer = await customer_with_code(desk.session, command.customer.strip())
    if customer is None or customer.id is None:
        raise rules.CustomerNotKnown(code=command.customer)
    desk.ticket.customer_id = desk.case.customer_id = customer.id
    desk.ticket.executive = customer.executive
    if command.keeps_contact:
        contact = CustomerContact(
            customer_id=customer.id, email=desk.ticket.requester_email,
            name=desk.ticket.requester, created_at=desk.at, created_by=desk.by,
        )  # fmt: skip
        await keep_contact(desk.session, contact)
    desk.record("identified", customer=customer.name)
    if desk.stage.is_worked:
        is_raised, is_moved = await judge_anew(desk, customer), await promise_anew(desk)
        if is_raised or is_moved:
            await ask_anew(desk)
    await tell_colleague(desk, customer.executive, step="opened")
