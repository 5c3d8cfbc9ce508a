"""Which payments are accepted, and of which invoice they lower the debt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules import payments as rules
from rules.money import NegativeAmount, TooPrecise
from rules.panels import InvoiceStatus
from rules.payments import (
    CreditedBeforePaid,
    InvoiceAlreadySettled,
    InvoiceCancelled,
    InvoiceReplaced,
    PaidInTheFuture,
    PaymentCodeRequired,
    PaymentNotPositive,
    check_payment,
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
        (InvoiceStatus.SUSPENDED, InvoiceReplaced),
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
    ("status", "owed", "is_lowered"),
    [
        (InvoiceStatus.OPEN, "10.00", True),
        (InvoiceStatus.SUSPENDED, "10.00", True),
        (InvoiceStatus.SUSPENDED, "0.00", False),
        (InvoiceStatus.SETTLED, "10.00", False),
        (InvoiceStatus.CANCELLED, "0.00", False),
    ],
)
def test_only_what_an_invoice_owes_is_lowered(status, owed, is_lowered):
    assert rules.is_lowered(status, owed=Decimal(owed)) is is_lowered
