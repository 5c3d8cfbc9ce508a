"""What a contract may say, and where its defaults come from."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules.business_days import add_months
from rules.contract_checks import Surroundings, faults
from rules.contract_terms import ContractPolicy, Defaulted, NewContract, Source, defaults_of
from rules.contract_welcome import AddressRequired, Welcome, check_welcome
from rules.contracts import BillingMethod, PlanType, RenewalPrice

TODAY = date(2026, 11, 16)
AROUND = Surroundings(TODAY, False, False, None, None)
VALUES: dict[str, Any] = {
    **dict.fromkeys((field.name for field in fields(NewContract)), None),
    "customer_id": 1, "plan_id": 1, "plan_type": PlanType.INTERNET,
    "monthly_amount": Decimal("89.90"), "adhesion_date": TODAY, "signed_on": TODAY,
    "starts_on": TODAY, "periodicity_months": 1, "due_day_rule_id": 1,
    "billing_method": BillingMethod.GROUPED, "setup_fee": Decimal(0),
    "renewal_price": RenewalPrice.BY_PLAN,
}  # fmt: skip
GOOD = NewContract(**VALUES)
LATEST = TODAY + timedelta(days=60)
A_YEAR_ON = add_months(TODAY, months=12)
TELEPHONE = replace(
    GOOD, plan_type=PlanType.TELEPHONY, phone_terminal="1133334444", ignore_automatic_renewal=True
)


def wrong(new: NewContract, around: Surroundings = AROUND) -> list[str | None]:
    """The fields at fault."""
    return [fault.field for fault in faults(new, around, ContractPolicy())]


@pytest.mark.parametrize(
    "new",
    [
        GOOD,
        TELEPHONE,
        replace(GOOD, adhesion_date=LATEST),
        replace(GOOD, inactivity_discount=True),
        replace(GOOD, setup_fee=Decimal(100), setup_account_id=1),
        replace(GOOD, billing_method=BillingMethod.COURTESY, due_day_rule_id=None),
        replace(GOOD, ends_on=add_months(GOOD.starts_on, months=120)),
        replace(GOOD, starts_on=add_months(TODAY, months=24), ends_on=None),
        replace(GOOD, term_months=12, minimum_term_months=12, ends_on=A_YEAR_ON),
        replace(GOOD, minimum_term_months=36, ends_on=None),
        replace(GOOD, signed_on=add_months(TODAY, months=-120)),
        replace(
            GOOD, billing_method=BillingMethod.PER_CHARGE, review_charges=True, fiscal_note="x"
        ),
    ],
)
def test_these_may_be_made(new):
    assert wrong(new) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"adhesion_date": LATEST + timedelta(days=1)}, "adhesion_date"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"starts_on": add_months(TODAY, months=-3), "ends_on": TODAY}, "ends_on"),
        ({"ends_on": A_YEAR_ON + timedelta(days=1), "term_months": 12}, "ends_on"),
        ({"ends_on": A_YEAR_ON, "minimum_term_months": 24}, "minimum_term_months"),
        (
            {"ends_on": A_YEAR_ON - timedelta(days=1), "minimum_term_months": 12},
            "minimum_term_months",
        ),
        ({"signed_on": LATEST + timedelta(days=1)}, "signed_on"),
        ({"signed_on": date(1999, 1, 1)}, "signed_on"),
        ({"ends_on": add_months(GOOD.starts_on, months=120) + timedelta(days=1)}, "ends_on"),
        ({"starts_on": add_months(TODAY, months=24) + timedelta(days=1)}, "starts_on"),
        ({"starts_on": date.max, "ends_on": None}, "starts_on"),
        ({"starts_on": date.min}, "starts_on"),
        ({"inactivity_discount": True, "periodicity_months": 3}, "inactivity_discount"),
        (
            {"inactivity_discount": True, "billing_method": BillingMethod.PER_CHARGE},
            "inactivity_discount",
        ),
        ({"setup_fee": Decimal("0.01")}, "setup_account_id"),
        ({"phone_terminal": "1133334444", "ignore_automatic_renewal": True}, "phone_terminal"),
        ({"due_day_rule_id": None}, "due_day_rule_id"),
        ({"review_charges": True}, "review_charges"),
        ({"fiscal_note": "x"}, "fiscal_note"),
        ({"charges_suggested": True}, "suggested_amount"),
        ({"data_base_month": 13}, "data_base_month"),
    ],
)
def test_these_are_refused_beside_their_field(changes, field):
    assert wrong(replace(GOOD, **changes)) == [field]


@pytest.mark.parametrize(
    "changes",
    [{"ignore_automatic_renewal": False}, {"billing_method": BillingMethod.PER_CHARGE}],
)
def test_a_terminal_needs_grouping_and_no_automatic_renewal(changes):
    field = next(iter(changes))
    beside = field if field == "ignore_automatic_renewal" else "phone_terminal"
    assert wrong(replace(TELEPHONE, **changes)) == [beside]


def test_a_terminal_is_of_one_contract():
    assert wrong(TELEPHONE, replace(AROUND, terminal_taken_by="K1")) == ["phone_terminal"]


def test_a_rule_for_telephony_is_for_telephony():
    around = replace(AROUND, due_rule_is_for_telephony=True)

    assert wrong(GOOD, around) == ["due_day_rule_id"]
    assert wrong(TELEPHONE, around) == []


def test_a_profile_for_telephony_is_for_telephony():
    around = replace(AROUND, profile_is_for_telephony=True)

    assert wrong(GOOD, around) == ["payment_profile_id"]
    assert wrong(TELEPHONE, around) == []


def test_a_group_is_its_customers_own():
    assert wrong(replace(GOOD, billing_group_id=1), replace(AROUND, group_customer_id=2)) == [
        "billing_group_id"
    ]


def test_everything_wrong_is_told_at_once():
    assert wrong(replace(GOOD, setup_fee=Decimal(1), review_charges=True)) == [
        "review_charges", "setup_account_id",
    ]  # fmt: skip


def test_the_customers_default_comes_before_the_plans_and_the_houses():
    offers = {
        "a": {Source.CUSTOMER: 1, Source.PLAN: 2, Source.GENERAL: 3},
        "b": {Source.CUSTOMER: None, Source.PLAN: Decimal(0), Source.GENERAL: 3},
        "c": {Source.CUSTOMER: "", Source.GENERAL: 3},
        "d": {Source.PLAN: None},
    }

    assert defaults_of(offers) == {
        "a": Defaulted(1, Source.CUSTOMER),
        "b": Defaulted(Decimal(0), Source.PLAN),
        "c": Defaulted(3, Source.GENERAL),
    }


def test_a_welcome_needs_an_address():
    check_welcome(Welcome(is_wanted=False))
    with pytest.raises(AddressRequired):
        check_welcome(Welcome(to=" "))
