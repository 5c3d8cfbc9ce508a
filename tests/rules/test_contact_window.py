from datetime import UTC, date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.business_days import (
    NoWorkingHours,
    UnknownState,
    at_local_time,
    local_time,
    weekday_windows,
)
from rules.contact_window import HOURS, TIME_ZONES, narrowed, next_opening

pytestmark = pytest.mark.once

unhurried = settings(deadline=None)  # the first look at a year works out its holidays

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, day) for day in (13, 14, 15, 16))


def on_clocks_of(uf, day, clock):
    return at_local_time(day, at=time.fromisoformat(clock), zone=TIME_ZONES[uf])


@pytest.mark.parametrize(
    ("uf", "instant", "opening"),
    [
        ("MG", (FRIDAY, "08:59"), (FRIDAY, "09:00")),
        ("MG", (FRIDAY, "09:00"), (FRIDAY, "09:00")),
        ("MG", (FRIDAY, "17:59"), (FRIDAY, "17:59")),
        ("MG", (FRIDAY, "18:00"), (MONDAY, "09:00")),
        ("SP", (FRIDAY, "07:30"), (FRIDAY, "08:00")),
        ("SP", (FRIDAY, "19:59"), (FRIDAY, "19:59")),
        ("SP", (FRIDAY, "20:00"), (SATURDAY, "08:00")),
        ("SP", (SATURDAY, "14:00"), (MONDAY, "08:00")),
        ("AL", (SATURDAY, "13:59"), (SATURDAY, "13:59")),
        ("PR", (SATURDAY, "13:00"), (MONDAY, "08:00")),
        ("RJ", (SATURDAY, "10:00"), (MONDAY, "09:00")),
        ("ES", (FRIDAY, "18:59"), (FRIDAY, "18:59")),
        ("AM", (FRIDAY, "08:00"), (FRIDAY, "09:00")),
        ("SP", (SUNDAY, "10:00"), (MONDAY, "08:00")),
    ],
)
def test_a_message_waits_for_the_next_window_of_the_debtors_state(uf, instant, opening):
    found = next_opening(on_clocks_of(uf, *instant), uf=uf)

    assert found == on_clocks_of(uf, *opening)
    assert found.tzinfo is UTC


def test_the_clocks_are_those_of_the_debtor_not_of_the_company():
    nine_in_brasilia = at_local_time(MONDAY, at=time(9))

    assert next_opening(nine_in_brasilia, uf="GO") == nine_in_brasilia
    assert next_opening(nine_in_brasilia, uf="MT") == at_local_time(MONDAY, at=time(10))
    assert next_opening(nine_in_brasilia, uf="AC") == at_local_time(MONDAY, at=time(11))


@pytest.mark.parametrize(
    ("uf", "holiday", "next_day"),
    [
        ("MG", date(2026, 11, 20), date(2026, 11, 23)),  # national
        ("SP", date(2026, 7, 9), date(2026, 7, 10)),  # of the state
        ("MG", date(2026, 7, 9), date(2026, 7, 9)),  # of another state
    ],
)
def test_nobody_is_contacted_on_a_holiday(uf, holiday, next_day):
    opening = next_opening(on_clocks_of(uf, holiday, "00:00"), uf=uf)

    assert local_time(opening, zone=TIME_ZONES[uf]).date() == next_day


def test_closures_and_the_companys_own_hours_are_respected():
    noon_to_two = {"MG": weekday_windows((time(12), time(14)))}
    morning = on_clocks_of("MG", FRIDAY, "09:30")

    assert next_opening(morning, uf="MG", overrides=noon_to_two) == on_clocks_of(
        "MG", FRIDAY, "12:00"
    )
    assert next_opening(morning, uf="MG", closures=frozenset({FRIDAY})) == on_clocks_of(
        "MG", MONDAY, "09:00"
    )


def test_a_debtor_of_unknown_state_has_the_default_hours_in_brasilia():
    saturday = at_local_time(SATURDAY, at=time(10))

    assert next_opening(saturday, uf=None) == at_local_time(MONDAY, at=time(9))


def test_a_state_that_does_not_exist_or_has_no_hours_is_refused():
    instant = at_local_time(MONDAY, at=time(9))

    with pytest.raises(UnknownState):
        next_opening(instant, uf="XX")
    with pytest.raises(NoWorkingHours):
        next_opening(instant, uf="MG", overrides={"MG": ()})


def test_the_table_covers_the_27_states():
    assert len(TIME_ZONES) == 27
    assert set(HOURS) <= set(TIME_ZONES)


@unhurried
@given(
    st.datetimes(
        min_value=at_local_time(date(2024, 1, 1), at=time(0)).replace(tzinfo=None),
        max_value=at_local_time(date(2034, 1, 1), at=time(0)).replace(tzinfo=None),
        timezones=st.just(UTC),
    ),
    st.sampled_from(sorted(TIME_ZONES)),
)
def test_nobody_is_ever_contacted_at_night_nor_on_a_sunday(instant, uf):
    opening = next_opening(instant, uf=uf)

    shown = local_time(opening, zone=TIME_ZONES[uf])
    assert opening >= instant
    assert time(8) <= shown.time() < time(20)
    assert shown.weekday() < 6
    assert next_opening(opening, uf=uf) == opening


def test_hours_that_do_not_meet_leave_the_first_as_they_are():
    morning, evening = weekday_windows((time(9), time(12))), weekday_windows((time(18), time(20)))

    assert narrowed(morning, within=evening) == morning
    assert narrowed(morning, within=weekday_windows((time(11), time(20)))) == weekday_windows(
        (time(11), time(12))
    )
