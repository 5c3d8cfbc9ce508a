"""Which payments are accepted, and what an invoice takes of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules import payments as rules
from rules.business_days import Calendar, CalendarKind
from rules.money import NegativeAmount, TooPrecise
from rules.panels import InvoiceStatus
from rules.payment_policy import PaymentPolicy
from rules.payments import (
    CreditedBeforePaid,
    InvoiceAlreadySettled,
    InvoiceCancelled,
    InvoiceReplaced,
    Paid,
    PaidInTheFuture,
    PaymentCodeRequired,
    PaymentNotPositive,
    apply_payments,
    check_payment,
    on_time_discount,
    payable,
)

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 16)


def a_payment(**changed: Any) -> dict[str, Any]:
    told = {"code": "P1", "amount": Decimal("10.00"), "paid_on": TODAY, "credited_on": TODAY}
    return told | {"today": TODAY} | changed


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"code": " "}, PaymentCodeRequired),
        ({"code": "x" * 61}, PaymentCodeRequired),
        ({"amount": Decimal(0)}, PaymentNotPositive),
        ({"amount": Decimal("-1.00")}, NegativeAmount),
        ({"amount": Decimal("1.001")}, TooPrecise),
        ({"paid_on": date(2026, 11, 17)}, PaidInTheFuture),
        ({"credited_on": date(2026, 11, 15)}, CreditedBeforePaid),
    ],
)
def test_a_payment_that_cannot_have_happened_is_refused(changed, refusal):
    with pytest.raises(refusal):
        check_payment(**a_payment(**changed))


def test_a_payment_of_today_credited_tomorrow_is_accepted():
    check_payment(**a_payment(credited_on=date(2026, 11, 17)))


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (InvoiceStatus.SETTLED, InvoiceAlreadySettled),
        (InvoiceStatus.CANCELLED, InvoiceCancelled),
        (InvoiceStatus.REPLACED, InvoiceReplaced),
    ],
)
def test_an_invoice_that_owes_nothing_takes_no_money(status, refusal):
    with pytest.raises(refusal):
        payable(status, invoice="F1", open_amount=Decimal("0.00"))


def test_an_invoice_that_was_settled_elsewhere_takes_the_payment_that_explains_it():
    taken = payable(
        "settled", invoice="F1", open_amount=Decimal("0.00"), unexplained=Decimal("80.00")
    )

    assert taken == Decimal("80.00")


@pytest.mark.parametrize(
    ("owed", "amounts", "applied", "left"),
    [
        ("100.00", ["99.99"], ["99.99"], "0.01"),
        ("100.00", ["100.00"], ["100.00"], "0.00"),
        ("100.00", ["100.01"], ["100.00"], "0.00"),
        ("100.00", ["80.00", "50.00"], ["80.00", "20.00"], "0.00"),
        ("100.00", ["150.00", "10.00"], ["100.00", "0.00"], "0.00"),
        ("100.00", [], [], "100.00"),
    ],
)
def test_an_invoice_takes_what_it_owes_and_no_more(owed, amounts, applied, left):
    result = apply_payments(Decimal(owed), [Paid(Decimal(a), TODAY) for a in amounts])

    assert [taken.applied for taken in result.taken] == [Decimal(a) for a in applied]
    assert {taken.discount for taken in result.taken} <= {Decimal(0)}
    assert result.left == Decimal(left)
    assert result.status == (InvoiceStatus.OPEN if result.left else InvoiceStatus.SETTLED)


# A discount for paying in time


A_SATURDAY = date(2026, 12, 5)
OFFER = on_time_discount(
    Decimal("10.00"), due_date=A_SATURDAY, calendar=Calendar(kind=CalendarKind.BANK)
)


def taken_of(*paid: tuple[str, date], owed: str = "100.00") -> list[tuple[str, str]]:
    came_in = [Paid(Decimal(amount), on) for amount, on in paid]
    result = apply_payments(Decimal(owed), came_in, offer=OFFER)
    return [(str(each.applied), str(each.discount)) for each in result.taken]


@pytest.mark.parametrize(
    ("on", "taken"),
    [
        (date(2026, 12, 4), ("90.00", "10.00")),
        (date(2026, 12, 5), ("90.00", "10.00")),
        (date(2026, 12, 7), ("90.00", "10.00")),  # Monday, the business day after it
        (date(2026, 12, 8), ("90.00", "0.00")),
    ],
)
def test_paying_all_in_time_is_forgiven_the_discount(on, taken):
    assert taken_of(("90.00", on)) == [taken]


def test_who_pays_the_whole_amount_in_time_has_the_discount_left_over():
    assert taken_of(("100.00", A_SATURDAY)) == [("90.00", "10.00")]
    assert taken_of(("100.00", date(2026, 12, 8))) == [("100.00", "0.00")]


def test_a_part_is_forgiven_nothing_until_the_rest_comes_in_time():
    assert taken_of(("89.99", A_SATURDAY)) == [("89.99", "0.00")]
    assert taken_of(("50.00", A_SATURDAY), ("40.00", A_SATURDAY)) == [
        ("50.00", "0.00"),
        ("40.00", "10.00"),
    ]
    assert taken_of(("50.00", A_SATURDAY), ("40.00", date(2026, 12, 8))) == [
        ("50.00", "0.00"),
        ("40.00", "0.00"),
    ]


def test_a_discount_is_forgiven_once_and_never_more_than_is_owed():
    assert taken_of(("90.00", A_SATURDAY), ("5.00", A_SATURDAY)) == [
        ("90.00", "10.00"),
        ("0.00", "0.00"),
    ]
    assert taken_of(("1.00", A_SATURDAY), owed="4.00") == [("0.00", "4.00")]


@pytest.mark.parametrize(
    ("owed", "paid", "cents", "taken"),
    [
        ("100.00", "99.99", 0, ("99.99", "0.00", "0.01")),
        ("100.00", "99.99", 1, ("99.99", "0.01", "0.00")),
        ("100.00", "99.98", 1, ("99.98", "0.00", "0.02")),
        ("100.00", "100.00", 1, ("100.00", "0.00", "0.00")),
        ("100.00", "100.01", 1, ("100.00", "0.00", "0.00")),
    ],
)
def test_a_house_may_let_a_cent_go(owed, paid, cents, taken):
    policy = PaymentPolicy(tolerance_cents=cents)

    found = rules.apply_payments(
        Decimal(owed), [rules.Paid(Decimal(paid), A_SATURDAY)], tolerance=policy.tolerance
    )

    [one] = found.taken
    assert (one.applied, one.discount, found.left) == tuple(map(Decimal, taken))
