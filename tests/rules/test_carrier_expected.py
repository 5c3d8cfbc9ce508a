"""By which day a carrier's invoice is expected: the day before, the day itself, the day after."""

from __future__ import annotations

from datetime import date

import pytest

from rules.carrier_expected import expected_on, months_due

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        (date(2026, 11, 1), 25, date(2026, 11, 25)),
        (date(2026, 11, 1), 31, date(2026, 11, 30)),
        (date(2028, 2, 1), 30, date(2028, 2, 29)),
    ],
)
def test_a_shorter_month_ends_earlier(month, day, expected):
    assert expected_on(month, day=day) == expected


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 11, 24), [date(2026, 10, 1)]),
        (date(2026, 11, 25), [date(2026, 10, 1)]),
        (date(2026, 11, 26), [date(2026, 10, 1), date(2026, 11, 1)]),
        (date(2027, 1, 2), [date(2026, 12, 1)]),
    ],
)
def test_an_invoice_is_late_from_the_day_after(today, months):
    assert list(months_due(today, day=25)) == months
