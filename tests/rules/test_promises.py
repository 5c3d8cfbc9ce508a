"""Promises to pay: what may be promised, and when one is kept or broken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.promises import (
    NothingToPromise,
    PromisedAmountNotPossible,
    PromisedDayNotPossible,
    PromiseFacts,
    PromisePolicy,
    PromiseUnderWay,
    TooManyPromises,
    check_promise,
    outcome,
)

TODAY = date(2026, 11, 16)
POLICY = PromisePolicy()
OWING = PromiseFacts(Decimal(200), is_under_way=False, recent=0)


@pytest.mark.parametrize(
    ("day", "amount", "facts", "refusal"),
    [
        (16, "200", OWING, None),
        (26, "0.01", OWING, None),
        (27, "200", OWING, PromisedDayNotPossible),
        (15, "200", OWING, PromisedDayNotPossible),
        (20, "200.01", OWING, PromisedAmountNotPossible),
        (20, "0", OWING, PromisedAmountNotPossible),
        (20, "1", PromiseFacts(Decimal(0), is_under_way=False, recent=0), NothingToPromise),
        (20, "1", PromiseFacts(Decimal(9), is_under_way=True, recent=1), PromiseUnderWay),
        (20, "1", PromiseFacts(Decimal(9), is_under_way=False, recent=1), None),
        (20, "1", PromiseFacts(Decimal(9), is_under_way=False, recent=2), TooManyPromises),
    ],
)
def test_what_may_be_promised(day, amount, facts, refusal):
    promised = (date(2026, 11, day), Decimal(amount), facts, POLICY)

    if refusal is None:
        check_promise(*promised, today=TODAY)
    else:
        with pytest.raises(refusal):
            check_promise(*promised, today=TODAY)


@pytest.mark.parametrize(
    ("paid", "percent", "day", "status"),
    [
        ("0", 100, 20, "made"), ("0", 100, 22, "made"), ("0", 100, 23, "broken"),
        ("99.99", 100, 20, "made"), ("99.99", 100, 23, "broken"), ("100", 100, 17, "kept"),
        ("80", 80, 23, "kept"), ("79.99", 80, 23, "broken"),
    ],
)  # fmt: skip
def test_when_a_promise_is_kept_or_broken(paid, percent, day, status):
    policy = PromisePolicy(kept_percent=percent)

    assert status == outcome(
        paid=Decimal(paid), owed=Decimal(100) - Decimal(paid), amount=Decimal(100),
        promised_on=date(2026, 11, 20), policy=policy, today=date(2026, 11, day),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("paid", "owed", "day", "status"),
    [
        ("80", "0", 17, "kept"),  # the other 20 are contested, or cancelled
        ("60", "20", 20, "made"), ("60", "20", 23, "broken"),
        ("0", "20", 20, "made"), ("0", "20", 23, "broken"),
        ("0", "0", 17, "withdrawn"), ("0", "0", 23, "withdrawn"),
    ],
)  # fmt: skip
def test_what_is_not_owed_any_more_is_not_waited_for(paid, owed, day, status):
    assert status == outcome(
        paid=Decimal(paid), owed=Decimal(owed), amount=Decimal(100),
        promised_on=date(2026, 11, 20), policy=POLICY, today=date(2026, 11, day),
    )  # fmt: skip
