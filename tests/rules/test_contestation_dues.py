"""What a carrier owes back, counted to a day; expected amounts are worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.contestation_dues import Came, Terms, due_on

PAID = date(2026, 1, 20)
DOUBLE = Decimal("200.00")
TERMS = Terms(
    1,
    {
        date(2026, 1, 1): Decimal("0.50"),
        date(2026, 2, 1): Decimal("1.00"),
        date(2026, 3, 1): Decimal("-0.20"),
    },
)


def due(day: date, *came: tuple[date, str], paid_on: date | None = PAID):
    given = [Came(on, Decimal(amount)) for on, amount in came]
    return due_on(DOUBLE, paid_on=paid_on, came=given, day=day, terms=TERMS)


@pytest.mark.parametrize(
    ("day", "correction", "interest"),
    [
        (date(2026, 1, 19), "0.00", "0.00"),  # before it was paid
        (PAID, "0.00", "0.00"),
        (date(2026, 1, 21), "0.00", "0.07"),
        (date(2026, 3, 1), "3.01", "2.71"),
    ],
)
def test_nothing_came_so_far(day, correction, interest):
    found = due(day)

    assert (found.correction, found.interest) == (Decimal(correction), Decimal(interest))
    assert found.left == found.total == DOUBLE + Decimal(correction) + Decimal(interest)


def test_the_double_alone_is_short_by_correction_and_interest():
    found = due(date(2026, 3, 1), (date(2026, 3, 1), "200.00"))

    assert found.left == Decimal("5.72")


def test_what_came_pays_interest_first_and_what_is_left_of_the_rest_goes_on():
    # 1 March: 203.01 and 2.71 of interest; 100.00 pay the interest and 97.29 of the rest
    found = due(date(2026, 4, 1), (date(2026, 3, 1), "100.00"))

    # 105.72 are left; March fell, which takes 0.21 of them; 31 days at 1 % / 30
    assert (found.correction, found.interest) == (Decimal("2.80"), Decimal("3.80"))
    assert found.left == Decimal("106.60")


def test_interest_that_was_not_paid_bears_none():
    found = due(date(2026, 4, 1), (date(2026, 3, 1), "2.00"))

    assert found.interest == Decimal("4.79")  # 202.60 for 71 days, as if nothing had come
    assert found.left == Decimal("205.39")


@pytest.mark.parametrize("days", [(1,), (1, 5), (1, 2, 3, 4, 5, 6)])
def test_many_small_credits_never_ask_for_more_than_one(days):
    """March fell: a cent that came before does not keep what the index had risen till then."""
    first, last = date(2026, 3, 1), date(2026, 4, 1)

    many = due(last, *((first.replace(day=each), "0.01") for each in days))

    assert many == due(last, (last, f"{len(days) / 100:.2f}"))
    assert (many.correction, many.interest) == (Decimal("2.60"), Decimal("4.79"))


def test_what_never_was_less_is_not_owed_less():
    """An index that only fell takes nothing of what was paid, however often a little came."""
    fell = Terms(0, {date(2026, month, 1): Decimal("-0.50") for month in (1, 2, 3)})
    came = [Came(date(2026, month, 1), Decimal("10.00")) for month in (2, 3)]

    found = due_on(DOUBLE, paid_on=PAID, came=came, day=date(2026, 4, 1), terms=fell)

    assert (found.correction, found.left) == (Decimal("0.00"), Decimal("180.00"))


def test_what_was_never_paid_brings_back_itself():
    found = due(date(2026, 4, 1), paid_on=None)

    assert (found.total, found.missing) == (DOUBLE, ())


def test_months_that_are_not_known_are_named_and_correct_nothing():
    found = due_on(DOUBLE, paid_on=PAID, day=date(2026, 5, 2), terms=Terms(0, TERMS.rates))

    assert found.missing == (date(2026, 4, 1),)
    assert found.correction == Decimal("2.60")


def test_a_day_before_the_last_credit_counts_as_that_one():
    came = (date(2026, 3, 1), "200.00")

    assert due(date(2026, 2, 1), came) == due(date(2026, 3, 1), came)
