"""The address of a customer's own link: signed, ending, revocable."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules import customer_links as rules
from rules.customer_links import CustomerLinkPolicy, LinkFacts

NOW = datetime(2026, 11, 19, 13, tzinfo=UTC)
FACTS = LinkFacts(link_id=12, customer_id=7, expires_at=NOW + timedelta(days=15))
SECRET = "of this deployment"
TOKEN = rules.token_of(FACTS, secret=SECRET)


def test_an_address_holds_until_its_last_instant() -> None:
    assert rules.number_in(TOKEN) == 12
    rules.check_token(TOKEN, FACTS, secret=SECRET, now=FACTS.expires_at - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("facts", "token", "secret", "now"),
    [
        (FACTS, TOKEN, SECRET, FACTS.expires_at),
        (replace(FACTS, is_revoked=True), TOKEN, SECRET, NOW),
        (replace(FACTS, customer_id=8), TOKEN, SECRET, NOW),
        (replace(FACTS, expires_at=FACTS.expires_at + timedelta(days=1)), TOKEN, SECRET, NOW),
        (FACTS, TOKEN[:-1] + ("A" if TOKEN[-1] != "A" else "B"), SECRET, NOW),
        (FACTS, TOKEN, "another deployment's", NOW),
        (FACTS, "12.é", SECRET, NOW),
    ],
    ids=["over", "revoked", "another customer's", "made longer", "forged", "secret", "letters"],
)
def test_an_address_that_does_not_hold_is_refused(facts, token, secret, now) -> None:
    with pytest.raises(rules.CustomerLinkNotFound):
        rules.check_token(token, facts, secret=secret, now=now)


@pytest.mark.parametrize(
    "token", ["", "12", "12.", ".abc", "x.abc", "-1.abc", "²." + "a", "9" * 40]
)
def test_what_is_no_address_is_refused(token: str) -> None:
    with pytest.raises(rules.CustomerLinkNotFound):
        rules.number_in(token)


def test_a_link_lasts_as_long_as_the_house_has_it_unless_told() -> None:
    policy = CustomerLinkPolicy(valid_days=15, most_days=60)

    assert rules.expiry(None, policy, now=NOW) == NOW + timedelta(days=15)
    assert rules.expiry(60, policy, now=NOW) == NOW + timedelta(days=60)
    for days in (0, 61):
        with pytest.raises(rules.LinkDaysNotPossible):
            rules.expiry(days, policy, now=NOW)


def test_what_falls_due_later_is_not_shown() -> None:
    policy, today = CustomerLinkPolicy(shows_days_ahead=30), date(2026, 11, 19)

    shown = [rules.is_shown(today + timedelta(days=n), policy, today=today) for n in (-90, 30, 31)]

    assert shown == [True, True, False]
