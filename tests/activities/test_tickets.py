"""The moves of tickets, each in the transaction in which a journey would make it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from activities.ticket_files import StoreMissing
from models.colleagues import ColleagueOfClient
from models.database import Database
from models.messages import Message
from models.plans import SlaTable, SlaTarget
from models.protocols import next_protocol
from models.service_clocks import ServiceClock, clocks_of
from models.tickets import Ticket, TicketEntry, TicketPriorityRule
from rules import ticket_commands as commands
from rules.cases import News
from rules.ticket_commands import (
    ChangePriority,
    CustomerAnswered,
    NoteTicket,
    ReopenTicket,
    ReplyTicket,
    ResolveTicket,
    TakeTicket,
    WaitForCustomer,
)
from rules.tickets import EntryKind
from tests import builders
from tests.support.desk import AT, Support, a_support_team

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def support(database: Database) -> Support:
    return await a_support_team(database)


async def test_opening_promises_at_once_and_tells_customer_and_executive(support: Support) -> None:
    ticket = await support.opened()
    again = await support.opened()

    assert (ticket.protocol, again.id) == ("20260309000001", ticket.id)
    async with support.database.read() as session:
        first = (
            await session.exec(select(Message).where(Message.purpose == "ticket_opened"))
        ).one()
    assert first.to_address == "maria@exemplo.test"
    assert "20260309000001" in first.subject
    assert "Primeira resposta até: 09/03/2026 18:00" in first.text  # eight working hours
    assert await support.letters() == ["ticket_opened", "ticket_told"]
    assert await support.asked() == [("answer", None)]
    assert (await support.case(ticket)).next_kind == "warn_response"


async def test_words_make_a_ticket_urgent_and_the_sla_table_decides_the_time(
    support: Support,
) -> None:
    async with support.database.write() as session:
        session.add(TicketPriorityRule(code="r1", name="Queda", words="sem sinal", priority=1))
        table = await builders.stored(session, SlaTable(code="vip", name="VIP"))
        session.add(SlaTarget(sla_table_id=table.id, event="first_response", priority=1, amount=1))
        await builders.a_contract(session, support.customer, sla_table_id=table.id)

    ticket = await support.opened("Estou sem sinal")

    assert (ticket.priority, ticket.priority_reason) == (1, "Queda")
    async with support.database.read() as session:
        clocks = await clocks_of(session, (await support.case(ticket)).number)
    assert clocks["first_response"].row.due_at == AT + HOUR
    assert clocks["resolution"].row.due_at == AT + 8 * HOUR  # the house's own: until 18:00


async def test_the_first_reply_keeps_its_promise_and_the_second_changes_nothing(
    support: Support,
) -> None:
    ticket = await support.opened()

    answer = await support.move(ticket, ReplyTicket("ana", "Estamos vendo."), AT + HOUR)
    await support.move(ticket, ReplyTicket("ana", "Quase lá."), AT + 2 * HOUR)

    assert answer["stage"] == "in_progress"
    async with support.database.read() as session:
        stored = await session.get(Ticket, ticket.id)
        clock = (await clocks_of(session, (await support.case(ticket)).number))["first_response"]
    assert (stored.first_response_at, stored.owner) == (AT + HOUR, "ana")
    assert (clock.row.ended_at, clock.row.breached_at) == (AT + HOUR, None)
    assert await support.asked() == [("resolve", "ana")]


async def test_a_reply_never_leaves_its_files_behind(support: Support) -> None:
    ticket = await support.opened()

    with pytest.raises(StoreMissing):
        await support.move(ticket, ReplyTicket("ana", "Segue o boleto.", files=(1,)), AT + HOUR)

    assert "ticket_reply" not in await support.letters()


async def test_an_answer_leaves_without_a_whole_cpf(support: Support) -> None:
    ticket = await support.opened()

    await support.move(ticket, ReplyTicket("ana", "Seu CPF, 529.982.247-25, confere."), AT + HOUR)

    async with support.database.read() as session:
        statement = select(Message.text).where(Message.purpose == "ticket_reply")
        [said] = await session.exec(statement)
    assert "Seu CPF, ***.982.247-**, confere." in said


async def test_waiting_stops_the_resolution_clock_until_the_customer_writes(
    support: Support,
) -> None:
    ticket = await support.opened()
    await support.move(ticket, WaitForCustomer("ana", "Qual o modelo?"), AT + HOUR)
    assert await support.asked() == []
    async with support.database.write() as session:
        session.add(
            TicketEntry(
                ticket_id=ticket.number, at=AT + DAY, by="system", kind=EntryKind.CUSTOMER,
                author="Maria", text="O X9.",
            )
        )  # fmt: skip

    await support.move(ticket, News(), AT + DAY)

    async with support.database.read() as session:
        clock = (await clocks_of(session, (await support.case(ticket)).number))["resolution"]
    assert (await support.case(ticket)).stage == "in_progress"
    assert clock.clock.pauses[0].until == AT + DAY
    assert clock.row.due_at > clock.row.promised_at
    assert await support.asked() == [("resolve", "ana")]


async def test_an_answer_by_telephone_lets_the_clock_go_on(support: Support) -> None:
    ticket = await support.opened()
    await support.move(ticket, WaitForCustomer("ana", "Qual o modelo?"))

    answer = await support.move(ticket, CustomerAnswered("ana", "É o X9."), AT + HOUR)

    assert answer["stage"] == "in_progress"
    with pytest.raises(commands.TicketNotWaiting):
        await support.move(ticket, CustomerAnswered("ana", "De novo"), AT + HOUR)


async def test_nobody_answers_so_it_is_warned_breached_and_escalated(support: Support) -> None:
    ticket = await support.opened()

    happened = await support.let_pass(ticket, AT + 2 * DAY)

    assert happened[:3] == ["warn_response", "breach_response", "escalate_response"]
    async with support.database.read() as session:
        stored = await session.get(Ticket, ticket.id)
        told = list(await session.exec(select(Message.to_address).order_by(Message.id)))
    assert stored.breached_at == AT + 8 * HOUR
    assert {"lia@casa.test", "eva@casa.test"} <= set(told)
    assert ("escalate", "lia") in await support.asked()


async def test_a_silent_customer_is_nudged_given_up_on_and_the_ticket_closed(
    support: Support,
) -> None:
    ticket = await support.opened()
    await support.move(ticket, WaitForCustomer("ana", "Qual o modelo?"))

    happened = await support.let_pass(ticket, AT + 8 * DAY)
    # Waiting for the customer does not stop the law's seven days.
    asked = await support.asked()
    happened += await support.let_pass(ticket, AT + 40 * DAY)

    assert ("legal_answer", "lia") in asked
    assert happened == ["nudge", "legal_day", "give_up", "close"]
    case = await support.case(ticket)
    assert (case.stage, case.next_kind) == ("closed", None)
    assert case.closed_at is not None


async def test_a_reply_within_five_business_days_reopens(support: Support) -> None:
    ticket = await support.opened()
    await support.move(ticket, ResolveTicket("ana", "Trocado."), AT + HOUR)

    reopened = await support.move(ticket, ReopenTicket("ana", "Parou de novo"), AT + 6 * DAY)

    assert reopened["stage"] == "in_progress"
    async with support.database.read() as session:
        stored = await session.get(Ticket, ticket.id)
        clock = (await clocks_of(session, (await support.case(ticket)).number))["resolution"]
    assert (stored.reopened, stored.resolved_at) == (1, None)
    assert clock.is_running
    with pytest.raises(commands.TicketNotResolved):
        await support.move(ticket, ReopenTicket("ana", "Outra vez"), AT + 6 * DAY)


async def test_a_new_priority_changes_the_promises_but_not_what_was_promised_first(
    support: Support,
) -> None:
    ticket = await support.opened()

    await support.move(ticket, ChangePriority("ana", 1, "Cliente sem telefone"), AT + HOUR)

    async with support.database.read() as session:
        clocks = await clocks_of(session, (await support.case(ticket)).number)
    row = clocks["first_response"].row
    assert (row.due_at, row.promised_at) == (AT + 2 * HOUR, AT + 8 * HOUR)
    with pytest.raises(commands.SamePriority):
        await support.move(ticket, ChangePriority("ana", 1, "De novo"), AT + HOUR)


async def test_who_takes_a_ticket_has_its_task_and_a_note_tells_nobody(support: Support) -> None:
    ticket = await support.opened()

    await support.move(ticket, TakeTicket("ana"))
    before = await support.letters()
    await support.move(ticket, NoteTicket("ana", "Cliente difícil"))

    assert await support.asked() == [("answer", "ana")]
    assert await support.letters() == before == ["ticket_opened", "ticket_told", "ticket_step"]
    with pytest.raises(commands.TicketTextRequired):
        await support.move(ticket, NoteTicket("ana", " "))


async def test_no_clients_person_is_given_a_ticket(support: Support) -> None:
    async with support.database.write() as session:
        await builders.a_user(session, "otto", company_id=support.customer.id)
    ticket = await support.opened()

    with pytest.raises(ColleagueOfClient):
        await support.move(ticket, TakeTicket("ana", to="otto"))


async def test_while_somebody_is_away_the_substitute_is_asked(support: Support) -> None:
    async with support.database.write() as session:
        bia = await builders.a_user(session, "bia")
        ana = (await session.exec(select(builders.User).where(builders.User.login == "ana"))).one()
        ana.absent_until, ana.substitute_id = (AT + DAY).date(), bia.id
    ticket = await support.opened()

    await support.move(ticket, TakeTicket("ana"))

    assert await support.asked() == [("answer", "bia")]


async def test_two_people_at_once_hear_of_each_other(support: Support) -> None:
    async with support.database.write() as session:
        await builders.a_user(session, "bia")
    ticket = await support.opened()
    await support.move(ticket, TakeTicket("ana"))
    async with support.database.read() as session:
        read = (await session.exec(select(TicketEntry.id))).one()
    await support.move(ticket, ReplyTicket("ana", "Oi", seen_entry=read))

    with pytest.raises(commands.TicketAlreadyClaimed, match="ana"):
        await support.move(ticket, TakeTicket("bia"))
    with pytest.raises(commands.ThreadChanged):
        await support.move(ticket, ReplyTicket("bia", "Olá", seen_entry=read))

    await support.move(ticket, TakeTicket("ana", to="bia"))
    assert await support.asked() == [("resolve", "bia")]


async def test_two_who_ask_at_once_get_two_protocols(database: Database) -> None:
    async def one() -> str:
        async with database.write() as session:
            return await next_protocol(session, AT.date())

    given = await asyncio.gather(*(one() for _ in range(5)))

    assert sorted(given) == [f"20260309{n:06}" for n in range(1, 6)]


async def test_a_late_reply_is_breached_even_before_anybody_woke(support: Support) -> None:
    ticket = await support.opened()

    await support.move(ticket, ReplyTicket("ana", "Desculpe."), AT + 9 * HOUR)

    async with support.database.read() as session:
        rows = (await session.exec(select(ServiceClock).order_by(ServiceClock.id))).all()
    assert rows[0].breached_at == AT + 8 * HOUR


async def test_what_several_customers_write_is_gathered_for_the_owner(support: Support) -> None:
    owned = [await support.opened(text, requester="Maria") for text in ("um", "dois", "três")]
    for number, ticket in enumerate(owned):
        await support.move(ticket, TakeTicket("ana"), AT + HOUR)
        async with support.database.write() as session:
            session.add(
                TicketEntry(
                    ticket_id=ticket.number, at=AT + HOUR, by="system", author="Maria",
                    kind=EntryKind.CUSTOMER, text="E agora?",
                )
            )  # fmt: skip
        await support.move(ticket, News(), AT + HOUR + timedelta(minutes=number))

    async with support.database.read() as session:
        found = select(Message).where(Message.to_address == "ana@casa.test").order_by(Message.id)
        first, gathered = (await session.exec(found)).all()
    assert (first.purpose, gathered.purpose) == ("ticket_told", "task_digest")
    assert gathered.not_before is not None
    assert gathered.text.count("O prazo prometido ao cliente estoura.") == 2
