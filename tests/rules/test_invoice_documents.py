from datetime import date
from decimal import Decimal

import pytest

from rules.business_days import Calendar, CalendarKind
from rules.contracts import PaymentMethod
from rules.invoice_documents import (
    Debt,
    TooManyInvoices,
    WaysToPay,
    amount_due,
    check_count,
    ways_to_pay,
)
from rules.late_charges import LateTerms, PrincipalPaid

pytestmark = pytest.mark.once

BANK = Calendar(kind=CalendarKind.BANK)
A_SATURDAY = date(2026, 12, 5)


def due(*, on, **told):
    debt = Debt(**{"open_amount": Decimal("100.00"), "due_date": A_SATURDAY, **told})
    return amount_due(debt, on=on, terms=LateTerms(), calendar=BANK)


@pytest.mark.parametrize(
    ("on", "discount", "charges", "total"),
    [
        (date(2026, 11, 20), "10.00", "0.00", "90.00"),
        (date(2026, 12, 5), "10.00", "0.00", "90.00"),
        (date(2026, 12, 7), "10.00", "0.00", "90.00"),  # Monday, the business day after it
        (date(2026, 12, 8), "0.00", "2.10", "102.10"),
    ],
)
def test_in_time_it_is_less_the_discount_and_late_it_is_more(on, discount, charges, total):
    owed = due(on=on, discount=Decimal("10.00"))

    assert (owed.discount, owed.charges.total) == (Decimal(discount), Decimal(charges))
    assert owed.total == Decimal(total)
    assert owed.free_until == date(2026, 12, 7)


def test_a_discount_never_takes_off_more_than_is_open():
    owed = due(on=A_SATURDAY, open_amount=Decimal("4.00"), discount=Decimal("10.00"))

    assert owed.total == Decimal("0.00")


def test_what_was_paid_late_counts_in_the_charges_of_the_rest():
    paid = [PrincipalPaid(date(2026, 12, 15), Decimal("50.00"))]

    owed = due(on=date(2026, 12, 25), open_amount=Decimal("50.00"), paid=paid)

    assert [line.principal for line in owed.charges.lines] == [
        Decimal("100.00"),
        Decimal("100.00"),
        Decimal("50.00"),
    ]
    assert owed.total == Decimal("52.50")  # 50.00, fine 2.00, interest 0.33 and 0.17


def test_late_charges_that_were_paid_are_not_asked_for_again():
    brought = PrincipalPaid(date(2026, 12, 15), Decimal("50.00"), charges=Decimal("2.33"))

    owed = due(on=date(2026, 12, 25), open_amount=Decimal("50.00"), paid=[brought])

    charges = owed.charges
    assert (charges.fine, charges.interest) == (Decimal("0.00"), Decimal("0.17"))
    assert sum(line.amount for line in charges.lines) - charges.paid == charges.total
    assert owed.total == Decimal("50.17")


@pytest.mark.parametrize(
    ("brought", "fine", "interest"),
    [("0.50", "1.50", "0.50"), ("2.00", "0.00", "0.50"), ("99.00", "0.00", "0.00")],
)
def test_what_was_paid_of_late_charges_covers_the_fine_first(brought, fine, interest):
    paid = [PrincipalPaid(date(2026, 12, 15), Decimal("50.00"), charges=Decimal(brought))]

    charges = due(on=date(2026, 12, 25), open_amount=Decimal("50.00"), paid=paid).charges

    assert (charges.fine, charges.interest) == (Decimal(fine), Decimal(interest))


def test_late_charges_paid_before_another_due_date_are_of_the_old_one():
    before = [PrincipalPaid(date(2026, 12, 1), Decimal("50.00"), charges=Decimal("2.33"))]

    owed = due(on=date(2026, 12, 8), open_amount=Decimal("50.00"), paid=before)

    assert owed.total == Decimal("51.05")  # fine 1.00, three days' interest 0.05


def test_one_e_mail_carries_a_dozen_documents():
    check_count(12)
    with pytest.raises(TooManyInvoices, match="12"):
        check_count(13)


@pytest.mark.parametrize(
    ("method", "in_time", "late"),
    [
        (PaymentMethod.BOLETO_PIX, (True, True), (True, True)),
        (PaymentMethod.BOLETO, (True, False), (True, False)),
        (PaymentMethod.PIX, (False, True), (False, True)),
        (PaymentMethod.PIX_AUTOMATIC, (False, False), (True, True)),
        (PaymentMethod.DEBIT, (False, False), (True, True)),
        (PaymentMethod.CARD, (False, False), (True, True)),
        (PaymentMethod.COUNTER, (False, False), (True, True)),
    ],
)
def test_what_is_taken_by_itself_is_paid_by_hand_only_once_it_is_late(method, in_time, late):
    assert ways_to_pay(method, is_late=False) == WaysToPay(*in_time)
    assert ways_to_pay(method, is_late=True) == WaysToPay(*late)
