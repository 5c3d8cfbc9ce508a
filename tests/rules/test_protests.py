"""Which debts may go to protest, and what may become of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.business_days import Calendar, CalendarKind
from rules.debts import DebtPolicy
from rules.protests import (
    ProtestAlreadyDone,
    ProtestBarred,
    ProtestCustomerMarked,
    ProtestDayNotValid,
    ProtestEndRefused,
    ProtestFacts,
    ProtestFieldRequired,
    ProtestNotOwed,
    ProtestPolicy,
    ProtestStage,
    ProtestTooSoon,
    ProtestWithoutTitle,
    check_next,
    check_protest,
    check_told,
    pay_until,
)

DUE = date(2026, 8, 3)
TODAY = DUE + timedelta(days=90)
FACTS = ProtestFacts("2026-7", "open", DUE, has_title=True)


def check(facts: ProtestFacts, today: date = TODAY) -> None:
    check_protest(facts, ProtestPolicy(), DebtPolicy(), today=today)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": "settled"}, ProtestNotOwed),
        ({"has_live_protest": True}, ProtestAlreadyDone),
        ({"mark": "deceased"}, ProtestCustomerMarked),
        ({"has_title": False}, ProtestWithoutTitle),
        ({"due_date": date(2021, 10, 31)}, ProtestBarred),
        ({"due_date": DUE + timedelta(days=1)}, ProtestTooSoon),
    ],
)
def test_what_may_not_be_protested_says_why(changes, refusal) -> None:
    with pytest.raises(refusal):
        check(replace(FACTS, **changes))


@pytest.mark.parametrize("days", [90, 91])
def test_a_debt_of_ninety_days_may_be_protested(days: int) -> None:
    check(FACTS, DUE + timedelta(days=days))


def test_the_last_day_before_limitation_still_serves() -> None:
    check(replace(FACTS, due_date=date(2021, 11, 1)))


@pytest.mark.parametrize(
    ("protocolled_on", "until"),
    [
        (date(2026, 11, 3), date(2026, 11, 6)),
        (date(2026, 11, 18), date(2026, 11, 24)),  # Consciência Negra and a week-end between
        (date(2026, 2, 13), date(2026, 2, 20)),  # Carnival, of the bank's calendar
    ],
)
def test_the_debtor_has_three_business_days(protocolled_on: date, until: date) -> None:
    calendar = Calendar(kind=CalendarKind.BANK)

    assert pay_until(protocolled_on, ProtestPolicy(), calendar) == until


@pytest.mark.parametrize("on", [DUE, TODAY + timedelta(days=1)])
def test_a_protocol_is_of_a_day_after_the_due_date_and_no_later_than_today(on: date) -> None:
    with pytest.raises(ProtestDayNotValid):
        check_told(office="1º", protocol="7", protocolled_on=on, due=DUE, today=TODAY)


@pytest.mark.parametrize(("office", "protocol"), [("", "7"), ("1º", " ")])
def test_office_and_protocol_are_told(office: str, protocol: str) -> None:
    with pytest.raises(ProtestFieldRequired):
        check_told(office=office, protocol=protocol, protocolled_on=TODAY, due=DUE, today=TODAY)


@pytest.mark.parametrize(
    ("stage", "new", "is_allowed"),
    [
        ("protocolled", ProtestStage.PROTESTED, True),
        ("protocolled", ProtestStage.WITHDRAWN, True),
        ("protocolled", ProtestStage.CANCELLED, False),
        ("protested", ProtestStage.CANCELLED, True),
        ("protested", ProtestStage.WITHDRAWN, False),
        ("withdrawn", ProtestStage.PROTESTED, False),
        ("cancelled", ProtestStage.PROTESTED, False),
    ],
)
def test_a_protest_goes_one_way(stage: str, new: ProtestStage, is_allowed: bool) -> None:
    if is_allowed:
        check_next(stage, new)
        return
    with pytest.raises(ProtestEndRefused):
        check_next(stage, new)
