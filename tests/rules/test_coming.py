"""Days that people keep free: what comes a day later, and what does not come at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules import agreements, bureau, collections
from rules.agreement_terms import AgreementKind
from rules.agreements import AgreedInvoice, AgreementFacts, AgreementPolicy, AgreementStatus
from rules.bureau import BureauPolicy, BureauStep, RecordFacts, RecordStage
from rules.business_days import Calendar, first_free
from rules.cases import Process, gathered, spread
from rules.collections import AccountFacts, AccountStep, CollectionsPolicy
from rules.coming import (
    TakingOutReasonRequired,
    check_reason,
    days_of,
    reaches_customer,
)
from rules.messages import NoticeState

pytestmark = pytest.mark.once

MONDAY = datetime(2026, 11, 9, 12, tzinfo=UTC)  # 09:00 in Brasília
TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=n) for n in (1, 2))
ON_TUESDAY = frozenset({date(2026, 11, 10)})


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ((), TUESDAY),
        ((date(2026, 11, 9),), TUESDAY),
        ((date(2026, 11, 10),), WEDNESDAY),
        ((date(2026, 11, 10), date(2026, 11, 11)), TUESDAY + timedelta(days=2)),
        ((date(2026, 11, 10), date(2026, 11, 12)), WEDNESDAY),
    ],
)
def test_an_instant_moves_to_the_first_day_left_free(
    out: tuple[date, ...], expected: datetime
) -> None:
    assert first_free(TUESDAY, out) == expected


def test_a_day_is_brasilia_s() -> None:
    late = datetime(2026, 11, 11, 1, tzinfo=UTC)  # Tuesday at 22:00

    assert first_free(late, ON_TUESDAY) == late + timedelta(days=1)


def test_a_message_of_the_cadence_kept_out_of_its_day_comes_a_day_later() -> None:
    facts = AccountFacts(Calendar(), since={"negotiating": MONDAY}, out=ON_TUESDAY)
    policy = CollectionsPolicy()

    step = collections.next_step(facts, policy)
    written = replace(facts, done={AccountStep.CADENCE: WEDNESDAY})

    assert step is not None
    assert (step.kind, step.at) == (AccountStep.CADENCE, WEDNESDAY)
    assert collections.message_due(facts, policy, now=TUESDAY) is None
    assert collections.message_due(facts, policy, now=WEDNESDAY) == "contact_cadence_1"
    assert collections.message_due(written, policy, now=WEDNESDAY) is None


def test_a_reminder_kept_out_of_its_day_does_not_come() -> None:
    facts = AgreementFacts(
        status=AgreementStatus.IN_PROGRESS, kind=AgreementKind.PROPOSAL,
        tolerance_date=date(2026, 12, 20), reminded_until=date(2026, 11, 1),
        is_promise_checked=False, invoices=(AgreedInvoice(1, date(2026, 11, 13)),),
        out=ON_TUESDAY,
    )  # fmt: skip
    policy = AgreementPolicy()

    step = agreements.next_step(facts, policy)

    assert step is not None
    assert step.at.date() == date(2026, 11, 13)
    for day in (10, 11, 12):
        assert agreements.reminders_due(facts, policy, today=date(2026, 11, day)) == []
    assert len(agreements.reminders_due(facts, policy, today=date(2026, 11, 13))) == 1


def test_a_record_kept_out_of_its_day_is_registered_a_day_later() -> None:
    facts = RecordFacts(
        stage=RecordStage.NOTICED, now=MONDAY, noticed_at=TUESDAY - timedelta(days=10),
        notice=NoticeState.SENT, expires_on=date(2031, 1, 1), calendar=Calendar(),
    )  # fmt: skip

    came = bureau.next_step(facts, BureauPolicy())
    later = bureau.next_step(replace(facts, out=ON_TUESDAY), BureauPolicy())

    assert came is not None
    assert later is not None
    assert (came.at, later.at) == (TUESDAY, WEDNESDAY)


@pytest.mark.parametrize(
    ("process", "step", "expected"),
    [
        (Process.COLLECTIONS, AccountStep.CADENCE, True),
        (Process.COLLECTIONS, AccountStep.ESCALATE, False),
        (Process.AGREEMENTS, agreements.AgreementStep.REMIND, True),
        (Process.AGREEMENTS, agreements.AgreementStep.BREAK, False),
        (Process.BUREAU, BureauStep.REGISTER, True),
        (Process.BUREAU, BureauStep.ALERT_REMOVAL, False),
        (Process.BUREAU, BureauStep.EXPIRE, False),
        (Process.TICKETS, AccountStep.CADENCE, False),
    ],
)
def test_only_what_reaches_a_customer_is_kept_out(process: str, step: str, expected: bool) -> None:
    assert reaches_customer(process, step) is expected


def test_days_are_counted_with_both_ends() -> None:
    assert days_of(MONDAY, MONDAY) == [date(2026, 11, 9)]
    assert days_of(MONDAY, WEDNESDAY) == [date(2026, 11, day) for day in (9, 10, 11)]


@pytest.mark.parametrize("case_id", [1, 77, 90_000])
def test_what_was_spread_is_gathered(case_id: int) -> None:
    assert gathered(spread(MONDAY, case_id), case_id) == MONDAY


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_keeping_something_out_wants_a_short_reason(reason: str) -> None:
    with pytest.raises(TakingOutReasonRequired):
        check_reason(reason)


def test_a_reason_loses_its_margins() -> None:
    assert check_reason(" negociando ") == "negociando"
