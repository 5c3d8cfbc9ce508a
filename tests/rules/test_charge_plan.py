"""A term's charges: periods, dates and cents, from the first day to the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rules.charge_plan import ChargeTerms, ServiceTerms, plan_service, plan_setup, plan_term
from rules.charges import Recurrence
from rules.due_days import DueDayRule

START = date(2026, 1, 20)
TERMS = ChargeTerms(
    starts_on=START,
    until=date(2027, 1, 20),
    months=1,
    amount=Decimal("100.00"),
    rule=DueDayRule(due_day=10, issue_days=10),
)


def test_a_year_has_twelve_charges_each_with_its_due_date():
    charges = plan_term(TERMS, used_from=START, made_on=START)

    assert len(charges) == 12
    assert {each.amount for each in charges} == {Decimal("100.00")}
    assert [each.due_date for each in charges[:3]] == [
        date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 10),
    ]  # fmt: skip
    assert charges[0].issue_date == date(2026, 1, 31)


def test_quarters_fall_due_every_three_months():
    charges = plan_term(replace(TERMS, months=3), used_from=START, made_on=START)

    assert [each.due_date.month for each in charges] == [2, 5, 8, 11]


def test_days_before_activation_are_not_charged():
    charges = plan_term(TERMS, used_from=date(2026, 2, 4), made_on=date(2026, 2, 4))

    assert charges[0].amount == Decimal("51.61")  # 16 of 31 days
    assert charges[0].due_date == date(2026, 3, 10)  # the tenth of February cannot be met any more
    assert len(charges) == 12


def test_a_period_wholly_before_activation_is_not_there():
    charges = plan_term(TERMS, used_from=date(2026, 2, 20), made_on=date(2026, 2, 20))

    assert len(charges) == 11
    assert charges[0].amount == Decimal("100.00")


def test_a_term_that_ends_within_a_period_is_charged_by_its_days():
    charges = plan_term(replace(TERMS, until=date(2026, 3, 1)), used_from=START, made_on=START)

    assert [each.amount for each in charges] == [Decimal("100.00"), Decimal("32.14")]


def test_a_longer_horizon_adds_only_what_is_new():
    more = replace(TERMS, until=date(2027, 3, 20))

    charges = plan_term(more, used_from=START, made_on=START, since=date(2027, 1, 20))

    assert [each.ordinal for each in charges] == [13, 14]


def test_the_setup_fee_is_split_to_the_cent():
    charges = plan_setup(
        Decimal("100.00"), instalments=3, adhesion=START, rule=TERMS.rule, made_on=START
    )

    assert sum(each.amount for each in charges) == Decimal("100.00")
    assert [each.due_date.month for each in charges] == [2, 3, 4]


def test_without_a_fee_there_is_no_setup():
    assert (
        plan_setup(Decimal(0), instalments=1, adhesion=START, rule=TERMS.rule, made_on=START) == []
    )


def test_a_service_of_three_periods_costs_three_times_its_price():
    service = ServiceTerms(
        Recurrence.PERIODS, Decimal("10.00"), starts_on=date(2026, 2, 1), periods=3
    )

    charges = plan_service(service, TERMS, made_on=START)

    assert len(charges) == 4  # cut at both ends
    assert sum(each.amount for each in charges) == Decimal("30.00")


def test_a_service_is_charged_once():
    service = ServiceTerms(Recurrence.ONCE, Decimal("80.00"), starts_on=date(2026, 3, 5))

    [charge] = plan_service(service, TERMS, made_on=START)

    assert (charge.amount, charge.due_date) == (Decimal("80.00"), date(2026, 4, 10))


def test_a_service_that_is_removed_is_charged_until_that_day():
    service = ServiceTerms(
        Recurrence.UNTIL_REMOVED, Decimal("31.00"), starts_on=START, until=date(2026, 2, 4)
    )

    [charge] = plan_service(service, TERMS, made_on=START)

    assert charge.amount == Decimal("15.00")  # 15 of 31 days
