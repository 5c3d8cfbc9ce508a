"""What an account can be expected to bring."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.worklist import WorklistPolicy, band_of, chance_of

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 19)


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
