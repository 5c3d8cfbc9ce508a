"""Cost allocation: by holder and days, by rule, and never a cent lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cost_allocation import (
    AllocationRule,
    Centre,
    Holding,
    LineCharge,
    PercentageNegative,
    PercentageOfNobody,
    PercentagesNotWhole,
    SharedBy,
    allocate,
    check_percents,
    left_out,
)
from rules.money import apportion

pytestmark = pytest.mark.once

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
EVER = date(2020, 1, 1)
CENTRES = (Centre("CAMPO", 30), Centre("VENDAS", 10))


def line(amount: str, *holdings: Holding) -> LineCharge:
    return LineCharge(Decimal(amount), holdings)


def shares(total: str, *charges: LineCharge, centres=CENTRES, **rule) -> dict[str, tuple[str, str]]:
    found = allocate(
        Decimal(total), charges, period=NOVEMBER, centres=centres, rule=AllocationRule(**rule)
    )
    return {each.cost_centre: (str(each.own), str(each.shared)) for each in found}


def test_a_line_is_its_holders_and_the_rest_is_shared_equally():
    found = shares(
        "100.01", line("40.00", Holding("VENDAS", EVER)), line("10.00", Holding("CAMPO", EVER))
    )

    assert found == {"CAMPO": ("10.00", "25.01"), "VENDAS": ("40.00", "25.00")}


def test_a_line_that_changed_hands_is_shared_by_days():
    found = shares(
        "30.00",
        line("30.00", Holding("VENDAS", EVER, date(2026, 11, 11)),
             Holding("CAMPO", date(2026, 11, 11))),
    )  # fmt: skip

    assert found == {"CAMPO": ("20.00", "0.00"), "VENDAS": ("10.00", "0.00")}


def test_days_without_a_holder_are_shared():
    found = shares("30.00", line("30.00", Holding("VENDAS", date(2026, 11, 16))), shared_by="equal")

    assert found == {"CAMPO": ("0.00", "7.50"), "VENDAS": ("15.00", "7.50")}


@pytest.mark.parametrize(
    ("rule", "campo", "vendas"),
    [
        ({"shared_by": SharedBy.EQUAL}, "40.00", "40.00"),
        ({"shared_by": SharedBy.USAGE}, "0.00", "80.00"),
        ({"shared_by": SharedBy.HEADCOUNT}, "60.00", "20.00"),
        (
            {
                "shared_by": SharedBy.FIXED,
                "percents": {"CAMPO": Decimal(10), "VENDAS": Decimal(90)},
            },
            "8.00",
            "72.00",
        ),
    ],
)
def test_each_rule_shares_what_is_nobodys(rule, campo, vendas):
    found = shares("100.00", line("20.00", Holding("VENDAS", EVER)), **rule)

    assert (found["CAMPO"][1], found["VENDAS"][1]) == (campo, vendas)


def test_without_cost_centres_it_is_all_nobodys():
    assert shares("12.34", line("1.00"), centres=()) == {"": ("0.00", "12.34")}


def test_percentages_must_come_to_a_hundred():
    check_percents({"A": Decimal("33.33"), "B": Decimal("66.67")}, known="AB")
    with pytest.raises(PercentagesNotWhole):
        check_percents({"A": Decimal("33.33"), "B": Decimal("66.66")}, known="AB")
    with pytest.raises(PercentageNegative):
        check_percents({"A": Decimal(-1), "B": Decimal(101)}, known="AB")


def test_a_percentage_is_of_a_centre_in_use():
    check_percents({"A": Decimal(100), "B": Decimal(0)}, known="A")
    with pytest.raises(PercentageOfNobody):
        check_percents({"A": Decimal(60), "B": Decimal(40)}, known="A")


def test_a_fixed_share_that_nobody_took_is_told():
    rule = AllocationRule(SharedBy.FIXED, {"CAMPO": Decimal(60), "LOJA": Decimal(40)})
    borne = allocate(Decimal(100), (), period=NOVEMBER, centres=CENTRES, rule=rule)

    assert left_out(rule, borne) == {"LOJA": Decimal(40)}
    assert left_out(AllocationRule(SharedBy.EQUAL, rule.percents), borne) == {}


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(-1), Decimal(2)]])
def test_nothing_is_shared_by_no_weight(weights):
    with pytest.raises(ValueError, match="cannot be shared"):
        apportion(Decimal(1), weights)


AMOUNTS = st.decimals(-9_999, 9_999, places=2)
CODES = st.sampled_from(["", "A", "B", "C"])
HOLDINGS = st.builds(
    lambda code, since, days: Holding(code, since, days and since + timedelta(days=days)),
    CODES, st.dates(date(2026, 10, 1), date(2026, 12, 15)), st.integers(0, 60),
)  # fmt: skip
LINES = st.builds(LineCharge, AMOUNTS, st.lists(HOLDINGS, max_size=3).map(tuple))
RULES = st.builds(
    AllocationRule, st.sampled_from(SharedBy),
    st.dictionaries(CODES, st.decimals(0, 100, places=2), max_size=3),
)  # fmt: skip


@given(
    AMOUNTS, st.lists(LINES, max_size=8), RULES,
    st.lists(st.builds(Centre, st.sampled_from("ABD"), st.integers(0, 9)), max_size=3),
)  # fmt: skip
def test_the_shares_come_to_the_invoice_to_the_cent(total, charges, rule, centres):
    found = allocate(total, charges, period=NOVEMBER, centres=centres, rule=rule)

    assert sum((each.total for each in found), Decimal(0)) == total
    assert len({each.cost_centre for each in found}) == len(found)


@given(AMOUNTS, st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=9))
def test_apportioned_parts_are_within_a_cent_of_exact(amount, weights):
    if not any(weights):
        weights = [Decimal(1), *weights]

    parts = apportion(amount, weights)

    whole = sum(weights)
    assert sum(parts) == amount
    assert all(
        abs(part - amount * weight / whole) < Decimal("0.0101")
        for part, weight in zip(parts, weights, strict=True)
    )
