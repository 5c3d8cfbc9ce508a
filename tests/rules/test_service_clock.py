from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.business_days import (
    Calendar,
    CalendarKind,
    Window,
    add_business_seconds,
    at_local_time,
    weekday_windows,
)
from rules.service_clock import (
    Clock,
    ClockAlreadyStopped,
    ClockNotStopped,
    ClockOutOfOrder,
    clock_of_days,
    due_at,
    elapsed_seconds,
    reaches_at,
    resume,
    stop,
)
from rules.working_time import deadlines

pytestmark = pytest.mark.once

unhurried = settings(deadline=None)  # the first look at a year works out its holidays

HOUR = 3600
NATIONAL = Calendar()
LUNCH = weekday_windows((time(8), time(12)), (time(13), time(18)))  # nine hours a day
DESK = Calendar(windows=(*LUNCH, Window(5, time(8), time(12))))
ALWAYS = Calendar(windows=tuple(Window(day, time(0), time(0)) for day in range(7)))

calendars = st.sampled_from(
    [NATIONAL, Calendar(kind=CalendarKind.BANK), DESK, ALWAYS, Calendar(uf="SP")]
)
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda each: each.replace(microsecond=0))
seconds = st.integers(min_value=0, max_value=200 * HOUR)


def at(day, clock="09:00"):
    """An instant of March 2026 (the 9th is a Monday) on the clocks of Brasília."""
    return at_local_time(date(2026, 3, day), at=time.fromisoformat(clock))


def test_waiting_for_the_customer_stops_the_clock():
    clock = Clock(started_at=at(9, "08:00"), allowed_seconds=9 * HOUR)

    clock = stop(clock, at=at(9, "10:00"), reason="aguardando cliente")

    assert elapsed_seconds(clock, now=at(10, "15:00"), calendar=DESK) == 2 * HOUR
    assert due_at(clock, calendar=DESK) is None

    clock = resume(clock, at=at(10, "15:00"))

    assert elapsed_seconds(clock, now=at(10, "16:00"), calendar=DESK) == 3 * HOUR
    assert due_at(clock, calendar=DESK) == at(11, "12:00")


def test_half_of_the_time_stays_where_it_was_reached_before_a_stop():
    clock = Clock(started_at=at(9, "08:00"), allowed_seconds=4 * HOUR)
    clock = stop(clock, at=at(9, "11:00"), reason="aguardando cliente")

    assert reaches_at(clock, seconds=2 * HOUR, calendar=DESK) == at(9, "10:00")
    assert reaches_at(clock, seconds=3 * HOUR, calendar=DESK) == at(9, "11:00")
    assert reaches_at(clock, seconds=3 * HOUR + 1, calendar=DESK) is None


@pytest.mark.parametrize("start", ["07:00", "10:30", "17:59", "22:00"])
def test_a_clock_of_days_runs_out_at_the_closing_of_the_last(start):
    clock = clock_of_days(at(9, start), business_days=10, calendar=DESK)

    assert due_at(clock, calendar=DESK) == at(23, "18:00")


def test_a_stopped_clock_cannot_be_stopped_nor_a_running_one_resumed():
    running = Clock(started_at=at(9), allowed_seconds=HOUR)
    stopped = stop(running, at=at(10), reason="aguardando cliente")

    with pytest.raises(ClockNotStopped):
        resume(running, at=at(10))
    with pytest.raises(ClockAlreadyStopped):
        stop(stopped, at=at(11), reason="de novo")


def test_a_clock_is_not_stopped_or_resumed_before_its_last_record():
    running = Clock(started_at=at(9), allowed_seconds=HOUR)
    stopped = stop(running, at=at(10), reason="aguardando cliente")
    resumed = resume(stopped, at=at(11))

    with pytest.raises(ClockOutOfOrder):
        stop(running, at=at(8), reason="cedo demais")
    with pytest.raises(ClockOutOfOrder):
        resume(stopped, at=at(9))
    with pytest.raises(ClockOutOfOrder):
        stop(resumed, at=at(10), reason="cedo demais")


@unhurried
@given(instants, st.lists(seconds, min_size=1, max_size=6), seconds, calendars)
def test_a_clock_that_is_due_has_run_exactly_its_time(start, gaps, allowed, calendar):
    clock, instant = Clock(started_at=start, allowed_seconds=allowed), start
    for gap in gaps:
        instant += timedelta(seconds=gap)
        clock = (
            resume(clock, at=instant)
            if clock.is_stopped
            else stop(clock, at=instant, reason="aguardando cliente")
        )

    due = due_at(clock, calendar=calendar)

    if due is None:
        assert elapsed_seconds(clock, now=instant, calendar=calendar) < allowed
    else:
        assert elapsed_seconds(clock, now=due, calendar=calendar) == allowed


# Many deadlines at once


@unhurried
@given(st.lists(st.tuples(instants, seconds), min_size=1, max_size=20), calendars)
def test_many_deadlines_are_those_that_each_would_have_alone(asked, calendar):
    starts, allowed = zip(*asked, strict=True)

    found = deadlines(starts, seconds=allowed, calendar=calendar)

    assert found == [
        add_business_seconds(start, seconds=each, calendar=calendar)
        for start, each in zip(starts, allowed, strict=True)
    ]


def test_a_deadline_far_beyond_the_years_looked_at_is_found_all_the_same():
    scarce = Calendar(windows=(Window(0, time(9), time(10)),))  # an hour a week

    [found] = deadlines([at(9)], seconds=[300 * HOUR], calendar=scarce)

    assert found == add_business_seconds(at(9), seconds=300 * HOUR, calendar=scarce)


def test_no_deadlines_are_none():
    assert deadlines([], seconds=[], calendar=DESK) == []
