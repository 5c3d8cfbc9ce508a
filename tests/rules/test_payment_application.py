"""What an invoice takes of payments, what it forgives, and what is left over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.business_days import Calendar, CalendarKind
from rules.payment_application import Paid, apply_payments, on_time_discount
from rules.payment_policy import PaymentPolicy

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 16)


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

    found = apply_payments(
        Decimal(owed), [Paid(Decimal(paid), A_SATURDAY)], tolerance=policy.tolerance
    )

    [one] = found.taken
    assert (one.applied, one.discount, found.left) == tuple(map(Decimal, taken))
