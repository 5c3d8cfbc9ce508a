import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.business_days import (
    Calendar,
    CalendarKind,
    InvalidWindow,
    NoWorkingHours,
    UnknownState,
    Window,
    add_business_days,
    add_business_seconds,
    add_months,
    at_local_time,
    business_seconds_between,
    closing,
    deadline,
    is_business_day,
    local_date,
    months_end,
    next_business_day,
    next_working_instant,
    weekday_windows,
)

pytestmark = pytest.mark.once

unhurried = settings(deadline=None)  # the first look at a year works out its holidays

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
HOUR = 3600
NATIONAL = Calendar()
BANK = Calendar(kind=CalendarKind.BANK)
LUNCH = weekday_windows((time(8), time(12)), (time(13), time(18)))  # nine hours a day
DESK = Calendar(windows=(*LUNCH, Window(5, time(8), time(12))))
ALWAYS = Calendar(windows=tuple(Window(day, time(0), time(0)) for day in range(7)))

calendars = st.sampled_from([NATIONAL, BANK, DESK, ALWAYS, Calendar(uf="SP")])
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
seconds = st.integers(min_value=0, max_value=200 * HOUR)


def at(day, clock="09:00"):
    """An instant of March 2026 (the 9th is a Monday) on the clocks of Brasília."""
    return at_local_time(date(2026, 3, day), at=time.fromisoformat(clock))


# Business days


@pytest.mark.parametrize(("name", "start", "count", "expected"), VECTORS["business_days"])
def test_business_days_are_counted_as_anbima_counts_them(name, start, count, expected):
    kind, _, uf = name.partition("+")
    calendar = Calendar(kind=CalendarKind(kind), uf=uf or None)
    first, last = date.fromisoformat(start), date.fromisoformat(expected)

    assert add_business_days(first, days=count, calendar=calendar) == last


@pytest.mark.parametrize(
    ("day", "national", "bank"),
    [
        (date(2026, 2, 13), True, True),
        (date(2026, 2, 16), True, False),  # Carnival Monday
        (date(2026, 2, 17), True, False),  # Carnival Tuesday
        (date(2026, 2, 18), True, True),  # Ash Wednesday
        (date(2026, 6, 4), True, False),  # Corpus Christi
        (date(2026, 11, 20), False, False),  # Zumbi, a holiday since 2024
        (date(2023, 11, 20), True, True),
        (date(2026, 12, 24), True, True),
        (date(2026, 12, 25), False, False),
        (date(2026, 3, 14), False, False),  # a Saturday
    ],
)
def test_banks_also_close_at_carnival_and_corpus_christi(day, national, bank):
    assert is_business_day(day, calendar=NATIONAL) is national
    assert is_business_day(day, calendar=BANK) is bank


def test_state_holidays_and_closures_are_days_off():
    revolution_day = date(2026, 7, 9)
    city_day = date(2026, 3, 10)

    assert is_business_day(revolution_day, calendar=NATIONAL)
    assert not is_business_day(revolution_day, calendar=Calendar(uf="SP"))
    assert not is_business_day(city_day, calendar=Calendar(closures=frozenset({city_day})))


def test_a_state_that_does_not_exist_is_refused():
    with pytest.raises(UnknownState, match="A UF XX não existe"):
        Calendar(uf="XX")


@pytest.mark.parametrize(("day", "expected"), [(13, 13), (14, 16), (15, 16), (16, 16)])
def test_the_next_business_day_may_be_the_day_itself(day, expected):
    found = next_business_day(date(2026, 3, day), calendar=BANK)

    assert found == date(2026, 3, expected)


def test_counting_back_from_a_weekend_reaches_friday_first():
    saturday = date(2026, 3, 14)

    assert add_business_days(saturday, days=-1, calendar=BANK) == date(2026, 3, 13)
    assert add_business_days(saturday, days=1, calendar=BANK) == date(2026, 3, 16)
    assert add_business_days(saturday, days=0, calendar=BANK) == saturday


@unhurried
@given(days, st.integers(min_value=0, max_value=300), calendars)
def test_business_days_added_can_be_taken_off_again(day, count, calendar):
    start = next_business_day(day, calendar=calendar)
    end = add_business_days(start, days=count, calendar=calendar)

    assert add_business_days(end, days=-count, calendar=calendar) == start


@unhurried
@given(days, days, st.integers(min_value=-100, max_value=100), calendars)
def test_a_later_start_never_ends_earlier(one, other, count, calendar):
    earlier, later = sorted([one, other])

    first = add_business_days(earlier, days=count, calendar=calendar)

    assert first <= add_business_days(later, days=count, calendar=calendar)


# Months


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 15), -3, date(2025, 12, 15)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(start, months, expected):
    assert add_months(start, months=months) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 15)),
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2026, 8, 31), 1, date(2026, 10, 1)),
    ],
)
def test_a_term_is_over_on_its_day_or_the_one_right_after(start, months, expected):
    assert months_end(start, months=months) == expected


