"""Which overdue invoices go to collections."""

from __future__ import annotations

from datetime import date

import pytest

from rules.classification import Forwarding, is_forwarded, latest_due

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
