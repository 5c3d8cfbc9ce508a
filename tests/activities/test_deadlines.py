"""A calendar changes: which open deadlines it does not explain any more, and counting them anew."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlmodel import select

from activities.asking import Request, ask_team
from activities.deadlines import Recounted, recount_deadlines
from activities.inbox import edit
from activities.tickets import NewTicket, open_ticket
from models.calendars import Closure, load_calendar
from models.cases import Case, CaseEvent
from models.database import Database
from models.deadlines import older_versions
from models.outbox import OutboxEntry
from models.people import Deed
from models.service_clocks import ServiceClock, clocks_of
from models.tasks import Task, TaskChange
from rules.due import due_after
from rules.tickets import Channel
from tests import builders

#: Monday, 9 March 2026, 10:00 in Brasília.
AT = datetime(2026, 3, 9, 13, tzinfo=UTC)
TUESDAY = date(2026, 3, 10)
DEED = Deed("ana", AT)
ASKED = Request("Ligar", "Motivo", "Nada")


async def _open(database: Database) -> None:
    """A ticket with its two promises and task, and a task that is due in two business days."""
    async with database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "ana"), code="suporte")
        await open_ticket(
            session, NewTicket("k", "Sem sinal", "Parou", Channel.PHONE), by="ana", at=AT
        )
        case = (await session.exec(select(Case).where(Case.process == "tickets"))).one()
        due = due_after(AT, business_days=2, calendar=await load_calendar(session))
        await ask_team(session, case, "call", ASKED, due_at=due, at=AT, team="suporte")


async def _close_tuesday(database: Database) -> None:
    async with database.write() as session:
        session.add(Closure(day=TUESDAY, name="Aniversário da cidade"))


async def test_a_closure_makes_deadlines_old_and_recounting_moves_them(database: Database) -> None:
    await _open(database)
    async with database.read() as session:
        assert await older_versions(session) == []
        was = (await session.exec(select(Task).where(Task.kind == "call"))).one().due_at
    await _close_tuesday(database)

    async with database.read() as session:
        older = await older_versions(session)
    done = await recount_deadlines(database, DEED)
    again = await recount_deadlines(database, DEED)

    # The task on the banks' calendar; the ticket's two promises on that of the law
    assert [(each.calendar, each.tasks, each.clocks) for each in older] == [
        ("bank", 1, 0), ("national", 0, 2),
    ]  # fmt: skip
    assert done == Recounted(3, 2)  # the first response was due on Monday all the same
    assert again == Recounted(0, 0)
    assert was == AT.replace(day=11, hour=21)  # at the closing of the second day
    async with database.read() as session:
        assert await older_versions(session) == []
        task = (await session.exec(select(Task).where(Task.kind == "call"))).one()
        case = (await session.exec(select(Case).where(Case.process == "tickets"))).one()
        own = select(Case).where(Case.process == "tasks", Case.subject_id == task.id)
        assert (task.due_at, task.due_days) == (AT.replace(day=12, hour=21), 2)
        assert (await session.exec(own)).one().due_at == task.due_at
        told = list(await session.exec(select(CaseEvent).where(CaseEvent.kind == "recounted")))
        assert {each.parameters.get("clock") for each in told} == {None, "resolution"}
        clock = (await clocks_of(session, case.number))["resolution"].row
        assert clock.due_at is not None
        assert clock.due_at > clock.promised_at
        news = [each.news_id or "" for each in await session.exec(select(OutboxEntry))]
        assert sum(each.startswith("recount/") for each in news) == 2


async def test_tasks_due_by_a_promise_move_with_it(database: Database) -> None:
    await _open(database)
    async with database.write() as session:
        [clock] = await session.exec(
            select(ServiceClock).where(ServiceClock.kind == "first_response")
        )
        answer = (await session.exec(select(Task).where(Task.kind == "answer"))).one()
        assert (answer.due_at, answer.due_calendar) == (clock.due_at, "")
        session.add(Closure(day=AT.date(), name="Luto"))  # today, as was told too late

    await recount_deadlines(database, DEED)

    async with database.read() as session:
        [clock] = await session.exec(
            select(ServiceClock).where(ServiceClock.kind == "first_response")
        )
        answer = (await session.exec(select(Task).where(Task.kind == "answer"))).one()
        assert answer.due_at == clock.due_at
        assert answer.due_at.date() == TUESDAY


async def test_what_a_person_set_by_hand_is_left_alone(database: Database) -> None:
    await _open(database)
    by_hand = AT.replace(day=20)
    async with database.write() as session:
        task = (await session.exec(select(Task).where(Task.kind == "call"))).one()
        await edit(session, task.number, TaskChange(due_at=by_hand), DEED)
    await _close_tuesday(database)

    await recount_deadlines(database, DEED)

    async with database.read() as session:
        task = (await session.exec(select(Task).where(Task.kind == "call"))).one()
        assert (task.due_at, task.due_calendar, task.due_days) == (by_hand, "", None)
