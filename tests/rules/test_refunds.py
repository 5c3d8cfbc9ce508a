"""What goes back of what was paid without being due: the day before, the day itself, months after.

Expected amounts are worked out by hand from the rates beside them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.contestation_received import Covered, overpaid_by_day
from rules.refunds import Overpaid, refund_of

PAID = date(2026, 1, 20)
RATES = {
    date(2026, 1, 1): Decimal("0.50"),
    date(2026, 2, 1): Decimal("1.00"),
    date(2026, 3, 1): Decimal("-0.20"),
}


def refund(day: date, *, times: int = 2, rates=RATES, interest: int = 1):
    overpaid = Overpaid(Decimal("100.00"), PAID, times)
    return refund_of(overpaid, day=day, interest_percent=interest, rates=rates)


@pytest.mark.parametrize(
    ("day", "correction", "interest"),
    [
        (PAID, "0.00", "0.00"),
        (date(2026, 1, 21), "0.00", "0.07"),  # 200.00 x 1 % / 30
        (date(2026, 1, 31), "0.00", "0.73"),  # eleven days
        (date(2026, 2, 1), "1.00", "0.80"),  # January corrects: 200 x 0.5 %; 201.00 x 12 days
        (date(2026, 3, 1), "3.01", "2.71"),  # x 1.01: 203.01; 40 days
        (date(2026, 4, 1), "2.60", "4.79"),  # x 0.998: a fall counts; 71 days on 202.60
    ],
)
def test_correction_by_whole_months_and_interest_by_the_day(day, correction, interest):
    found = refund(day)

    assert (found.principal, found.correction) == (Decimal("200.00"), Decimal(correction))
    assert found.interest == Decimal(interest)
    assert found.missing == ()
    assert found.total == Decimal(200) + found.correction + found.interest


def test_a_month_that_is_not_known_corrects_nothing_and_is_named():
    found = refund(date(2026, 6, 10))

    assert found.correction == Decimal("2.60")
    assert found.missing == (date(2026, 4, 1), date(2026, 5, 1))


def test_prices_that_fell_never_give_back_less_than_was_paid():
    found = refund(date(2026, 2, 5), rates={date(2026, 1, 1): Decimal(-3)}, interest=0)

    assert found.total == Decimal("200.00")


@pytest.mark.parametrize(("times", "principal"), [(1, "100.00"), (2, "200.00")])
def test_a_justified_mistake_goes_back_once(times, principal):
    assert refund(PAID, times=times).principal == Decimal(principal)


def test_a_payment_of_a_day_to_come_bears_nothing():
    assert refund(date(2026, 1, 1)).total == Decimal("200.00")


def test_without_interest_and_rates_it_is_twice_what_was_paid():
    assert refund(date(2027, 1, 1), rates={}, interest=0).total == Decimal("200.00")


JAN, FEB, MAR = date(2026, 1, 20), date(2026, 2, 20), date(2026, 3, 20)


@pytest.mark.parametrize(
    ("amount", "covered", "expected"),
    [
        ("30.00", [(JAN, "60.00", "0"), (FEB, "40.00", "0")], {FEB: "30.00"}),
        ("70.00", [(FEB, "40.00", "0"), (JAN, "60.00", "0")], {FEB: "40.00", JAN: "30.00"}),
        ("100.00", [(JAN, "100.00", "2.33")], {JAN: "102.33"}),
        ("33.33", [(JAN, "100.00", "2.00")], {JAN: "34.00"}),  # 0.6666 of charges
        ("50.00", [(JAN, "100.00", "0"), (MAR, "0", "3.00")], {JAN: "50.00", MAR: "1.50"}),
        ("100.00", [(JAN, "90.00", "0")], {JAN: "90.00"}),  # ten were forgiven
        ("10.00", [(JAN, "60.00", "0"), (JAN, "5.00", "0")], {JAN: "10.00"}),
        ("10.00", [], {}),
    ],
)
def test_the_last_payments_hold_what_was_not_due_with_the_late_charges_on_it(
    amount, covered, expected
):
    told = [Covered(on, Decimal(part), Decimal(charges)) for on, part, charges in covered]

    found = overpaid_by_day(Decimal(amount), told)

    assert found == {day: Decimal(each) for day, each in expected.items()}
