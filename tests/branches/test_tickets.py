"""Every branch of a support ticket."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from sqlmodel import col, select

from activities.inbound_mail import handle, keep
from activities.tickets import NewTicket, open_ticket
from docs.journeys import tickets
from models.database import Database
from models.messages import Message
from models.tickets import Ticket, TicketEntry
from rules.cases import Process
from rules.ticket_commands import (
    ChangePriority,
    CustomerAnswered,
    IdentifyRequester,
    LinkTicket,
    MergeTicket,
    NoteTicket,
    ReopenTicket,
    ReplyTicket,
    ResolveTicket,
    SplitTicket,
    TakeTicket,
    WaitForCustomer,
)
from rules.tickets import Channel, Subject
from settings import Settings
from tests import builders
from tests.support.paper import Paper


class Desk:
    """A support team and a customer."""

    def __init__(self, paper: Paper, settings: Settings) -> None:
        self.paper, self.database, self.settings = paper, paper.database, settings
        self.count = 0

    async def open(self) -> Ticket:
        """A ticket of the customer."""
        self.count += 1
        async with self.database.write() as session:
            new = NewTicket(
                key=f"b{self.count}", subject="Sem sinal", text="Parou", channel=Channel.PHONE,
                customer_id=self.customer_id,
            )  # fmt: skip
            ticket = await open_ticket(session, new, by="ana", at=self.paper.now)
        await self.paper.settle()
        return ticket

    async def furnish(self) -> Desk:
        async with self.database.write() as session:
            await builders.a_team(session, await builders.a_user(session, "ana"), code="suporte")
            customer = await builders.a_customer(session, code="C1", email="maria@exemplo.test")
            await builders.a_contract(session, customer, code="K1")
            self.customer_id = customer.id
        return self

    async def give(self, ticket: Ticket, command: Any) -> None:
        await self.paper.give(Process.TICKETS, ticket.number, command)

    async def mail(self, ticket: Ticket, text: str) -> None:
        """The customer answers the newest letter about a ticket."""
        async with self.database.write() as session:
            newest = select(Message).where(
                Message.channel == "email", col(Message.subject).contains(ticket.protocol)
            )
            letter = (await session.exec(newest.order_by(col(Message.id).desc()))).first()
            assert letter is not None
            letter.provider_id = letter.provider_id or f"<l{letter.id}@acerto.test>"
            answered = letter.provider_id
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "maria@exemplo.test", f"Re: {ticket.protocol}"
        mail["Message-ID"], mail["In-Reply-To"] = f"<{text}@exemplo.test>", answered
        mail.set_content(text)
        number = await keep(
            self.database, mail.as_bytes(), sender="maria@exemplo.test", recipient="",
            at=self.paper.now,
        )  # fmt: skip
        await handle(self.database, self.settings, number, at=self.paper.now)
        await self.paper.settle()

    async def stage(self, ticket: Ticket) -> str:
        async with self.database.read() as session:
            return (await session.get_one(Ticket, ticket.id)).stage


async def test_every_branch_of_a_ticket(database: Database, settings: Settings) -> None:
    desk = await Desk(Paper(database, settings), settings).furnish()
    late, answered, taken, asked, mailed, double = [await desk.open() for _ in range(6)]

    # Nobody answers the first; the others are begun in both ways
    await desk.give(taken, TakeTicket("ana"))
    for ticket in (answered, asked, mailed, double):
        await desk.give(ticket, ReplyTicket("ana", "Vamos ver"))
    await desk.give(answered, NoteTicket("ana", "Cabo antigo"))
    await desk.give(answered, ChangePriority("ana", 1, "hospital"))
    await desk.give(answered, LinkTicket("ana", Subject.CONTRACT, "K1"))
    await desk.give(answered, IdentifyRequester("ana", "C1"))
    async with database.read() as session:
        [first, *_] = await session.exec(
            select(TicketEntry).where(TicketEntry.ticket_id == answered.number)
        )
    await desk.give(answered, SplitTicket("ana", first.id or 0, "Outro assunto"))
    await desk.give(double, MergeTicket("ana", answered.protocol))

    # Waited for: answered by telephone, by mail, and never
    for ticket in (taken, asked, mailed):
        await desk.give(ticket, WaitForCustomer("ana", "Qual o modelo?"))
    await desk.give(taken, CustomerAnswered("ana", "X9"))
    await desk.mail(mailed, "x9")
    await desk.paper.forward(days=30)
    assert await desk.stage(asked) == "closed"

    # Resolved, not after all, twice; in the end closed by itself
    for ticket in (taken, mailed):
        await desk.give(ticket, ResolveTicket("ana", "Trocado"))
    await desk.give(taken, ReopenTicket("ana", "voltou"))
    await desk.mail(mailed, "parou-de-novo")
    for ticket in (taken, mailed):
        await desk.give(ticket, ResolveTicket("ana", "Cabo novo"))
    await desk.paper.forward(days=20)

    stages = [await desk.stage(each) for each in (late, answered, taken, asked, mailed, double)]
    assert stages == ["open", "in_progress", "closed", "closed", "closed", "merged"]
    assert desk.paper.left_out(tickets.JOURNEY) == []
