"""Policies: every field has its words, and a value is what its kind allows."""

from __future__ import annotations

from datetime import time

import pytest

from rules.business_days import Window
from rules.contact_window import HOURS
from rules.documents import DocumentNotValid
from rules.policies import BY_NAME, GROUPS, PolicyOrderBroken, check_order
from rules.policy_values import (
    Kind,
    PolicyAmountRefused,
    PolicyCadenceRefused,
    PolicyFlagRefused,
    PolicyHoursRefused,
    PolicyNumberRefused,
    Setting,
    checked,
    hours_of,
    windows_of,
)
from rules.refusals import Refusal

REMOVE = BY_NAME["BureauPolicy.remove_business_days"]
CADENCE = BY_NAME["CollectionsPolicy.cadence"]
SP = BY_NAME["ContactHours.SP"]
AMOUNT = Setting("Test.amount", "", "", "10.00", kind=Kind.AMOUNT, most=100)


def test_every_default_is_a_value_that_could_be_chosen() -> None:
    for setting in BY_NAME.values():
        assert checked(setting, setting.default) == setting.default, setting.name


def test_every_setting_says_where_its_rule_comes_from() -> None:
    assert [each.name for group in GROUPS for each in group.settings if not each.source] == []


@pytest.mark.parametrize(("days", "is_allowed"), [(0, False), (1, True), (5, True), (6, False)])
def test_a_number_keeps_within_the_law(days: int, is_allowed: bool) -> None:
    if is_allowed:
        assert checked(REMOVE, days) == days
    else:
        with pytest.raises(PolicyNumberRefused):
            checked(REMOVE, days)


@pytest.mark.parametrize("value", [True, "3", 3.0, None, [3]])
def test_a_number_is_a_whole_number_and_nothing_else(value: object) -> None:
    with pytest.raises(PolicyNumberRefused):
        checked(REMOVE, value)


def test_an_amount_is_kept_to_the_cent() -> None:
    assert checked(AMOUNT, "12.5") == "12.50"
    for wrong in ("12.505", "-1", "101", "NaN", "x", 12.5, None, "1e99"):
        with pytest.raises(PolicyAmountRefused):
            checked(AMOUNT, wrong)


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("AgreementPolicy.allows_remittance", "true", PolicyFlagRefused),
        ("BureauPolicy.remove_on", "never", Refusal),
        ("Supplier.name", "  ", Refusal),
        ("Supplier.document", "11.222.333/0001-82", DocumentNotValid),
        ("ContactHours.SP", {"weekdays": ["18:00", "08:00"]}, PolicyHoursRefused),
        ("ContactHours.SP", {"weekdays": ["8h", "18h"]}, PolicyHoursRefused),
        ("ContactHours.SP", {"saturday": ["08:00", "12:00"]}, PolicyHoursRefused),
        ("ContactHours.SP", [["08:00", "12:00"]], PolicyHoursRefused),
        ("CollectionsPolicy.cadence", [[3, "contact_cadence_1"], [3, "contact_cadence_2"]],
         PolicyCadenceRefused),
        ("CollectionsPolicy.cadence", [[1, "contact_cadence_2"], [2, "contact_cadence_1"]],
         PolicyCadenceRefused),
        ("CollectionsPolicy.cadence", [[0, "contact_cadence_1"]], PolicyCadenceRefused),
        ("CollectionsPolicy.cadence", [[1, "payment_thanks"]], PolicyCadenceRefused),
        ("CollectionsPolicy.cadence", "1", PolicyCadenceRefused),
    ],
)  # fmt: skip
def test_other_values_are_refused_beside_the_value(
    name: str, value: object, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        checked(BY_NAME[name], value)

    assert refused.value.field == "value"


def test_a_cadence_may_leave_messages_out() -> None:
    assert checked(CADENCE, [[4, "contact_cadence_2"]]) == [[4, "contact_cadence_2"]]
    assert checked(CADENCE, []) == []


def test_the_law_of_sao_paulo_reads_the_same_both_ways() -> None:
    assert SP.default == {"weekdays": ["08:00", "20:00"], "saturday": ["08:00", "14:00"]}
    assert windows_of(hours_of(HOURS["SP"])) == HOURS["SP"]
    assert Window(4, time(8), time(20)) in windows_of(SP.default)


@pytest.mark.parametrize(("nudge", "is_allowed"), [(9, True), (10, True), (11, False)])
def test_a_customer_is_asked_again_no_later_than_given_up(nudge: int, is_allowed: bool) -> None:
    name = "TicketPolicy.nudge_business_days"
    if is_allowed:
        check_order(name, nudge, stored={})
    else:
        with pytest.raises(PolicyOrderBroken):
            check_order(name, nudge, stored={})
        check_order(name, nudge, stored={"TicketPolicy.give_up_business_days": 11})
