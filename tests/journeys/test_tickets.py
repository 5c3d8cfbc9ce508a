"""Diaries of tickets: late and escalated, waited for, resolved, reopened by mail, closed."""

from __future__ import annotations

from datetime import time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import select
from temporalio.client import WorkflowUpdateFailedError

from activities.inbound_mail import handle, keep
from activities.tickets import NewTicket, open_ticket
from models.cases import Case, CaseEvent, case_of
from models.messages import Message
from models.sink import SinkMessage
from models.tickets import Ticket
from rules.business_days import ONE_DAY, local_date, next_business_day
from rules.business_days import Calendar as Hours
from rules.cases import Process
from rules.ticket_commands import ReplyTicket, ResolveTicket, WaitForCustomer
from rules.tickets import Channel
from tests import builders
from tests.conftest import House
from workflows.tickets import SupportTicket


class Diary:
    """A ticket that was opened on a Monday, or the first business day after, at ten."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def begin(self) -> Diary:
        day = local_date(self.house.clock.now) + ONE_DAY
        while day.weekday() != 0:
            day += ONE_DAY
        self.monday = next_business_day(day, calendar=Hours())
        await self.house.clock.forward_to_local(self.monday, time(10))
        async with self.house.database.write() as session:
            await builders.a_team(session, await builders.a_user(session, "ana"), code="suporte")
            customer = await builders.a_customer(session, email="maria@exemplo.test")
            new = NewTicket(
                key="diary", subject="Sem sinal", text="Parou", channel=Channel.PHONE,
                customer_id=customer.id,
            )  # fmt: skip
            self.ticket = await open_ticket(session, new, by="ana", at=self.house.clock.now)
        await self.house.clock.settle()
        self.workflow = self.house.client.get_workflow_handle_for(
            SupportTicket.run, (await self.case()).workflow_id
        )
        return self

    async def case(self) -> Case:
        async with self.house.database.read() as session:
            case = await case_of(session, process=Process.TICKETS, subject_id=self.ticket.number)
        assert case is not None
        return case

    async def stored(self) -> Ticket:
        async with self.house.database.read() as session:
            return await session.get_one(Ticket, self.ticket.id)

    async def give(self, update: Any, command: Any) -> dict[str, Any]:
        answer = await self.workflow.execute_update(update, command)
        await self.house.clock.settle()
        return answer

    async def mail(self, text: str) -> None:
        """The customer answers our newest letter."""
        async with self.house.database.read() as session:
            ours = (await session.exec(select(SinkMessage.provider_id))).all()
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "maria@exemplo.test", "Re: Sem sinal"
        mail["Message-ID"], mail["In-Reply-To"] = f"<{text}@exemplo.test>", ours[-1]
        mail.set_content(text)
        at, database = self.house.clock.now, self.house.database
        mail_id = await keep(
            database, mail.as_bytes(), sender="maria@exemplo.test", recipient="", at=at
        )
        await handle(database, self.house.settings, mail_id, at=at)
        await self.house.clock.settle()

    async def kinds(self) -> list[str]:
        async with self.house.database.read() as session:
            case = await self.case()
            statement = select(CaseEvent.kind).where(CaseEvent.case_id == case.id)
            return list(await session.exec(statement.order_by(CaseEvent.id)))

    async def told(self) -> list[tuple[str, str]]:
        async with self.house.database.read() as session:
            statement = select(Message.purpose, Message.status).where(Message.customer_id > 0)
            return list(await session.exec(statement.order_by(Message.id)))


async def test_a_ticket_from_its_opening_to_its_end(house: House) -> None:
    diary = await Diary(house).begin()

    # Monday 10:00: promised for 18:00; 17:00: warned, Tuesday 11:00: breached, 15:00: escalated
    assert (await diary.case()).next_kind == "warn_response"
    await house.clock.forward(days=1, hours=6)
    kinds = await diary.kinds()
    assert [kind for kind in kinds if "response" in kind] == [
        "warn_response", "breach_response", "escalate_response",
    ]  # fmt: skip
    assert (await diary.case()).breached_at is not None

    # Tuesday 16:00: answered and asked back: the resolution clock stands over the night
    await diary.give(SupportTicket.wait, WaitForCustomer("ana", "Qual o modelo?"))
    assert (await diary.stored()).stage == "waiting_customer"
    await house.clock.forward(hours=20)
    assert "breach_resolution" not in await diary.kinds()

    # Wednesday noon: the customer answers by mail: the clock goes on
    await diary.mail("E o X9")
    assert (await diary.stored()).stage == "in_progress"

    # An hour later it is solved; the customer is told
    await house.clock.forward(hours=1)
    await diary.give(SupportTicket.resolve, ResolveTicket("ana", "Trocado."))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await diary.give(SupportTicket.wait, WaitForCustomer("ana", "E agora?"))
    assert refused.value.cause.type == "TicketNotWorked"  # type: ignore[attr-defined]

    # The next day the customer writes that it is not: open again
    await house.clock.forward(days=1)
    await diary.mail("Parou de novo")
    assert (await diary.stored()).reopened == 1

    # Solved for good: five business days later it is closed, and its journey ends
    await diary.give(SupportTicket.reply, ReplyTicket("ana", "Estamos indo."))
    await diary.give(SupportTicket.resolve, ResolveTicket("ana", "Cabo novo."))
    await house.clock.forward(days=10)
    assert await diary.workflow.result() == "closed"
    told = await diary.told()
    assert [purpose for purpose, _ in told] == [
        "ticket_opened", "ticket_waiting", "ticket_resolved", "ticket_step", "ticket_reply",
        "ticket_resolved", "ticket_step",
    ]  # fmt: skip
    assert {status for _, status in told} == {"sent"}
    assert timedelta(0) < (await diary.stored()).closed_at - (await diary.stored()).resolved_at
