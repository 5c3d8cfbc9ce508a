"""What collecting brings and costs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from rules import recovery as rules
from rules.recovery import BANDS, Ageing, RecoveryPolicy

DAY = date(2026, 11, 16)


def test_what_is_paid_within_a_week_of_a_step_was_cured_by_it() -> None:
    settled = [(DAY, DAY + timedelta(days=n), 10**n) for n in range(9)]

    assert rules.cured([*settled, (DAY, DAY - timedelta(days=1), 5)]) == 11_111_111


def test_every_day_late_is_in_one_band() -> None:
    late = range(1, 1000)

    found = [[number for number, band in enumerate(BANDS) if _holds(band, day)] for day in late]

    assert {len(each) for each in found} == {1}
    assert [found[day - 1][0] for day in (1, 30, 31, 90, 91, 365, 366)] == [0, 0, 1, 2, 3, 4, 5]


def _holds(band, days: int) -> bool:
    oldest, newest = band.bounds(DAY)
    due = DAY - timedelta(days=days)
    return due <= newest and (oldest is None or due >= oldest)


def test_a_forecast_goes_on_as_people_did() -> None:
    aged = Ageing(Decimal("1000.00"), still_open=Decimal(300), paid=Decimal(100))

    assert (aged.rate, aged.forecast) == (Decimal("25.0"), Decimal("250.00"))
    assert (Ageing(Decimal(5)).rate, Ageing(Decimal(5)).forecast) == (None, None)


def test_reaching_people_costs_what_the_policy_says() -> None:
    policy = RecoveryPolicy(email_cents=1, sms_cents=9, app_cents=0, contact_cents=400)
    reached = {"email": 100, "sms": 10, "app": 7, "contact": 2, "letter": 3}

    cost = rules.cost_of(reached, policy)

    assert cost == Decimal("9.90")
    assert rules.cost_per_hundred(cost, Decimal(330)) == Decimal("3.00")
    assert rules.cost_per_hundred(cost, Decimal(0)) is None
    assert (rules.rate_of(1, 3), rules.rate_of(0, 0)) == (Decimal("33.33"), None)
