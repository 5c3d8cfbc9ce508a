"""When the daily run of a kind was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from rules.runs import missed_day

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("now", "missed"),
    [
        (datetime(2026, 11, 16, 9, 59, 59, tzinfo=UTC), None),  # 06:59:59 in Brasília
        (datetime(2026, 11, 16, 10, 0, tzinfo=UTC), TODAY),
        (datetime(2026, 11, 17, 2, 59, tzinfo=UTC), TODAY),  # 23:59, still the 16th
        (datetime(2026, 11, 17, 3, 0, tzinfo=UTC), None),  # midnight of the 17th
    ],
)
def test_a_days_run_is_missed_from_its_hour_on(now: datetime, missed: date | None) -> None:
    assert missed_day(now, daily_at=time(7)) == missed
