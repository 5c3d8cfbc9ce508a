"""What an account can be expected to bring."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.worklist import Aside, WorklistPolicy, band_of, chance_of

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 19)


def test_why_an_account_is_aside_has_a_weight_of_its_own_and_not_by_the_alphabet() -> None:
    assert sorted(Aside, key=lambda each: each.place) == [
        Aside.CONTESTATION, Aside.EXCEPTION, Aside.MARK, Aside.PROMISE, Aside.CONTACTED,
    ]  # fmt: skip
    assert sorted(Aside) != list(Aside)


@pytest.mark.parametrize(
    ("days_late", "broken", "chance"),
    [
        (-3, 0, 65),
        (0, 0, 65),
        (30, 0, 65),
        (31, 0, 45),
        (31, 1, 27),
        (31, 2, 16),
        (31, 9, 16),
        (365, 0, 8),
        (366, 0, 3),
        (366, 1, 1),
    ],
)
def test_age_and_broken_promises_lower_the_chance(days_late: int, broken: int, chance: int) -> None:
    band = band_of(TODAY - timedelta(days=days_late), today=TODAY)

    assert chance_of(band, broken, WorklistPolicy()) == chance
