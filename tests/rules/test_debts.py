"""How long a debt can be sued for: the day before, the day itself, the day after."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.debts import DebtPolicy, Limitation, due_dates_of, last_day_to_sue, limitation_of

POLICY = DebtPolicy()
DUE = date(2021, 11, 10)


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (DUE, date(2026, 11, 10)),
        (date(2024, 2, 29), date(2029, 3, 1)),  # Código Civil, art. 132 § 3
        (date(2023, 2, 28), date(2028, 2, 28)),
    ],
)
def test_the_term_is_over_on_the_day_of_the_same_number(due, last):
    assert last_day_to_sue(due, POLICY) == last


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 12), Limitation.FAR),
        (date(2026, 8, 13), Limitation.NEAR),
        (date(2026, 11, 9), Limitation.NEAR),
        (date(2026, 11, 10), Limitation.NEAR),
        (date(2026, 11, 11), Limitation.REACHED),
    ],
)
def test_a_debt_is_near_its_end_and_then_past_it(today, expected):
    assert limitation_of(DUE, POLICY, today=today) is expected


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(-1400, 4000))
def test_the_due_dates_of_a_limitation_are_those_of_its_debts(today, back):
    due = date.fromordinal(today.toordinal() - back)
    stands = limitation_of(due, POLICY, today=today)

    for each in Limitation:
        first, last = due_dates_of(each, POLICY, today=today)
        is_in = (first is None or first <= due) and (last is None or due <= last)
        assert is_in == (each is stands)
