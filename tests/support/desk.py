"""A support team, and its tickets moved by hand, each move in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import select

from activities.ticket_moves import decide
from activities.tickets import NewTicket, open_ticket
from models.cases import Case, case_of, remember
from models.customers import Customer
from models.database import Database
from models.messages import Message
from models.tasks import Task
from models.tickets import Ticket
from rules.cases import Elapsed, Process
from rules.tickets import Channel
from tests import builders

AT = datetime(2026, 3, 9, 13, tzinfo=UTC)  # a Monday, 10:00 in Brasília


@dataclass
class Support:
    """A support team of ana, whose lead is lia, and one customer with an account executive."""

    database: Database
    customer: Customer

    async def opened(self, text: str = "Não funciona", **values: Any) -> Ticket:
        asked = {
            "key": f"t/{text}", "subject": "Internet", "text": text, "channel": Channel.PAGE,
            "customer_id": self.customer.id, "requester_email": "maria@exemplo.test",
        }  # fmt: skip
        async with self.database.write() as session:
            return await open_ticket(session, NewTicket(**{**asked, **values}), by="ana", at=AT)

    async def move(self, ticket: Ticket, command: Any, at: datetime = AT) -> dict[str, Any]:
        async with self.database.write() as session:
            case = await self._case(session, ticket)
            answer = await decide(session, case, command, at)
            key = f"{case.id}/{case.version}"
            remember(session, case, command_id=key, answer=answer, at=at)
            return answer

    async def let_pass(self, ticket: Ticket, until: datetime) -> list[str]:
        """What happens by itself until then."""
        happened = []
        while True:
            async with self.database.read() as session:
                case = await self._case(session, ticket)
            if case.next_at is None or case.next_at > until:
                return happened
            happened.append(str(case.next_kind))
            await self.move(ticket, Elapsed(step=case.next_kind), case.next_at)

    async def case(self, ticket: Ticket) -> Case:
        async with self.database.read() as session:
            return await self._case(session, ticket)

    async def letters(self) -> list[str]:
        async with self.database.read() as session:
            return list(await session.exec(select(Message.purpose).order_by(Message.id)))

    async def asked(self) -> list[tuple[str, str | None]]:
        """The open tasks: what is asked, and of whom."""
        async with self.database.read() as session:
            statement = select(Task.kind, Task.assignee).where(Task.finished_at.is_(None))
            return list(await session.exec(statement.order_by(Task.id)))

    @staticmethod
    async def _case(session, ticket: Ticket) -> Case:
        case = await case_of(session, process=Process.TICKETS, subject_id=ticket.number)
        assert case is not None
        return case


async def a_support_team(database: Database) -> Support:
    """This will furnish the team and its customer."""
    async with database.write() as session:
        ana = await builders.a_user(session, "ana", email="ana@casa.test")
        lia = await builders.a_user(session, "lia", email="lia@casa.test")
        await builders.a_user(session, "eva", email="eva@casa.test")
        team = await builders.a_team(session, ana, manager=lia, code="suporte")
        team.lead_id = lia.id
        customer = await builders.a_customer(session, email="maria@exemplo.test", executive="eva")
    return Support(database, customer)