def test_a_series_of_the_31st_comes_back_to_the_31st_after_february():
    february = add_months(date(2026, 1, 31), months=1)

    assert add_months(february, months=1) == date(2026, 3, 28)
    assert add_months(february, months=1, on_day=31) == date(2026, 3, 31)


# Local time


def test_nine_in_brasilia_is_noon_in_utc_and_thirteen_for_manaus():
    assert at_local_time(date(2026, 3, 9), at=time(9)) == datetime(2026, 3, 9, 12, tzinfo=UTC)
    manaus = at_local_time(date(2026, 3, 9), at=time(9), zone="America/Manaus")
    assert manaus == datetime(2026, 3, 9, 13, tzinfo=UTC)
    assert manaus.tzinfo is UTC


def test_summer_time_that_brazil_still_kept_in_2018_is_known():
    assert at_local_time(date(2018, 12, 3), at=time(9)).hour == 11


@pytest.mark.parametrize(("clock", "day"), [("02:59", 8), ("03:00", 9), ("03:01", 9)])
def test_the_local_date_changes_at_midnight_in_brasilia(clock, day):
    instant = datetime.combine(date(2026, 3, 9), time.fromisoformat(clock), tzinfo=UTC)

    assert local_date(instant) == date(2026, 3, day)


def test_an_instant_without_a_time_zone_is_not_guessed():
    with pytest.raises(ValueError, match="no time zone"):
        local_date(datetime(2026, 3, 9, 12))  # noqa: DTZ001 - that is the point


# Deadlines


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (at(9, "10:15"), at(11, "10:15")),
        (at(9, "07:00"), at(11, "08:00")),  # before the opening
        (at(9, "12:00"), at(11, "12:00")),  # at the closing before lunch
        (at(9, "12:30"), at(11, "13:00")),  # at lunch
        (at(9, "23:30"), at(11, "18:00")),  # 02:30 UTC of the 10th is still the 9th here
        (at(12, "10:00"), at(16, "10:00")),  # over a weekend
        (at(14, "10:00"), at(17, "10:00")),  # on a Saturday
    ],
)
def test_two_business_days_end_at_the_same_time_within_working_hours(start, due):
    assert deadline(start, business_days=2, calendar=DESK) == due


def test_a_deadline_may_lie_before_its_instant_for_a_reminder():
    assert deadline(at(11), business_days=-2, calendar=DESK) == at(9)


def test_a_deadline_of_no_days_is_the_next_working_instant():
    assert deadline(at(14, "13:00"), business_days=0, calendar=DESK) == at(16, "08:00")


def test_a_deadline_on_a_weekday_without_hours_waits_for_the_next_opening():
    no_tuesdays = Calendar(windows=tuple(w for w in LUNCH if w.weekday != 1))

    assert deadline(at(9), business_days=1, calendar=no_tuesdays) == at(11, "08:00")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at(9, "08:00"), 2, at(11, "18:00")),
        (at(9, "17:59"), 2, at(11, "18:00")),
        (at(9, "12:30"), 2, at(11, "18:00")),  # at lunch
        (at(9, "23:30"), 2, at(11, "18:00")),  # 02:30 UTC of the 10th is still the 9th here
        (at(12, "10:00"), 2, at(16, "18:00")),  # over a weekend
        (at(14, "10:00"), 2, at(17, "18:00")),  # on a Saturday, whose hours make no business day
        (at(9, "10:00"), 0, at(9, "18:00")),
        (at(9, "18:00"), 0, at(10, "18:00")),  # at the closing the day is over
        (at(14, "10:00"), 0, at(14, "12:00")),
    ],
)
def test_days_that_are_promised_hold_to_the_last_closing(start, days, due):
    assert closing(start, business_days=days, calendar=DESK) == due


def test_a_last_day_around_the_clock_ends_at_its_midnight():
    assert closing(at(9, "10:15"), business_days=1, calendar=ALWAYS) == at(11, "00:00")


def test_a_last_day_without_hours_ends_with_the_next_that_has_some():
    no_tuesdays = Calendar(windows=tuple(w for w in LUNCH if w.weekday != 1))

    assert closing(at(9), business_days=1, calendar=no_tuesdays) == at(11, "18:00")


@unhurried
@given(instants, st.integers(min_value=0, max_value=60), calendars)
def test_no_hour_of_the_start_shortens_the_last_day(instant, count, calendar):
    due = closing(instant, business_days=count, calendar=calendar)

    assert due >= deadline(instant, business_days=count, calendar=calendar)
    assert due == closing(due - timedelta(seconds=1), business_days=0, calendar=calendar)


