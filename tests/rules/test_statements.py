"""A statement's lines come to what is owed, whatever happened to the invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.statements import (
    Entry,
    StatedAgreement,
    StatedCharge,
    StatedInvoice,
    StatedPayment,
    StatedRenegotiation,
    make_statement,
)

D = Decimal


def invoice(number: int = 1, open_amount: str = "100.00", status: str = "open", **values: object):
    told = {"issued_on": date(2026, 9, number), "due_date": date(2026, 10, number)}
    return StatedInvoice(  # type: ignore[arg-type]
        number, f"F{number}", amount=D("100.00"), open_amount=D(open_amount), status=status,
        **{**told, **values},
    )  # fmt: skip


def payment(amount: str, applied: str | None = None, **values: object):
    told = {"invoice_id": 1, "source": "bank", "paid_on": date(2026, 10, 10)}
    return StatedPayment(amount=D(amount), applied=D(applied or amount), **{**told, **values})  # type: ignore[arg-type]


def entries(statement):
    return [
        (line.entry, str(line.debit), str(line.credit), str(line.balance))
        for line in statement.lines
    ]


def test_an_invoice_and_its_payment_come_to_nothing():
    charges = (StatedCharge("Fibra 500", D("100.00")),)
    told = make_statement(
        [invoice(open_amount="0.00", status="settled", charges=charges)], [payment("100.00")]
    )

    assert entries(told) == [
        (Entry.INVOICE, "100.00", "0.00", "100.00"),
        (Entry.CHARGE, "0.00", "0.00", "100.00"),
        (Entry.PAYMENT, "0.00", "100.00", "0.00"),
    ]
    assert (told.balance, told.debits, told.credits) == (D("0.00"), D("100.00"), D("100.00"))


@pytest.mark.parametrize(
    ("owed", "status", "paid", "balance"),
    [
        ("60.00", "open", payment("40.00"), "60.00"),
        ("0.00", "settled", payment("130.00", "100.00"), "-30.00"),
        ("0.00", "settled", payment("104.17", "100.00", charges=D("4.17")), "0.00"),
        ("0.00", "settled", payment("95.00", discount=D("5.00")), "0.00"),
        ("100.00", "open", payment("50.00", "0.00", reversed_on=date(2026, 10, 12)), "100.00"),
        ("60.00", "suspended", payment("40.00"), "60.00"),
    ],
)
def test_the_balance_is_what_is_open_less_what_was_paid_too_much(owed, status, paid, balance):
    told = make_statement([invoice(open_amount=owed, status=status)], [paid])

    assert told.balance == D(balance)


def test_what_was_paid_twice_is_in_the_customers_favour():
    settled = invoice(open_amount="0.00", status="settled")

    told = make_statement([settled], [payment("100.00"), payment("100.00", "0.00")])

    assert told.balance == D("-100.00")


@pytest.mark.parametrize(
    ("status", "open_amount", "entry"),
    [
        ("replaced", "100.00", Entry.REPLACED),
        ("replaced", "0.00", Entry.REPLACED),
        ("cancelled", "100.00", Entry.CANCELLED),
        ("settled", "0.00", Entry.ELSEWHERE),
    ],
)
def test_what_no_payment_took_has_a_line_of_its_own(status, open_amount, entry):
    closed = invoice(
        open_amount=open_amount, status=status, closed_on=date(2026, 10, 20), agreement=7
    )

    told = make_statement([closed], [payment("40.00")] if status == "replaced" else [])

    assert told.balance == D("0.00")
    assert [line.entry for line in told.lines][-1] is entry
    assert told.lines[-1].on == date(2026, 10, 20)


def test_late_charges_of_a_renegotiation_are_a_line_of_their_own():
    moved = StatedRenegotiation(date(2026, 10, 20), date(2026, 11, 5), D("4.00"))
    late = invoice(open_amount="100.00", renegotiations=(moved,))

    told = make_statement([late], [])

    assert entries(told) == [
        (Entry.INVOICE, "96.00", "0.00", "96.00"),
        (Entry.RENEGOTIATED, "4.00", "0.00", "100.00"),
    ]


def test_an_agreement_is_told_and_counts_by_its_invoices_only():
    agreement = StatedAgreement(7, date(2026, 10, 20), "in_progress", D("300.00"))

    told = make_statement([invoice()], [], [agreement])

    assert [line.entry for line in told.lines] == [Entry.INVOICE, Entry.AGREEMENT]
    assert told.balance == D("100.00")


def test_what_came_before_stands_in_one_line():
    invoices = [invoice(1, "0.00", "settled"), invoice(2), invoice(3)]

    told = make_statement(
        invoices, [payment("100.00")], since=date(2026, 9, 3), until=date(2026, 9, 30)
    )

    assert entries(told) == [
        (Entry.BEFORE, "0.00", "0.00", "200.00"),
        (Entry.INVOICE, "100.00", "0.00", "300.00"),
    ]
    assert told.balance == D("300.00")


@pytest.mark.parametrize("since", [date(2026, 9, 1), None])
def test_the_first_day_asked_for_is_among_the_lines(since):
    told = make_statement([invoice(1)], [], since=since)

    assert [line.entry for line in told.lines] == [Entry.INVOICE]


def test_nothing_at_all_is_a_balance_of_nothing():
    assert make_statement([], []).balance == D("0.00")
