"""A plan's price is shared among its products, and not a cent is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan_products import PlanAfter, PlanPart, read, shares, with_plan_after, written

pytestmark = pytest.mark.once

ACCESS, BOOKS = (
    PlanPart("Acesso", Decimal("60.00"), "nfcom"),
    PlanPart("Livros", Decimal(40), "nfse"),
)
CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)
PARTS = st.lists(st.integers(1, 10**7), min_size=1, max_size=6).map(
    lambda all_of: [PlanPart("P", Decimal(cents) / 100) for cents in all_of]
)


@pytest.mark.parametrize(
    ("total", "expected"),
    [("100.00", ["60.00", "40.00"]), ("33.33", ["20.00", "13.33"]), ("0.01", ["0.01", "0.00"])],
)
def test_shares_are_as_the_amounts_are(total, expected):
    found = shares(Decimal(total), [ACCESS, BOOKS])

    assert [amount for _, amount in found] == [Decimal(each) for each in expected]


@given(total=CENTS, parts=PARTS)
def test_shares_come_to_the_whole(total, parts):
    assert sum(amount for _, amount in shares(total, parts)) == total


def test_without_products_there_are_no_shares():
    assert shares(Decimal(10), []) == []
    assert shares(Decimal(10), [PlanPart("Livre", Decimal(0))]) == []


def changed(kept, plan: str, parts, *, before: str, gone: str, amount: str):
    after = PlanAfter("Antes", plan, parts, Decimal(before), Decimal(gone), Decimal(amount))
    return with_plan_after(kept, after)


def amounts(kept) -> dict[str, str]:
    return {each.name: str(each.amount) for each in read(kept)}


def test_a_plan_changed_within_a_period_shares_the_charge_by_days():
    tv = [PlanPart("Acesso", Decimal(50), "nfcom"), PlanPart("TV", Decimal(150), "nfcom")]
    kept = written([ACCESS, BOOKS])

    # Days 10 to 30 go to another plan, then days 20 to 30 to a third that is one price
    kept = changed(kept, "TV", tv, before="100.00", gone="66.67", amount="133.33")
    once = amounts(kept)
    kept = changed(kept, "Simples", [], before="166.66", gone="66.67", amount="30.00")

    assert once == {"Acesso": "53.33", "Livros": "13.33", "TV": "100.00"}
    assert amounts(kept) == {
        "Acesso": "36.66", "Livros": "13.33", "TV": "50.00", "Simples": "30.00",
    }  # fmt: skip


def test_plans_of_one_price_share_nothing():
    assert changed({}, "Simples", [], before="100.00", gone="50.00", amount="60.00") == {}


def test_a_plan_of_one_price_is_a_product_beside_those_of_another():
    kept = changed({}, "Novo", [BOOKS], before="100.00", gone="50.00", amount="60.00")

    assert amounts(kept) == {"Antes": "50.00", "Livros": "60.00"}


def test_a_charge_keeps_the_products_of_its_day():
    assert read(written([ACCESS, BOOKS])) == [ACCESS, BOOKS]
    assert (written([]), read({})) == ({}, [])
