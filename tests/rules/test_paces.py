"""How often something may be tried within a minute, across the turn of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules.paces import Pace, Tries, allows, origin_of

pytestmark = pytest.mark.once

MINUTE = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "before", "second", "is_allowed"),
    [
        (0, 0, 0, True),
        (4, 0, 59, True),
        (5, 0, 59, False),
        (0, 5, 0, False),  # the turn of the minute forgives nothing
        (0, 5, 11, False),
        (0, 5, 12, True),  # four of the five lie within the last sixty seconds
        (2, 5, 36, True),
        (3, 5, 36, False),
    ],
)
def test_five_a_minute_are_five_within_any_sixty_seconds(now, before, second, is_allowed):
    at = MINUTE + timedelta(seconds=second)

    assert allows(Pace(5), Tries(now, before), at=at) is is_allowed


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
        ("2001:db8:0:7:ffff:ffff:ffff:ffff", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_tries_are_counted_for_whoever_may_choose_among_addresses(
    address: str, origin: str
) -> None:
    assert origin_of(address) == origin
