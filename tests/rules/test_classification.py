"""Which overdue invoices go to collections, and when the daily run was missed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rules.classification import Forwarding, is_forwarded, latest_due, missed_day

TODAY = date(2026, 11, 16)
STRICT, MILD, NEVER = 1, 2, 3
FORWARDING = Forwarding(
    {STRICT: latest_due(TODAY, offset_days=10), MILD: latest_due(TODAY, offset_days=30)},
    default_ladder=STRICT,
    today=TODAY,
)


@pytest.mark.parametrize(
    ("due", "ladder", "goes"),
    [
        (date(2026, 11, 7), STRICT, False),  # 9 days overdue
        (date(2026, 11, 6), STRICT, True),  # 10, as the ladder says
        (date(2026, 11, 5), STRICT, True),
        (date(2026, 11, 6), MILD, False),
        (date(2026, 10, 17), MILD, True),
        (date(2026, 11, 6), None, True),  # no contract: the default ladder
        (date(2020, 1, 1), NEVER, False),  # a ladder without the step
    ],
)
def test_an_invoice_goes_by_the_ladder_of_its_contract(
    due: date, ladder: int | None, goes: bool
) -> None:
    assert is_forwarded(due, ladder=ladder, forwarding=FORWARDING) is goes


def test_without_a_default_ladder_nothing_without_a_contract_goes() -> None:
    assert not is_forwarded(
        date(2020, 1, 1), ladder=None, forwarding=Forwarding({STRICT: TODAY}, None, TODAY)
    )


@pytest.mark.parametrize(
    ("now", "missed"),
    [
        (datetime(2026, 11, 16, 9, 59, 59, tzinfo=UTC), None),  # 06:59:59 in Brasília
        (datetime(2026, 11, 16, 10, 0, tzinfo=UTC), TODAY),
        (datetime(2026, 11, 17, 2, 59, tzinfo=UTC), TODAY),  # 23:59, still the 16th
        (datetime(2026, 11, 17, 3, 0, tzinfo=UTC), None),  # midnight of the 17th
    ],
)
def test_the_days_run_is_missed_from_seven_on(now: datetime, missed: date | None) -> None:
    assert missed_day(now) == missed
