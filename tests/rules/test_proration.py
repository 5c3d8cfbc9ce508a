from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.proration import (
    Period,
    charge_for_use,
    days_beside,
    days_within,
)

pytestmark = pytest.mark.once

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
LEAP_FEBRUARY = Period(date(2028, 2, 1), date(2028, 3, 1))
days_of_march = st.integers(min_value=-5, max_value=40).map(
    lambda day: MARCH.start + timedelta(days=day)
)


@st.composite
def stretches(draw):
    start = draw(days_of_march)
    return Period(start, start + timedelta(days=draw(st.integers(min_value=1, max_value=20))))


def test_a_period_has_its_real_days():
    assert MARCH.days == 31
    assert MARCH.last_day == date(2026, 3, 31)
    assert LEAP_FEBRUARY.days == 29


@pytest.mark.parametrize("until", [date(2026, 3, 1), date(2026, 2, 28)])
def test_a_period_without_days_is_none(until):
    with pytest.raises(ValueError, match="no days"):
        Period(date(2026, 3, 1), until)


@pytest.mark.parametrize(
    ("start", "until", "charged"),
    [
        (date(2026, 3, 1), date(2026, 4, 1), "99.90"),
        (date(2026, 3, 31), date(2026, 4, 1), "3.22"),
        (date(2026, 3, 16), date(2026, 5, 1), "51.56"),
        (date(2026, 2, 1), date(2026, 3, 1), "0.00"),
        (date(2026, 4, 1), date(2026, 5, 1), "0.00"),
    ],
)
def test_only_the_days_used_are_charged(start, until, charged):
    used = [Period(start, until)]

    assert charge_for_use(Decimal("99.90"), period=MARCH, used=used) == Decimal(charged)


def test_29_february_is_a_day_like_others():
    last_day = Period(date(2028, 2, 29), date(2028, 3, 1))

    assert charge_for_use(Decimal("29.00"), period=LEAP_FEBRUARY, used=[last_day]) == Decimal(1)


@given(st.lists(stretches(), max_size=4))
def test_the_days_within_and_beside_are_the_whole(lost):
    beside = days_beside(MARCH, lost)

    assert sum(each.days for each in beside) + days_within(MARCH, lost) == MARCH.days
    assert days_within(MARCH, [*beside, *lost]) == MARCH.days


def test_a_day_in_two_stretches_counts_once():
    twice = [
        Period(date(2026, 3, 10), date(2026, 3, 20)),
        Period(date(2026, 3, 1), date(2026, 3, 12)),
        Period(date(2026, 3, 11), date(2026, 3, 13)),
        Period(date(2026, 3, 30), date(2026, 5, 1)),
    ]

    assert days_within(MARCH, twice) == 21


def test_what_lies_beside_the_stretches_is_left():
    period = Period(date(2026, 11, 1), date(2026, 12, 1))
    early, late = (
        Period(date(2026, 10, 1), date(2026, 11, 5)),
        Period(date(2026, 11, 20), date(2026, 11, 25)),
    )

    left = days_beside(period, [late, early, late])

    assert left == [
        Period(date(2026, 11, 5), date(2026, 11, 20)), Period(date(2026, 11, 25), date(2026, 12, 1))
    ]  # fmt: skip
    assert days_beside(period, [period]) == []
    assert days_beside(period, []) == [period]
    assert sum(each.days for each in left) == period.days - days_within(period, [early, late])
