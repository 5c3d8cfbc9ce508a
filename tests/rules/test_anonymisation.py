"""What stands against anonymising a customer, until when, and what is left of a text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.anonymisation import (
    GONE,
    AnonymisationPolicy,
    AnonymisationReasonRequired,
    CustomerTrace,
    KeptFor,
    check_reason,
    keepings,
    obstacles,
    without_words,
)

POLICY = AnonymisationPolicy()


@pytest.mark.parametrize(
    ("trace", "found"),
    [
        (CustomerTrace(), []),
        (CustomerTrace(open_invoices=2, owed=Decimal("150.50")), ["DebtStands"]),
        (CustomerTrace(contracts=1, charges=3), ["ContractStands", "ChargeStands"]),
        (CustomerTrace(journeys=1), ["JourneyStands"]),
    ],
)
def test_what_is_owed_or_under_way_stands_against_it(trace, found):
    assert [refusal.code for refusal in obstacles(trace)] == found


def test_a_debt_is_told_with_its_amount():
    [refusal] = obstacles(CustomerTrace(open_invoices=2, owed=Decimal("1150.50")))

    assert str(refusal) == "O cliente tem 2 fatura(s) em aberto, que somam 1.150,50."


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 21), date(2026, 11, 22)),
        (date(2026, 11, 22), None),
        (date(2026, 11, 23), None),
    ],
)
def test_money_is_kept_until_the_day_five_years_later(today, until):
    trace = CustomerTrace(last_money_on=date(2021, 11, 22))

    kept = keepings(trace, policy=POLICY, today=today)

    assert [each.until for each in kept] == ([until] if until else [])


def test_the_longest_time_comes_first_and_a_contract_keeps_two():
    trace = CustomerTrace(
        last_money_on=date(2026, 1, 10),
        last_contract_on=date(2026, 3, 1),
        last_message_on=date(2026, 2, 1),
    )

    kept = keepings(trace, policy=POLICY, today=date(2026, 11, 22))

    assert [(each.why, each.until) for each in kept] == [
        (KeptFor.CONTRACT, date(2031, 3, 1)),
        (KeptFor.CONTACT, date(2031, 2, 1)),
        (KeptFor.FISCAL, date(2031, 1, 10)),
        (KeptFor.CONNECTION, date(2027, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (
            {"amount": "150.00", "paid_on": "2026-11-22"},
            {"amount": "150.00", "paid_on": "2026-11-22"},
        ),
        ({"was": "in_contact", "count": 3}, {"was": "in_contact", "count": 3}),
        ({"reason": "maria"}, {"reason": GONE}),
        ({"document": "52998224725"}, {"document": GONE}),
        ({"code": "52998224725"}, {"code": GONE}),
        ({"told": "Falei com Ana"}, {"told": GONE}),
        ({"at": "2026-11-22T12:00:00+00:00"}, {"at": "2026-11-22T12:00:00+00:00"}),
        ({"to": ["ana@casa.test"]}, {"to": [GONE]}),
        (
            {"parts": [{"note": "x", "amount": "1.00"}]},
            {"parts": [{"note": GONE, "amount": "1.00"}]},
        ),
        ({"reason": ""}, {"reason": ""}),
    ],
)
def test_numbers_dates_and_stages_stay_and_words_go(value, left):
    assert without_words(value) == left


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_request_needs_a_reason(reason):
    with pytest.raises(AnonymisationReasonRequired):
        check_reason(reason)
