"""Which debts may go to the bureau, when a notice becomes a record, and when a record must go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rules import bureau_entry as entry
from rules.bureau import (
    BureauPolicy,
    BureauStep,
    RecordFacts,
    RecordStage,
    expires_on,
    next_step,
    remove_by,
)
from rules.bureau_entry import CandidateFacts, check_candidate
from rules.business_days import Calendar, CalendarKind, local_date
from rules.messages import NoticeState
from rules.refusals import Refusal

pytestmark = pytest.mark.once

POLICY = BureauPolicy()
TODAY = date(2026, 11, 16)
NOTICED = datetime(2026, 11, 16, 12, tzinfo=UTC)
BANK = Calendar(kind=CalendarKind.BANK)
CANDIDATE = CandidateFacts(
    code="F1", status="open", stage="broken", due_date=date(2026, 10, 5), has_live_record=False,
    is_before_termination=False,
)  # fmt: skip
FACTS = RecordFacts(
    stage=RecordStage.NOTICED, now=NOTICED, noticed_at=NOTICED, notice=NoticeState.SENT,
    expires_on=date(2031, 10, 5), calendar=BANK,
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (replace(CANDIDATE, status="settled"), entry.BureauInvoiceNotOwed),
        (replace(CANDIDATE, status="replaced"), entry.BureauInvoiceNotOwed),
        (replace(CANDIDATE, stage=None), entry.BureauInvoiceNotInCollections),
        (replace(CANDIDATE, stage="withdrawn"), entry.BureauInvoiceNotInCollections),
        (replace(CANDIDATE, has_live_record=True), entry.BureauRecordExists),
        (replace(CANDIDATE, due_date=TODAY), entry.BureauInvoiceNotLate),
        (replace(CANDIDATE, is_before_termination=True), entry.BureauBeforeTermination),
        (replace(CANDIDATE, due_date=date(2021, 11, 25)), entry.BureauDebtTooOld),
    ],
)
def test_what_may_not_go_to_the_bureau(facts: CandidateFacts, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_candidate(facts, policy=POLICY, today=TODAY, overrides=False)


@pytest.mark.parametrize("stage", entry.WORKED)
@pytest.mark.parametrize("due_date", [date(2026, 11, 15), date(2021, 11, 26)])
def test_an_overdue_invoice_in_collections_may_go(stage: str, due_date: date) -> None:
    facts = replace(CANDIDATE, stage=stage, due_date=due_date)

    check_candidate(facts, policy=POLICY, today=TODAY, overrides=False)


LIMITED = replace(POLICY, least_amount=Decimal(50), most_amount=Decimal(1000), least_days_late=30)
OWING = replace(CANDIDATE, open_amount=Decimal(100))


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (replace(OWING, open_amount=Decimal("49.99")), entry.BureauDebtTooSmall),
        (replace(OWING, open_amount=Decimal("1000.01")), entry.BureauDebtTooLarge),
        (replace(OWING, due_date=TODAY - timedelta(days=29)), entry.BureauDebtTooYoung),
        (replace(OWING, agreed_until=TODAY), entry.BureauAgreementKept),
        (replace(OWING, open_amount=Decimal(50)), None),
        (replace(OWING, open_amount=Decimal(1000)), None),
        (replace(OWING, due_date=TODAY - timedelta(days=30)), None),
        (replace(OWING, agreed_until=TODAY - timedelta(days=1)), None),
    ],
)
def test_what_the_house_keeps_out_comes_in_by_an_override(
    facts: CandidateFacts, refusal: type[Refusal] | None
) -> None:
    found = entry.judge(facts, policy=LIMITED, today=TODAY)

    assert found.verdict is (entry.Verdict.GATED if refusal else entry.Verdict.FREE)
    assert [type(each) for each in found.against] == ([refusal] if refusal else [])
    check_candidate(facts, policy=LIMITED, today=TODAY, overrides=True)


def test_everything_against_an_invoice_is_told_and_a_bar_is_no_gate() -> None:
    both = replace(OWING, open_amount=Decimal(1), agreed_until=TODAY, is_before_termination=True)

    gated = entry.judge(both, policy=LIMITED, today=TODAY)
    barred = entry.judge(replace(both, status="settled"), policy=LIMITED, today=TODAY)

    assert [type(each) for each in gated.against] == [
        entry.BureauBeforeTermination, entry.BureauAgreementKept, entry.BureauDebtTooSmall,
    ]  # fmt: skip
    assert barred.verdict is entry.Verdict.BARRED


def test_an_override_lets_in_before_termination_and_nothing_else() -> None:
    early = replace(CANDIDATE, is_before_termination=True)

    check_candidate(early, policy=POLICY, today=TODAY, overrides=True)
    free = replace(POLICY, only_after_termination=False)
    check_candidate(early, policy=free, today=TODAY, overrides=False)
    with pytest.raises(entry.BureauInvoiceNotOwed):
        check_candidate(
            replace(early, status="settled"), policy=POLICY, today=TODAY, overrides=True
        )
    with pytest.raises(entry.OverrideReasonRequired):
        entry.check_override(" ")


@pytest.mark.parametrize(
    ("due_date", "last_day"),
    [
        (date(2021, 11, 15), date(2026, 11, 15)),
        (date(2024, 2, 28), date(2029, 2, 27)),  # the day after is 29 February
        (date(2024, 2, 29), date(2029, 2, 28)),
        (date(2023, 12, 31), date(2028, 12, 31)),
    ],
)
def test_five_years_count_from_the_day_after_the_due_date(due_date: date, last_day: date) -> None:
    assert expires_on(due_date, POLICY) == last_day


def test_a_record_goes_by_itself_at_the_midnight_after_its_last_day() -> None:
    step = next_step(replace(FACTS, stage=RecordStage.REGISTERED), POLICY)

    assert step is not None
    assert (step.kind, step.at) == (BureauStep.EXPIRE, datetime(2031, 10, 6, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("notice", "now", "expected"),
    [
        (NoticeState.SENT, NOTICED, NOTICED + timedelta(days=10)),
        (NoticeState.PENDING, NOTICED, NOTICED + timedelta(days=10)),
        (NoticeState.PENDING, NOTICED + timedelta(days=10), NOTICED + timedelta(days=11)),
        (NoticeState.SENT, NOTICED + timedelta(days=12), NOTICED + timedelta(days=10)),
    ],
)
def test_a_record_waits_ten_whole_days_after_a_notice_that_left(
    notice: NoticeState, now: datetime, expected: datetime
) -> None:
    step = next_step(replace(FACTS, notice=notice, now=now), POLICY)

    assert step is not None
    assert (step.kind, step.at) == (BureauStep.REGISTER, expected)


def test_a_lost_notice_never_becomes_a_record() -> None:
    step = next_step(replace(FACTS, notice=NoticeState.FAILED), POLICY)

    assert step is not None
    assert step.kind == BureauStep.EXPIRE


def test_a_notice_to_be_proven_asks_for_proof_once_and_waits_for_news() -> None:
    unproven = replace(FACTS, notice=NoticeState.UNPROVEN)

    asked = next_step(unproven, POLICY)
    then = next_step(replace(unproven, is_proof_asked=True), POLICY)

    assert asked is not None
    assert then is not None
    assert (asked.kind, asked.at) == (BureauStep.ASK_PROOF, NOTICED + timedelta(days=10))
    assert then.kind == BureauStep.EXPIRE


@pytest.mark.parametrize("notice", [NoticeState.SENT, NoticeState.PENDING, NoticeState.UNPROVEN])
def test_who_was_marked_since_the_notice_is_not_registered(notice: NoticeState) -> None:
    step = next_step(replace(FACTS, notice=notice, is_marked=True), POLICY)

    assert step is not None
    assert step.kind == BureauStep.EXPIRE


@pytest.mark.parametrize(
    ("freed_on", "first_day", "alert", "last_day"),
    [
        # a Monday; the week has Friday 20 November, which is a holiday
        (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 24)),
        # a Friday: the clock's first day is Monday
        (date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 23)),
        # a Saturday, and so is Sunday: the same as Friday
        (date(2026, 11, 14), date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 23)),
        # the Friday before Carnival, on which banks are closed on Monday and Tuesday
        (date(2027, 2, 5), date(2027, 2, 10), date(2027, 2, 12), date(2027, 2, 16)),
    ],
)
def test_the_legal_clock_counts_five_business_days_of_banks(
    freed_on: date, first_day: date, alert: date, last_day: date
) -> None:
    conflict = replace(FACTS, stage=RecordStage.CONFLICT, freed_on=freed_on)

    asked = next_step(conflict, POLICY)
    alerted = next_step(replace(conflict, is_asked=True), POLICY)
    then = next_step(replace(conflict, is_asked=True, is_alerted=True), POLICY)

    assert remove_by(freed_on, policy=POLICY, calendar=BANK) == last_day
    assert asked is not None
    assert alerted is not None
    assert then is not None
    assert (asked.kind, local_date(asked.at)) == (BureauStep.ASK_REMOVAL, first_day)
    assert (alerted.kind, local_date(alerted.at)) == (BureauStep.ALERT_REMOVAL, alert)
    assert then.kind == BureauStep.EXPIRE


@pytest.mark.parametrize("stage", [RecordStage.REMOVED, RecordStage.WITHDRAWN])
def test_a_record_that_ended_waits_for_nothing(stage: RecordStage) -> None:
    assert next_step(replace(FACTS, stage=stage), POLICY) is None
