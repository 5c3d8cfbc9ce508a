from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.due_days import (
    DueDayNotPossible,
    DueDayRule,
    IssueTooCloseToDueDate,
    check_due_day_rule,
    due_dates,
    first_due_date,
)

pytestmark = pytest.mark.once

ON_THE_31ST = DueDayRule(due_day=31, issue_days=10)
ON_THE_10TH = DueDayRule(due_day=10, issue_days=10)


def test_the_31st_is_the_last_day_of_shorter_months_and_comes_back():
    dates = list(due_dates(date(2027, 12, 31), rule=ON_THE_31ST, months=1, count=6))

    assert dates == [
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
        date(2028, 5, 31),
    ]


def test_29_february_comes_back_in_leap_years_only():
    rule = DueDayRule(due_day=29, issue_days=5)

    dates = list(due_dates(date(2028, 2, 29), rule=rule, months=12, count=5))

    assert [each.isoformat() for each in dates] == [
        "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29",
    ]  # fmt: skip


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_every_periodicity_keeps_the_day(months):
    dates = list(due_dates(date(2026, 1, 10), rule=ON_THE_10TH, months=months, count=3))

    assert [each.day for each in dates] == [10, 10, 10]
    assert dates[-1].month == (2 * months) % 12 + 1


def test_a_first_due_date_that_was_agreed_otherwise_is_left_alone():
    dates = list(due_dates(date(2026, 1, 5), rule=ON_THE_10TH, months=1, count=2))

    assert dates == [date(2026, 1, 5), date(2026, 2, 10)]


@pytest.mark.parametrize(
    ("issued_from", "first"),
    [
        (date(2026, 10, 30), date(2026, 11, 10)),
        (date(2026, 10, 31), date(2026, 11, 10)),  # issued that very day
        (date(2026, 11, 1), date(2026, 12, 10)),  # one day late
        (date(2026, 12, 5), date(2027, 1, 10)),
    ],
)
def test_the_first_due_date_leaves_time_to_issue(issued_from, first):
    assert first_due_date(issued_from, rule=ON_THE_10TH) == first


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
    st.integers(min_value=1, max_value=31),
    st.integers(min_value=0, max_value=60),
)
def test_the_first_due_date_is_the_earliest_one_possible(issued_from, due_day, issue_days):
    rule = DueDayRule(due_day=due_day, issue_days=issue_days)

    first = first_due_date(issued_from, rule=rule)

    assert first == rule.due_date_in(year=first.year, month=first.month)
    assert rule.issue_date(first) >= issued_from
    assert first - issued_from <= timedelta(days=issue_days + 31)


@pytest.mark.parametrize("day", [0, 32, -1])
def test_a_day_that_no_month_has_is_refused(day):
    with pytest.raises(DueDayNotPossible):
        check_due_day_rule(DueDayRule(due_day=day, issue_days=10), minimum_issue_days=5)


def test_a_bill_is_at_hand_five_days_before():
    check_due_day_rule(DueDayRule(due_day=31, issue_days=5), minimum_issue_days=5)
    with pytest.raises(IssueTooCloseToDueDate, match="5 dias"):
        check_due_day_rule(DueDayRule(due_day=31, issue_days=4), minimum_issue_days=5)
