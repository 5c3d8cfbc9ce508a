from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.minimum_term import (
    MinimumTerm,
    MinimumTermPolicy,
    early_cancellation,
    is_to_be_told,
    starts_near,
)

pytestmark = pytest.mark.once

A_YEAR = MinimumTerm(start=date(2026, 1, 15), months=12, fee=Decimal("365.00"))


@pytest.mark.parametrize(
    ("cancelled_on", "fee", "days_left"),
    [
        (date(2026, 1, 1), "365.00", 365),
        (date(2026, 1, 15), "365.00", 365),
        (date(2026, 1, 16), "364.00", 364),
        (date(2027, 1, 14), "1.00", 1),
        (date(2027, 1, 15), "0.00", 0),
        (date(2027, 1, 16), "0.00", 0),
    ],
)
def test_leaving_early_costs_the_days_that_are_left(cancelled_on, fee, days_left):
    cancelled = early_cancellation(A_YEAR, cancelled_on=cancelled_on)

    assert (cancelled.fee, cancelled.days_left) == (Decimal(fee), days_left)
    assert cancelled.term_days == 365


def test_the_fee_is_rounded_half_up():
    term = MinimumTerm(start=date(2026, 1, 1), months=1, fee=Decimal("0.31"))

    fee = early_cancellation(term, cancelled_on=date(2026, 1, 16)).fee

    assert fee == Decimal("0.16")  # 16 of 31 days


def test_a_term_from_29_february_ends_on_1_march():
    assert MinimumTerm(date(2028, 2, 29), 12, Decimal(0)).until == date(2029, 3, 1)
    assert MinimumTerm(date(2028, 2, 29), 48, Decimal(0)).until == date(2032, 2, 29)


def test_without_a_minimum_term_leaving_is_free():
    no_months = MinimumTerm(start=date(2026, 1, 1), months=0, fee=Decimal("365.00"))

    assert early_cancellation(None, cancelled_on=date(2026, 1, 1)).fee == Decimal(0)
    assert early_cancellation(no_months, cancelled_on=date(2026, 1, 1)).fee == Decimal(0)


@pytest.mark.parametrize(
    ("days_before", "expected"), [(36, False), (35, True), (30, True), (1, True), (0, False)]
)
def test_the_end_is_told_while_it_is_near_and_not_once_it_came(days_before, expected):
    today = A_YEAR.until - timedelta(days=days_before)

    assert is_to_be_told(A_YEAR, today=today, policy=MinimumTermPolicy()) is expected


@pytest.mark.parametrize("start", [date(2024, 2, 29), date(2025, 8, 31), date(2026, 1, 15)])
@pytest.mark.parametrize("months", [12, 18, 24, 36])
def test_no_term_that_is_near_its_end_is_overlooked(start, months):
    term, policy = MinimumTerm(start, months, Decimal(0)), MinimumTermPolicy()

    for days_before in range(1, policy.notice_days + 1):
        today = term.until - timedelta(days=days_before)
        first, last = starts_near(months, today=today, policy=policy)
        assert first <= start <= last
