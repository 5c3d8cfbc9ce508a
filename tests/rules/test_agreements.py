"""When an agreement reminds, is broken, is kept late; what undoing it restores; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import agreement_terms as terms
from rules.agreement_ends import (
    AgreementEnded,
    AgreementNotBroken,
    CancellationReasonTooLong,
    check_broken,
    check_cancellation,
    check_live,
)
from rules.agreement_terms import AgreementKind, InstalmentRow, MakeAgreement
from rules.agreements import (
    AgreedInvoice,
    AgreementFacts,
    AgreementPolicy,
    AgreementStatus,
    AgreementStep,
    Reminder,
    breaks_on,
    fulfilment,
    next_step,
    reminders_due,
)
from rules.proposals import Components, NotAuthorised, quote
from rules.restoring import Original, restore
from rules.tasks import ReasonRequired

pytestmark = pytest.mark.once

POLICY = AgreementPolicy()
MADE = date(2026, 11, 16)
FIRST, SECOND = AgreedInvoice(1, date(2026, 12, 1)), AgreedInvoice(2, date(2027, 1, 1))
FACTS = AgreementFacts(
    status=AgreementStatus.IN_PROGRESS,
    kind=AgreementKind.PROPOSAL,
    tolerance_date=date(2027, 1, 10),
    reminded_until=MADE,
    is_promise_checked=False,
    invoices=(FIRST, SECOND),
)


def step_on(facts: AgreementFacts) -> tuple[str, date] | None:
    step = next_step(facts, POLICY)
    return (step.kind, step.at.date()) if step else None


@pytest.mark.parametrize(
    ("reminded_until", "expected"),
    [
        (MADE, date(2026, 11, 28)),
        (date(2026, 11, 27), date(2026, 11, 28)),
        (date(2026, 11, 28), date(2026, 12, 1)),
        (date(2026, 11, 29), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2026, 12, 3)),
        (date(2026, 12, 3), date(2026, 12, 29)),
    ],
)
def test_each_due_date_is_reminded_of_before_on_and_after(
    reminded_until: date, expected: date
) -> None:
    facts = replace(FACTS, reminded_until=reminded_until)

    assert step_on(facts) == (AgreementStep.REMIND, expected)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 27), []),
        (date(2026, 11, 28), [(FIRST, Reminder.BEFORE)]),
        (date(2026, 11, 29), [(FIRST, Reminder.BEFORE)]),
        (date(2026, 12, 1), [(FIRST, Reminder.ON_DUE)]),
        (date(2026, 12, 2), [(FIRST, Reminder.ON_DUE)]),
        (date(2026, 12, 3), [(FIRST, Reminder.AFTER)]),
        (date(2026, 12, 29), [(FIRST, Reminder.AFTER), (SECOND, Reminder.BEFORE)]),
    ],
)
def test_after_a_standstill_only_the_newest_reminder_is_sent(
    today: date, expected: list[tuple[AgreedInvoice, Reminder]]
) -> None:
    assert reminders_due(FACTS, POLICY, today=today) == expected


@pytest.mark.parametrize(
    ("due_date", "expected"),
    [
        (date(2026, 12, 4), date(2026, 12, 6)),  # a Friday
        (date(2026, 12, 5), date(2026, 12, 9)),  # a Saturday: in time until Monday the 7th
        (date(2027, 1, 1), date(2027, 1, 6)),  # a holiday before a week-end
        (date(2027, 2, 6), date(2027, 2, 12)),  # Carnival: banks open again on the 10th
    ],
)
def test_nobody_is_told_of_being_late_who_may_still_pay(due_date: date, expected: date) -> None:
    facts = replace(
        FACTS, invoices=(AgreedInvoice(1, due_date),), reminded_until=due_date,
        tolerance_date=date(2027, 3, 10),
    )  # fmt: skip

    assert step_on(facts) == (AgreementStep.REMIND, expected)
    assert reminders_due(facts, POLICY, today=expected - timedelta(days=1)) == []
    assert [each for _, each in reminders_due(facts, POLICY, today=expected)] == [Reminder.AFTER]


def test_a_settled_invoice_is_not_reminded_of() -> None:
    paid = replace(FIRST, settled_on=date(2026, 11, 20))
    facts = replace(FACTS, invoices=(paid, SECOND))

    assert step_on(facts) == (AgreementStep.REMIND, date(2026, 12, 29))
    assert reminders_due(facts, POLICY, today=date(2026, 12, 1)) == []


def test_the_promise_is_checked_on_the_tolerance_date_and_broken_the_day_after() -> None:
    last = AgreedInvoice(2, date(2027, 1, 1))
    facts = replace(FACTS, invoices=(last,), reminded_until=date(2027, 1, 6))

    assert step_on(facts) == (AgreementStep.CHECK_PROMISE, date(2027, 1, 10))
    assert step_on(replace(facts, is_promise_checked=True)) == (
        AgreementStep.BREAK, date(2027, 1, 11),
    )  # fmt: skip


def test_an_instalment_more_than_thirty_days_late_breaks_it_before_the_tolerance() -> None:
    late = replace(FACTS, tolerance_date=date(2027, 2, 28))

    assert breaks_on(late, POLICY) == FIRST.due_date + timedelta(days=31)
    assert breaks_on(late, replace(POLICY, broken_after_days_late=5)) == date(2026, 12, 7)
    assert breaks_on(FACTS, POLICY) == date(2027, 1, 1)


@pytest.mark.parametrize("tolerance", [date(2026, 11, 30), date(2026, 12, 31)])
def test_unchanged_invoices_are_overdue_already_and_only_the_tolerance_counts(
    tolerance: date,
) -> None:
    overdue = AgreedInvoice(1, date(2026, 8, 1))
    facts = replace(
        FACTS, kind=AgreementKind.UNCHANGED, invoices=(overdue,), tolerance_date=tolerance
    )

    assert breaks_on(facts, POLICY) == tolerance + timedelta(days=1)
    assert step_on(facts) == (AgreementStep.REMIND, tolerance - timedelta(days=3))


@pytest.mark.parametrize("status", [s for s in AgreementStatus if s != "in_progress"])
def test_only_an_agreement_in_progress_acts_by_itself(status: AgreementStatus) -> None:
    assert next_step(replace(FACTS, status=status), POLICY) is None


def test_nothing_left_to_pay_leaves_nothing_to_do() -> None:
    paid = tuple(replace(each, settled_on=each.due_date) for each in FACTS.invoices)

    assert next_step(replace(FACTS, invoices=paid), POLICY) is None
    assert breaks_on(replace(FACTS, invoices=paid), POLICY) is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (date(2026, 12, 1), date(2027, 1, 9), AgreementStatus.FULFILLED),
        (date(2026, 12, 1), date(2027, 1, 10), AgreementStatus.FULFILLED),
        (date(2026, 12, 1), date(2027, 1, 11), AgreementStatus.FULFILLED_LATE),
        (date(2026, 12, 31), date(2027, 1, 1), AgreementStatus.FULFILLED),
        (date(2027, 1, 1), date(2027, 1, 1), AgreementStatus.FULFILLED_LATE),
    ],
)
def test_the_day_of_the_last_payment_says_whether_it_was_kept_in_time(
    first: date, second: date, expected: AgreementStatus
) -> None:
    paid = (replace(FIRST, settled_on=first), replace(SECOND, settled_on=second))

    assert fulfilment(replace(FACTS, invoices=paid), POLICY) is expected


def test_an_agreement_whose_invoices_were_all_cancelled_has_no_object() -> None:
    assert fulfilment(replace(FACTS, invoices=()), POLICY) is AgreementStatus.CANCELLED


def test_only_a_broken_agreement_is_renegotiated_or_undone() -> None:
    check_broken(AgreementStatus.BROKEN)
    with pytest.raises(AgreementNotBroken):
        check_broken(AgreementStatus.IN_PROGRESS)
    for ended in set(AgreementStatus) - {AgreementStatus.IN_PROGRESS, AgreementStatus.BROKEN}:
        with pytest.raises(AgreementEnded):
            check_live(ended)


def test_a_cancellation_needs_a_reason_that_fits() -> None:
    check_cancellation(AgreementStatus.IN_PROGRESS, reason="a" * 500)
    for reason, refusal in ((" ", ReasonRequired), ("a" * 501, CancellationReasonTooLong)):
        with pytest.raises(refusal):
            check_cancellation(AgreementStatus.IN_PROGRESS, reason=reason)


cents = st.integers(0, 500_000).map(lambda n: Decimal(n).scaleb(-2))
originals = st.lists(
    st.tuples(st.dates(date(2020, 1, 1), date(2027, 1, 1)), cents), min_size=1, max_size=8
).map(lambda rows: [Original(n, due, amount) for n, (due, amount) in enumerate(rows)])


@given(originals=originals, paid=cents)
def test_restoring_is_exact_to_the_cent(originals: list[Original], paid: Decimal) -> None:
    restoration = restore(originals, paid=paid)

    principal = sum(each.principal for each in originals)
    restored = sum(row.open_amount for row in restoration.rows)
    assert restored == max(principal - paid, Decimal(0))
    assert restoration.excess == max(paid - principal, Decimal(0))
    assert all(row.open_amount >= 0 for row in restoration.rows)
    assert {row.invoice_id: row.open_amount + row.paid for row in restoration.rows} == {
        each.invoice_id: each.principal for each in originals
    }


@given(originals=originals, paid=cents)
def test_restoring_pays_the_oldest_first(originals: list[Original], paid: Decimal) -> None:
    restoration = restore(originals, paid=paid)

    untouched = False
    for row in restoration.rows:
        assert not (untouched and row.paid)
        untouched = untouched or row.open_amount > 0


# --- what is asked when one is made ---------------------------------------------------------------

COMMAND = MakeAgreement(
    by="ana", invoice_ids=(1,), agreement_kind=AgreementKind.PROPOSAL,
    tolerance_date=date(2027, 2, 28), category_id=1, confirm_new_invoice=True,
    count=3, first_due=date(2026, 11, 30),
)  # fmt: skip
QUOTE = quote(Decimal("1000.00"), components=Components(discount=Decimal("0.01")))


def test_rows_are_planned_from_their_number_and_first_due_date() -> None:
    rows = terms.plan_rows(QUOTE, command=COMMAND, most=60)

    assert [row.amount for row in rows] == [Decimal("333.33")] * 3
    assert [row.due_date for row in rows] == [
        date(2026, 11, 30), date(2026, 12, 30), date(2027, 1, 30),
    ]  # fmt: skip


def test_edited_rows_keep_their_dates_and_amounts() -> None:
    edited = (
        InstalmentRow(date(2026, 12, 1), Decimal("900.00")),
        InstalmentRow(date(2027, 2, 2), Decimal("99.99")),
    )

    rows = terms.plan_rows(QUOTE, command=replace(COMMAND, rows=edited), most=60)

    assert [(row.due_date, row.amount) for row in rows] == [
        (each.due_date, each.amount) for each in edited
    ]
    assert all(row.parts_total == row.amount for row in rows)
    terms.check_rows(rows, total=QUOTE.total, today=MADE)


@pytest.mark.parametrize(
    ("today", "is_refused"),
    [(date(2026, 11, 29), False), (date(2026, 11, 30), False), (date(2026, 12, 1), True)],
)
def test_an_instalment_is_not_due_before_today(today: date, is_refused: bool) -> None:
    rows = terms.plan_rows(QUOTE, command=COMMAND, most=60)

    if is_refused:
        with pytest.raises(terms.InstalmentDueInThePast) as refusal:
            terms.check_rows(rows, total=QUOTE.total, today=today)
        assert refusal.value.field == "due_date"
    else:
        terms.check_rows(rows, total=QUOTE.total, today=today)


def test_what_cannot_be_planned_is_refused() -> None:
    with pytest.raises(terms.FirstDueRequired):
        terms.plan_rows(QUOTE, command=replace(COMMAND, first_due=None), most=60)
    with pytest.raises(terms.TooManyInstalments):
        terms.plan_rows(QUOTE, command=COMMAND, most=2)


def test_a_new_invoice_is_confirmed_and_suspension_takes_the_discount() -> None:
    with pytest.raises(terms.NewInvoiceNotConfirmed):
        terms.check_choices(replace(COMMAND, confirm_new_invoice=False), suspends_originals=False)
    keeps = replace(COMMAND, keeps_discount=True)
    terms.check_choices(keeps, suspends_originals=False)
    with pytest.raises(terms.DiscountNotKept):
        terms.check_choices(keeps, suspends_originals=True)


@pytest.mark.parametrize("reason", NotAuthorised)
def test_each_reason_against_an_invoice_has_its_own_refusal(reason: NotAuthorised) -> None:
    with pytest.raises(terms.NOT_AUTHORISED[reason]) as refusal:
        terms.check_picked(code="F1", refusal=reason, is_negotiating=True)

    assert refusal.value.field == "invoice_ids"
    assert "F1" in str(refusal.value)


def test_only_used_components_name_their_ledger_account() -> None:
    components = Components(
        fine_percent=Decimal(2), fine_account_id=7, charges_account_id=8, discount=Decimal(1)
    )

    assert terms.accounts_used(components) == {"fine_account_id": 7, "discount_account_id": None}
