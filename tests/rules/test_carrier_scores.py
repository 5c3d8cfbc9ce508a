"""A carrier's score card: what it is made of, and what it says while there is nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.carrier_scores import Answered, CarrierScore

pytestmark = pytest.mark.once

FILED = date(2026, 10, 1)


def card(**values) -> CarrierScore:
    return CarrierScore("Claro", "claro", **values)


def test_nothing_is_said_of_a_carrier_without_invoices():
    empty = card()

    told = (empty.error_percent, empty.answer_days, empty.kept_percent)
    assert told == (None, None, None)
    assert empty.in_time_percent(answer_days=30, today=FILED) is None


def test_how_much_it_errs_and_keeps():
    score = card(billed=Decimal(1000), identified=Decimal("25.50"), granted=Decimal(80),
                 credited=Decimal(60))  # fmt: skip

    assert (score.error_percent, score.kept_percent) == (Decimal("2.6"), Decimal("75.0"))


def test_answers_count_by_how_many_they_were():
    score = card(
        answers=(
            Answered(FILED, date(2026, 10, 11), 3), Answered(FILED, date(2026, 11, 10), 1),
            Answered(FILED, None, 1),
        )
    )  # fmt: skip

    assert score.answer_days == Decimal("17.5")
    assert score.in_time_percent(answer_days=30, today=date(2026, 10, 31)) == Decimal("75.0")
    assert score.in_time_percent(answer_days=30, today=date(2026, 11, 1)) == Decimal("60.0")
