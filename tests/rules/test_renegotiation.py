"""Which invoices may be renegotiated outside collections, and until when."""

from __future__ import annotations

from datetime import date

import pytest

from rules.renegotiation import (
    NewDueDateNotLater,
    NewDueDateTooFar,
    RenegotiatedAtBureau,
    RenegotiatedInAgreement,
    RenegotiatedInCollections,
    RenegotiatedInvoice,
    RenegotiatedNotOpen,
    RenegotiationReasonRequired,
    check_invoice,
    check_new_due_date,
    check_reason,
)

DUE, TODAY = date(2026, 10, 5), date(2026, 11, 16)


def invoice(**values: object) -> RenegotiatedInvoice:
    told = {"status": "open", "due_date": DUE, "stage": None, "bureau_stage": None}
    return RenegotiatedInvoice(**{**told, "agreement_id": None, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"status": "settled"}, RenegotiatedNotOpen),
        ({"status": "suspended"}, RenegotiatedNotOpen),
        ({"agreement_id": 7, "stage": "in_agreement"}, RenegotiatedInAgreement),
        ({"stage": "classified"}, RenegotiatedInCollections),
        ({"stage": "negotiating"}, RenegotiatedInCollections),
        ({"bureau_stage": "registered"}, RenegotiatedAtBureau),
    ],
)
def test_what_is_worked_elsewhere_is_refused(values, refusal):
    with pytest.raises(refusal):
        check_invoice(invoice(**values))


@pytest.mark.parametrize(
    "values", [{}, {"stage": "recovered"}, {"stage": "withdrawn"}, {"bureau_stage": "removed"}]
)
def test_an_open_invoice_outside_collections_may_be(values):
    check_invoice(invoice(**values))


@pytest.mark.parametrize(
    ("due_date", "new", "refusal"),
    [
        (DUE, date(2026, 11, 15), NewDueDateNotLater),
        (date(2026, 11, 20), date(2026, 11, 20), NewDueDateNotLater),
        (DUE, date(2026, 12, 17), NewDueDateTooFar),
    ],
)
def test_a_date_that_is_not_later_or_too_far_is_refused(due_date, new, refusal):
    with pytest.raises(refusal):
        check_new_due_date(new, due_date=due_date, today=TODAY, most_days=30)


@pytest.mark.parametrize("new", [TODAY, date(2026, 12, 16)])
def test_today_and_the_last_day_are_accepted(new):
    check_new_due_date(new, due_date=DUE, today=TODAY, most_days=30)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_reason_is_needed(reason):
    with pytest.raises(RenegotiationReasonRequired):
        check_reason(reason)
