"""Mail that came in: kept, then made a ticket, joined to thread or case, or set aside."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities import attachments
from activities.asking import team_id_of
from activities.attachments import NewFile, store_of
from activities.bounces import take_bounce
from activities.case_mails import case_answered, join_case
from activities.inbound_threads import customer_of, new_mail_id, thread_of
from activities.tasks import NewTask, make_task
from activities.tickets import NewTicket, open_ticket
from models import cases, inbound_mails, outbox, tickets
from models.attachments import Subject
from models.calendars import load_service_calendar
from models.database import Database
from models.inbound_mails import AN_HOUR, InboundMail, Outcome
from models.messages import Message
from models.people import Deed, record
from models.policies import load_policy
from models.sender_accounts import own_addresses
from models.tickets import Ticket, TicketEntry
from rules.business_days import local_date
from rules.cases import SYSTEM, Process
from rules.due import due_after
from rules.inbound_mail import AsideReason, ReadMail, is_own, read_mail, without_quotes
from rules.refusals import Refusal
from rules.sentences import N_
from rules.tickets import Channel, EntryKind, TicketPolicy
from rules.tickets import Subject as LinkedTo
from settings import Settings

#: What mail servers write for a sender that wants no answer.
NULL_SENDER = "<>"


@dataclass(frozen=True)
class _Arrival:
    """A mail on its way to its place."""

    mail: InboundMail
    read: ReadMail
    policy: TicketPolicy
    at: datetime


async def keep(database: Database, raw: bytes, *, sender: str, recipient: str, at: datetime) -> int:
    """This will keep a mail before anything else is done with it; gives its identity."""
    envelope = (sender or NULL_SENDER)[:200]
    read = await understood(raw, envelope)
    mail = InboundMail(
        digest=sha256(raw).hexdigest(), received_at=at, sender=read.sender, recipient=recipient,
        envelope=envelope,
        subject=read.subject, mail_id=read.mail_id,
    )  # fmt: skip
    async with database.write() as session:
        kept = await inbound_mails.keep_mail(session, mail, raw)
        return kept.number


async def handle(database: Database, settings: Settings, mail_id: int, *, at: datetime) -> Outcome:
    """This will bring a kept mail to its place, once, however often it is called.

    One transaction, the files that came along included: a mail that counts as handled lost none.
    """
    read = await _kept(database, mail_id)
    async with database.write() as session:
        mail = await inbound_mails.lock_mail(session, mail_id)
        if mail.outcome != Outcome.PENDING:
            return Outcome(mail.outcome)
        arrival = _Arrival(mail, read, await load_policy(session, TicketPolicy()), at)
        outcome = await _place(session, arrival, settings)
        mail.outcome, mail.handled_at = outcome, at
        session.add(mail)
        if mail.ticket_id is not None and outcome in {Outcome.OPENED, Outcome.JOINED}:
            await _keep_files(session, settings, arrival, mail.ticket_id)
    return outcome


async def open_anyway(
    database: Database, settings: Settings, mail_id: int, *, by: str, at: datetime
) -> int:
    """This will open a ticket of a mail that was set aside, without answering it by itself.

    Opened already: the same ticket. Whoever asked is told only by what a person then writes.
    """
    read = await _kept(database, mail_id)
    async with database.write() as session:
        mail = await inbound_mails.lock_mail(session, mail_id)
        arrival = _Arrival(mail, read, await load_policy(session, TicketPolicy()), at)
        if mail.ticket_id is None:
            await _open_by_hand(session, arrival, settings, by=by)
        return mail.ticket_id or 0


async def understood(raw: bytes, envelope: str) -> ReadMail:
    """This will read a mail beside the event loop: one of 25 MB takes seconds."""
    return await asyncio.to_thread(read_mail, raw, envelope_sender=envelope)


async def _kept(database: Database, mail_id: int) -> ReadMail:
    """A mail that was kept, read before its row is locked: nobody waits for the database meanwhile.

    Refuses InboundMailNotFound.
    """
    async with database.read() as session:
        mail, raw = await inbound_mails.find_mail(session, mail_id)
    return await understood(raw, mail.envelope)


async def _open_by_hand(
    session: AsyncSession, arrival: _Arrival, settings: Settings, *, by: str
) -> None:
    mail, at = arrival.mail, arrival.at
    await _open(session, arrival, None, is_told=False)
    mail.outcome, mail.handled_at = Outcome.OPENED, at
    session.add(mail)
    ticket_id = mail.ticket_id or 0
    await _keep_files(session, settings, arrival, ticket_id)
    deed, subject = Deed(by, at), f"ticket/{ticket_id}"
    record(session, deed, "mail.opened", subject=subject, mail_id=mail.number)


async def _place(session: AsyncSession, arrival: _Arrival, settings: Settings) -> Outcome:
    if await inbound_mails.is_known(session, arrival.mail):
        return Outcome.REPEATED
    bounced = await take_bounce(session, arrival.mail, arrival.read.bounce, at=arrival.at)
    if bounced is not None:
        return bounced
    reason = await _aside_reason(session, arrival, settings)
    if reason is not None:
        return await _set_aside(session, arrival, reason)
    ticket = await thread_of(session, arrival.read)
    if ticket is not None and await _join(session, arrival, ticket):
        return Outcome.JOINED
    case = await case_answered(session, arrival.read) if ticket is None else None
    if case is not None:
        await join_case(session, arrival.mail, arrival.read, case, at=arrival.at)
        return Outcome.IN_CASE
    return await _open(session, arrival, ticket)


async def _aside_reason(
    session: AsyncSession, arrival: _Arrival, settings: Settings
) -> AsideReason | None:
    read = arrival.read
    own = frozenset({settings.support.address.lower(), settings.smtp.from_address.lower()})
    own |= await own_addresses(session)
    if not read.sender or "@" not in read.sender:
        return AsideReason.NO_SENDER
    if read.is_automatic or is_own(read, own_addresses=own) or await _is_ours(session, read):
        return AsideReason.LOOP
    if read.is_broken:
        return AsideReason.BROKEN
    since = arrival.mail.received_at - AN_HOUR
    count = await inbound_mails.mails_since(session, read.sender, since=since)
    return AsideReason.TOO_MANY if count > arrival.policy.mails_per_hour else None


async def _is_ours(session: AsyncSession, read: ReadMail) -> bool:
    """Whether we sent this very mail ourselves."""
    statement = select(Message.id).where(Message.provider_id == (read.mail_id or "-"))
    return (await session.exec(statement)).first() is not None


async def _set_aside(session: AsyncSession, arrival: _Arrival, reason: AsideReason) -> Outcome:
    """Kept as it came, and one task a day for each sender and reason: a storm is one task."""
    mail = arrival.mail
    mail.reason = reason
    calendar = await load_service_calendar(session, arrival.policy.calendar)
    sender = sha256(mail.sender.encode()).hexdigest()[:16]
    task = NewTask(
        key=f"inbound/{reason}/{sender}/{local_date(arrival.at)}",
        title=N_("E-mail a conferir: %(subject)s"),
        places={"subject": mail.subject or mail.sender},
        description=f"/chamados/emails?situacao={Outcome.SET_ASIDE}",
        due_at=due_after(arrival.at, business_days=1, calendar=calendar),
        process=Process.TICKETS,
        kind="inbound_mail",
        team_id=await team_id_of(session, arrival.policy.team),
        reason=ASIDE_WORDS[reason],
        consequence=N_("O e-mail fica guardado e ninguém responde a ele."),
    )
    await make_task(session, task, by=SYSTEM, at=arrival.at)
    return Outcome.SET_ASIDE


ASIDE_WORDS = {
    AsideReason.LOOP: N_("Resposta automática, lista ou mensagem nossa que voltou."),
    AsideReason.BROKEN: N_("O e-mail veio com defeito e não pôde ser lido por inteiro."),
    AsideReason.TOO_MANY: N_("O remetente mandou e-mails demais numa hora."),
    AsideReason.NO_SENDER: N_("O e-mail não diz de quem é."),
}


async def _join(session: AsyncSession, arrival: _Arrival, ticket: Ticket) -> bool:
    """Another line of the thread; False when the ticket is closed by now."""
    case = await cases.case_of(session, process=Process.TICKETS, subject_id=ticket.number)
    locked = await cases.lock_case(session, case.number) if case else None
    if locked is None or locked.closed_at is not None:
        return False
    read, mail = arrival.read, arrival.mail
    session.add(
        TicketEntry(
            ticket_id=ticket.number, at=mail.received_at, by=SYSTEM, kind=EntryKind.CUSTOMER,
            author=_name_of(read, ticket)[:200], text=without_quotes(read.text) or "—",
            mail_id=await new_mail_id(session, read), inbound_mail_id=mail.number,
        )
    )  # fmt: skip
    mail.ticket_id = ticket.number
    outbox.tell_case(session, locked, news_id=f"mail/{mail.number}", at=arrival.at)
    return True


def _name_of(read: ReadMail, ticket: Ticket) -> str:
    """As the mail says; without a name in it, as whoever asked is called on the ticket."""
    known = ticket.requester if read.sender == ticket.requester_email else ""
    return read.name or known or read.sender


async def _open(
    session: AsyncSession, arrival: _Arrival, closed: Ticket | None, *, is_told: bool = True
) -> Outcome:
    """A ticket of its own; where it answers a closed one, the two are linked."""
    read, mail = arrival.read, arrival.mail
    customer = await customer_of(session, read.sender, closed)
    new = NewTicket(
        key=f"mail/{mail.number}", subject=read.subject or "(sem assunto)",
        text=read.text or "—", channel=Channel.EMAIL, requester=read.name,
        requester_email=read.sender, customer_id=customer.id if customer else None,
        mail_id=await new_mail_id(session, read), inbound_mail_id=mail.number,
        is_told=is_told,
    )  # fmt: skip
    ticket = await open_ticket(session, new, by=SYSTEM, at=arrival.at)
    if closed is not None and closed.customer_id == ticket.customer_id:
        await tickets.add_link(
            session, ticket, subject=LinkedTo.TICKET, subject_id=closed.number,
            code=closed.protocol,
        )  # fmt: skip
    mail.ticket_id = ticket.number
    return Outcome.OPENED


async def _keep_files(
    session: AsyncSession, settings: Settings, arrival: _Arrival, ticket_id: int
) -> None:
    """What came along, with the ticket; what is not taken in stays in the mail itself."""
    deed, store, subject = (
        Deed(SYSTEM, arrival.at),
        store_of(settings),
        Subject(Process.TICKETS, ticket_id),
    )
    for file in arrival.read.files:
        new = NewFile(file.name, io.BytesIO(file.content), len(file.content), "Veio por e-mail")
        try:
            await attachments.attach_within(session, store, subject, new, deed=deed)
        except Refusal as refused:
            session.add(_refused_file(ticket_id, f"{file.name}: {refused}", arrival.at))


def _refused_file(ticket_id: int, text: str, at: datetime) -> TicketEntry:
    return TicketEntry(
        ticket_id=ticket_id, at=at, by=SYSTEM, kind=EntryKind.NOTE, author="",
        text=f"Anexo não guardado, só no e-mail original. {text}", heard_at=at,
    )  # fmt: skip