@unhurried
@given(instants, st.integers(min_value=1, max_value=60), calendars)
def test_a_deadline_falls_on_the_last_business_day(instant, count, calendar):
    due = deadline(instant, business_days=count, calendar=calendar)

    last = add_business_days(local_date(instant), days=count, calendar=calendar)
    assert local_date(due - timedelta(microseconds=1)) <= last <= local_date(due)
    assert due.tzinfo is UTC


# Working hours


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (at(9, "07:59"), at(9, "08:00")),
        (at(9, "08:00"), at(9, "08:00")),
        (at(9, "12:00"), at(9, "13:00")),
        (at(9, "17:59"), at(9, "17:59")),
        (at(9, "18:00"), at(10, "08:00")),
        (at(13, "18:00"), at(14, "08:00")),
        (at(14, "12:00"), at(16, "08:00")),
    ],
)
def test_the_next_working_instant_is_now_or_the_next_opening(instant, expected):
    assert next_working_instant(instant, calendar=DESK) == expected


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (at(9, "08:00"), 4, at(9, "12:00")),  # due at the closing, not at the next opening
        (at(9, "08:00"), 5, at(9, "14:00")),
        (at(9, "12:30"), 1, at(9, "14:00")),
        (at(9, "08:00"), 9, at(9, "18:00")),
        (at(9, "08:00"), 18, at(10, "18:00")),
        (at(13, "17:00"), 5, at(14, "12:00")),
        (at(13, "17:00"), 6, at(16, "09:00")),
        (at(7, "20:00"), 0, at(9, "08:00")),
    ],
)
def test_working_time_skips_lunch_nights_and_sundays(start, hours, expected):
    assert add_business_seconds(start, seconds=hours * HOUR, calendar=DESK) == expected


def test_working_time_is_exact_to_the_second():
    due = add_business_seconds(at(9, "11:59:59"), seconds=2, calendar=DESK)

    assert due == at(9, "13:00:01")
    assert business_seconds_between(at(9, "11:59:59"), end=due, calendar=DESK) == 2


def test_holidays_have_no_working_hours():
    good_friday, saturday = date(2026, 4, 3), date(2026, 4, 4)

    worked = business_seconds_between(
        at_local_time(good_friday, at=time(0)),
        end=at_local_time(saturday, at=time(9)),
        calendar=DESK,
    )

    assert worked == HOUR


def test_a_window_that_closes_at_midnight_lasts_the_whole_day():
    week = business_seconds_between(at(9), end=at(16), calendar=ALWAYS)

    assert week == 7 * 24 * HOUR


@unhurried
@given(instants, seconds, calendars)
def test_the_seconds_added_are_counted_back(instant, count, calendar):
    due = add_business_seconds(instant, seconds=count, calendar=calendar)

    assert business_seconds_between(instant, end=due, calendar=calendar) == count


@unhurried
@given(st.tuples(instants, seconds, seconds), calendars)
def test_working_time_adds_up_wherever_it_is_cut(stretch, calendar):
    start, first, second = stretch
    middle, end = start + timedelta(seconds=first), start + timedelta(seconds=first + second)

    parts = business_seconds_between(
        start, end=middle, calendar=calendar
    ) + business_seconds_between(middle, end=end, calendar=calendar)

    assert parts == business_seconds_between(start, end=end, calendar=calendar)


def test_working_time_is_the_same_whatever_the_zone_of_the_instant():
    tokyo = timezone(timedelta(hours=9))

    due = add_business_seconds(at(9).astimezone(tokyo), seconds=HOUR, calendar=DESK)

    assert due == at(9, "10:00")
    assert due.tzinfo is UTC


def test_time_that_runs_backwards_counts_nothing():
    assert business_seconds_between(at(10), end=at(9), calendar=DESK) == 0
    with pytest.raises(ValueError, match="forwards"):
        add_business_seconds(at(9), seconds=-1, calendar=DESK)


def test_a_calendar_without_hours_is_refused_instead_of_searched_for_ever():
    closed = Calendar(windows=())

    for ask in (
        lambda: next_working_instant(at(9), calendar=closed),
        lambda: add_business_seconds(at(9), seconds=1, calendar=closed),
        lambda: business_seconds_between(at(9), end=at(10), calendar=closed),
        lambda: deadline(at(9), business_days=2, calendar=closed),
    ):
        with pytest.raises(NoWorkingHours):
            ask()


@pytest.mark.parametrize(
    "windows",
    [
        [Window(0, time(9), time(9))],
        [Window(0, time(18), time(9))],
        [Window(0, time(9), time(13)), Window(0, time(12), time(18))],
        [Window(0, time(20), time(0)), Window(0, time(22), time(23))],
        [Window(7, time(9), time(18))],
    ],
)
def test_windows_that_are_empty_or_cross_are_refused(windows):
    with pytest.raises(InvalidWindow):
        Calendar(windows=tuple(windows))
