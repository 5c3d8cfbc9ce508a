"""Clocks as rows: stopped, resumed, ended; on the registry's calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import select

from models.calendars import (
    CalendarCodeTaken,
    Closure,
    ServiceCalendar,
    load_service_calendar,
    save_calendar,
)
from models.cases import Case, open_case
from models.database import Database
from models.people import Deed
from models.service_clocks import (
    ClockStop,
    allow,
    clocks_of,
    end_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from rules.business_days import InvalidWindow, NoWorkingHours, Window, at_local_time
from rules.calendar_hours import HoursNotRead, read_week, written_week
from rules.service_clock import Allowance
from tests import builders

AT = datetime(2026, 3, 9, 11, tzinfo=UTC)  # a Monday, 08:00 in Brasília
DEED = Deed("ana", AT)
WEEK = read_week(dict.fromkeys(("monday", "tuesday"), "08:00-12:00, 13:00-18:00"))
HOUR = 3600


def clock_time(day: int, hour: str) -> datetime:
    return at_local_time(date(2026, 3, day), at=time.fromisoformat(hour))


async def a_case(session) -> Case:
    customer = await builders.a_customer(session)
    return await open_case(
        session, process="collections", subject_id=customer.id, customer_id=customer.id,
        stage="negotiating", by="ana", at=AT,
    )  # fmt: skip


async def a_calendar(session, windows=WEEK, **values) -> str:
    row = ServiceCalendar(**{"code": "desk", "name": "Mesa", **values})
    await save_calendar(session, row, windows, deed=DEED)
    return row.code


async def test_waiting_stops_a_clock_and_going_on_moves_its_due_instant(database: Database) -> None:
    async with database.write() as session:
        case = await a_case(session)
        calendar = await a_calendar(session)
        timed = await start_clock(
            session, case, "resolution", at=AT, allowed=Allowance(9), calendar=calendar
        )
        assert timed.row.promised_at == clock_time(9, "18:00")
        stop_clock(session, timed, reason="aguardando", by="ana", at=clock_time(9, "10:00"))
        assert (timed.row.due_at, timed.is_running) == (None, False)

    async with database.write() as session:
        timed = (await clocks_of(session, case.number))["resolution"]
        resume_clock(session, timed, by="bia", at=clock_time(10, "15:00"))

    async with database.read() as session:
        timed = (await clocks_of(session, case.number))["resolution"]
        [stop] = (await session.exec(select(ClockStop).order_by("id"))).all()
    # three hours of Tuesday; the calendar knows no Wednesday, so four more on Monday
    assert timed.row.due_at == clock_time(16, "12:00")
    assert timed.row.promised_at == clock_time(9, "18:00")
    assert (stop.reason, stop.by, stop.until_by) == ("aguardando", "ana", "bia")
    assert timed.left_seconds(clock_time(10, "16:00")) == 6 * HOUR


async def test_what_ends_in_time_is_kept_and_a_second_later_breached(database: Database) -> None:
    async with database.write() as session:
        case = await a_case(session)
        calendar = await a_calendar(session)
        kept = await start_clock(
            session, case, "first", at=AT, allowed=Allowance(1), calendar=calendar
        )
        late = await start_clock(
            session, case, "second", at=AT, allowed=Allowance(1), calendar=calendar
        )
        end_clock(session, kept, at=clock_time(9, "09:00:00"))
        end_clock(session, late, at=clock_time(9, "09:00:01"))

    assert (kept.row.breached_at, late.row.breached_at) == (None, clock_time(9, "09:00"))
    assert not kept.is_running


async def test_a_new_priority_counts_from_the_same_start(database: Database) -> None:
    async with database.write() as session:
        case = await a_case(session)
        timed = await start_clock(
            session, case, "first", at=AT, allowed=Allowance(1), calendar=await a_calendar(session)
        )
        allow(session, timed, Allowance(2), reminders=(), at=AT)

    assert timed.row.due_at == clock_time(9, "10:00")
    assert timed.row.promised_at == clock_time(9, "09:00")


async def test_a_running_clock_is_not_started_twice_and_an_ended_one_gets_a_new_round(
    database: Database,
) -> None:
    async with database.write() as session:
        case = await a_case(session)
        first = await start_clock(session, case, "resolution", at=AT, allowed=Allowance(1))
        again = await start_clock(session, case, "resolution", at=AT, allowed=Allowance(5))
        assert again.row.id == first.row.id
        end_clock(session, again, at=AT)
        second = await start_clock(session, case, "resolution", at=AT, allowed=Allowance(1))

    assert (first.row.round, second.row.round) == (1, 2)


async def test_a_calendar_without_hours_is_refused(database: Database) -> None:
    with pytest.raises(NoWorkingHours):
        async with database.write() as session:
            await a_calendar(session, windows=())


async def test_hours_that_cross_and_codes_taken_are_refused(database: Database) -> None:
    crossing = (Window(0, time(8), time(12)), Window(0, time(11), time(13)))
    with pytest.raises(InvalidWindow):
        async with database.write() as session:
            await a_calendar(session, windows=crossing)
    async with database.write() as session:
        await a_calendar(session)
        with pytest.raises(CalendarCodeTaken):
            await a_calendar(session)


async def test_a_city_s_holiday_counts_in_its_calendar_alone(database: Database) -> None:
    async with database.write() as session:
        here, there = await a_calendar(session), await a_calendar(session, code="other")
        before = (await load_service_calendar(session, here)).version
        session.add(Closure(day=date(2026, 3, 9), name="Aniversário", calendar="desk"))

    async with database.read() as session:
        desk, other = [await load_service_calendar(session, each) for each in (here, there)]
    assert (date(2026, 3, 9) in desk.closures, date(2026, 3, 9) in other.closures) == (True, False)
    assert desk.version != before


@pytest.mark.parametrize("line", ["8h-12h", "08:00", "25:00-26:00", "08:00-12:00 e 13:00-18:00"])
def test_hours_that_cannot_be_read_are_refused_beside_their_day(line: str) -> None:
    with pytest.raises(HoursNotRead) as refused:
        read_week({"friday": line})

    assert refused.value.field == "friday"


def test_a_week_is_written_as_it_is_typed() -> None:
    week = {"monday": "08:00-12:00, 13:00-18:00", "sunday": "00:00-24:00"}

    written = written_week(read_week(week))

    assert {day: line for day, line in written.items() if line} == week
