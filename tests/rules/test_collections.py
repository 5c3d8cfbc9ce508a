"""Where an account stands, and what happens to it by itself and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.business_days import Calendar
from rules.cases import Step
from rules.collection_commands import (
    AlreadyStarted,
    ContactIncomplete,
    ForeignInvoice,
    InvoiceFacts,
    NoLongerOwed,
    NothingToStart,
    UnknownInvoice,
    WrongStage,
    check_contact,
    check_start,
)
from rules.collections import (
    AccountFacts,
    AccountStage,
    AccountStep,
    CollectionsPolicy,
    message_due,
    needless_tasks,
    next_step,
    stage_of,
)

POLICY = CollectionsPolicy()
MONDAY = datetime(2026, 11, 9, 12, tzinfo=UTC)  # 09:00 in Brasília
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 3))
#: Five business days after a Monday.
NEXT_MONDAY = MONDAY + timedelta(days=7)
CLASSIFIED = AccountFacts(Calendar(), since={"classified": MONDAY})
IN_CONTACT = AccountFacts(Calendar(), since={"in_contact": MONDAY})
NEGOTIATING = AccountFacts(Calendar(), since={"negotiating": MONDAY})


@pytest.mark.parametrize(
    ("since", "is_at_bureau", "stage"),
    [
        ({}, False, "closed"),
        ({}, True, "at_bureau"),
        ({"in_agreement": MONDAY}, True, "in_agreement"),
        ({"in_agreement": MONDAY, "classified": MONDAY}, False, "classified"),
        ({"in_contact": MONDAY, "classified": MONDAY}, False, "in_contact"),
        ({"negotiating": MONDAY, "in_contact": MONDAY}, False, "negotiating"),
        ({"broken": MONDAY, "negotiating": MONDAY}, False, "broken"),
    ],
)
def test_an_account_stands_where_work_comes_first(
    since: dict[str, datetime], is_at_bureau: bool, stage: str
) -> None:
    facts = AccountFacts(Calendar(), since=since, is_at_bureau=is_at_bureau)

    assert stage_of(facts) is AccountStage(stage)


def test_nobody_started_asks_the_team_and_then_tells_the_manager() -> None:
    assert next_step(CLASSIFIED, POLICY) == Step("start_task", WEDNESDAY)

    asked = replace(CLASSIFIED, done={"start_task": WEDNESDAY})
    assert next_step(asked, POLICY) == Step("escalate", NEXT_MONDAY)

    told = replace(asked, done={"start_task": WEDNESDAY, "escalate": NEXT_MONDAY})
    assert next_step(told, POLICY) is None


def test_what_was_done_before_the_clock_began_does_not_count() -> None:
    last_year = MONDAY - timedelta(days=365)
    again = replace(CLASSIFIED, done={"start_task": last_year, "escalate": last_year})

    assert next_step(again, POLICY) == Step("start_task", WEDNESDAY)


def test_invoices_that_were_left_out_wait_anew_from_the_start_of_the_others() -> None:
    rest = replace(CLASSIFIED, done={"start_task": WEDNESDAY, "started": THURSDAY})

    assert next_step(rest, POLICY) == Step("start_task", NEXT_MONDAY)


def test_unconfirmed_contact_is_reminded_of_once() -> None:
    assert next_step(IN_CONTACT, POLICY) == Step("confirm_task", TUESDAY)
    assert next_step(replace(IN_CONTACT, done={"confirm_task": TUESDAY}), POLICY) is None


def test_offsets_come_from_the_policy() -> None:
    patient = CollectionsPolicy(confirm_task_business_days=2)

    assert next_step(IN_CONTACT, patient) == Step("confirm_task", WEDNESDAY)


def test_a_weekend_does_not_count() -> None:
    friday = MONDAY + timedelta(days=4)

    step = next_step(AccountFacts(Calendar(), since={"in_contact": friday}), POLICY)

    assert step == Step("confirm_task", NEXT_MONDAY)


QUIET = replace(NEGOTIATING, is_reachable=False)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (QUIET, Step("follow_up", THURSDAY)),
        (replace(QUIET, last_word_at=TUESDAY), Step("follow_up", MONDAY + timedelta(days=4))),
        (replace(QUIET, last_word_at=MONDAY - timedelta(days=1)), Step("follow_up", THURSDAY)),
        (replace(QUIET, follow_up_since=THURSDAY), None),
    ],
)
def test_silence_in_a_negotiation_is_followed_up(
    facts: AccountFacts, expected: Step | None
) -> None:
    assert next_step(facts, POLICY) == expected


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (TUESDAY - timedelta(seconds=1), None),
        (TUESDAY, "contact_cadence_1"),
        (TUESDAY + timedelta(days=1), "contact_cadence_1"),
        (MONDAY + timedelta(days=30), "contact_cadence_3"),
    ],
)
def test_the_cadence_writes_on_its_days_and_never_in_a_burst(
    now: datetime, due: str | None
) -> None:
    assert message_due(NEGOTIATING, POLICY, now=now) == due


def test_the_cadence_goes_on_after_what_was_written() -> None:
    written = replace(NEGOTIATING, done={"cadence": TUESDAY}, last_word_at=THURSDAY)

    # Day 6 is Sunday; the contact window moves it on. The follow-up comes on Tuesday.
    assert next_step(written, POLICY) == Step("cadence", MONDAY + timedelta(days=6))


@pytest.mark.parametrize("change", [{"answered_at": TUESDAY}, {"is_reachable": False}])
def test_the_cadence_ends_when_the_customer_answers_or_opts_out(change: dict[str, object]) -> None:
    ended = replace(NEGOTIATING, **change)  # type: ignore[arg-type]

    assert message_due(ended, POLICY, now=MONDAY + timedelta(days=30)) is None


def test_an_answer_from_an_earlier_negotiation_does_not_end_the_cadence() -> None:
    before = replace(NEGOTIATING, answered_at=MONDAY - timedelta(days=1))

    assert message_due(before, POLICY, now=TUESDAY) == "contact_cadence_1"


def test_tasks_go_when_their_stage_is_empty() -> None:
    assert needless_tasks(CLASSIFIED) == (AccountStep.CONFIRM_TASK, AccountStep.FOLLOW_UP)


@pytest.mark.parametrize(
    ("contacted_at", "is_needless"),
    [(TUESDAY, False), (WEDNESDAY, True), (THURSDAY, True), (None, False)],
)
def test_a_contact_is_the_follow_up_that_was_asked_for(
    contacted_at: datetime | None, is_needless: bool
) -> None:
    asked = replace(NEGOTIATING, follow_up_since=WEDNESDAY, contacted_at=contacted_at)

    assert (AccountStep.FOLLOW_UP in needless_tasks(asked)) is is_needless


GOOD = InvoiceFacts("F1", customer_id=7, stage="classified", status="open")


@pytest.mark.parametrize(
    ("invoice", "refusal"),
    [
        (replace(GOOD, customer_id=8), ForeignInvoice),
        (replace(GOOD, stage="in_contact"), AlreadyStarted),
        (replace(GOOD, stage="in_agreement"), AlreadyStarted),
        (replace(GOOD, status="settled"), NoLongerOwed),
        (replace(GOOD, stage=None), WrongStage),
        (replace(GOOD, stage="recovered"), WrongStage),
    ],
)
def test_only_the_customers_own_classified_invoices_are_started(
    invoice: InvoiceFacts, refusal: type[Exception]
) -> None:
    check_start({1: GOOD}, picked=[1], customer_id=7)

    with pytest.raises(refusal):
        check_start({1: GOOD, 2: invoice}, picked=[1, 2], customer_id=7)


def test_a_start_needs_invoices_that_exist() -> None:
    with pytest.raises(NothingToStart):
        check_start({}, picked=[], customer_id=7)
    with pytest.raises(UnknownInvoice):
        check_start({}, picked=[1], customer_id=7)


@pytest.mark.parametrize("field", ["kind", "channel", "subject", "text"])
def test_a_contact_tells_everything_but_the_person(field: str) -> None:
    told = {"kind": "active", "channel": "telefone", "subject": "Débito", "text": "Vai pagar"}
    check_contact(**told)

    with pytest.raises(ContactIncomplete) as refused:
        check_contact(**{**told, field: " "})

    assert refused.value.field == field
