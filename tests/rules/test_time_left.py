"""Working time as people count it: business days and hours."""

from __future__ import annotations

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
    business_seconds_between,
    deadline,
    next_working_instant,
    weekday_windows,
)
from rules.service_clock import clock_of_days
from rules.time_left import Span, in_business_days, in_days

pytestmark = pytest.mark.once

unhurried = settings(deadline=None)  # the first look at a year works out its holidays
HOUR = 3600
LUNCH = weekday_windows((time(8), time(12)), (time(13), time(18)))  # nine hours a day
DESK = Calendar(windows=(*LUNCH, Window(5, time(8), time(12))))
SCARCE = Calendar(windows=(Window(0, time(9), time(10)),))  # an hour a week
calendars = st.sampled_from([Calendar(), Calendar(kind=CalendarKind.BANK), DESK, Calendar(uf="SP")])
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda each: each.replace(microsecond=0))


def at(day, clock):
    """An instant of March 2026 (the 9th is a Monday) on the clocks of Brasília."""
    return at_local_time(date(2026, 3, day), at=time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("seconds", "since", "told"),
    [
        (0, at(9, "10:00"), Span(0, 0)),
        (HOUR, at(9, "10:00"), Span(0, HOUR)),
        (9 * HOUR - 1, at(9, "10:00"), Span(0, 9 * HOUR - 1)),
        (9 * HOUR, at(9, "10:00"), Span(1, 0)),
        (81 * HOUR, at(9, "10:00"), Span(8, 5 * HOUR)),  # a Saturday's four hours among them
        (3 * HOUR, at(13, "17:00"), Span(0, 3 * HOUR)),  # on Friday, into Saturday
        (9 * HOUR, at(8, "20:00"), Span(1, 0)),  # on Sunday: all of Monday
        (9 * HOUR, at(8, "10:00"), Span(1, 0)),  # whatever the hour of the Sunday
        (9 * HOUR, at(9, "07:00"), Span(1, 0)),  # a day that has not begun is whole
        (9 * HOUR, at(9, "08:00"), Span(1, 0)),
        (8 * HOUR, at(9, "09:00"), Span(0, 8 * HOUR)),  # what is left of it
        (89 * HOUR, at(9, "09:00"), Span(9, 4 * HOUR)),
    ],
)
def test_working_time_is_told_in_whole_business_days_and_the_rest(seconds, since, told):
    assert in_business_days(seconds, since=since, calendar=DESK) == told


def test_ten_business_days_are_ten_when_they_begin_and_nine_a_day_later():
    clock = clock_of_days(at(9, "18:00"), business_days=10, calendar=DESK)
    gone = 9 * HOUR

    begun = in_business_days(clock.allowed_seconds, since=at(9, "18:00"), calendar=DESK)
    later = in_business_days(clock.allowed_seconds - gone, since=at(10, "18:00"), calendar=DESK)

    assert (begun, later) == (Span(10, 0), Span(9, 0))


@unhurried
@given(st.integers(min_value=0, max_value=400 * HOUR), instants, calendars)
def test_no_time_is_lost_in_the_telling(seconds, instant, calendar):
    since = next_working_instant(instant, calendar=calendar) + timedelta(seconds=1)

    told = in_business_days(seconds, since=since, calendar=calendar)

    until = add_business_seconds(since, seconds=seconds, calendar=calendar)
    begins = deadline(since, business_days=told.days, calendar=calendar)
    assert begins <= until < deadline(since, business_days=told.days + 1, calendar=calendar)
    assert told.seconds == business_seconds_between(begins, end=until, calendar=calendar)


def test_years_of_a_calendar_with_an_hour_a_week_are_told_at_once():
    since = at(9, "09:00")

    told = in_business_days(300 * HOUR, since=since, calendar=SCARCE)

    assert told.days > 1400


def test_time_at_any_hour_is_told_in_days_of_the_clock():
    assert in_days(50 * HOUR) == Span(2, 2 * HOUR)
    assert in_days(0) == Span(0, 0)
