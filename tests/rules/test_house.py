"""The company's own clocks: whatever names no zone of its own is told in theirs."""

from datetime import UTC, date, datetime, time

import pytest

from rules.business_days import (
    BRASILIA,
    HOUSE,
    Calendar,
    at_local_time,
    deadline,
    local_date,
    local_time,
)
from rules.contact_window import contact_calendar
from rules.house import ZONES

pytestmark = pytest.mark.once

MIDNIGHT_IN_BRASILIA = datetime(2026, 10, 28, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def manaus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A company an hour behind Brasília."""
    monkeypatch.setattr(HOUSE, "zone", "America/Manaus")


def test_a_day_begins_at_the_houses_midnight() -> None:
    assert local_date(MIDNIGHT_IN_BRASILIA) == date(2026, 10, 27)
    assert local_date(MIDNIGHT_IN_BRASILIA, zone=BRASILIA) == date(2026, 10, 28)
    assert at_local_time(date(2026, 10, 28), at=time.min) == datetime(2026, 10, 28, 4, tzinfo=UTC)
    assert f"{local_time(MIDNIGHT_IN_BRASILIA):%H:%M}" == "23:00"


def test_a_deadline_falls_into_the_houses_hours() -> None:
    night = datetime(2026, 10, 27, 2, tzinfo=UTC)  # Monday there, 22:00

    assert deadline(night, business_days=1, calendar=Calendar()) == datetime(
        2026, 10, 27, 22, tzinfo=UTC
    )  # Tuesday's closing


def test_a_calendar_and_a_state_keep_a_zone_of_their_own() -> None:
    assert Calendar(time_zone=BRASILIA).time_zone == BRASILIA
    assert contact_calendar("SP").time_zone == BRASILIA
    assert contact_calendar(None).time_zone == "America/Manaus"


def test_every_zone_offered_has_clocks() -> None:
    for zone in ZONES:
        assert local_time(MIDNIGHT_IN_BRASILIA, zone=zone).utcoffset()
