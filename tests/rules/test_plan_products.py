"""A plan's price is shared among its products, and not a cent is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plan_products import PlanPart, read, shares, written

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


def test_a_charge_keeps_the_products_of_its_day():
    assert read(written([ACCESS, BOOKS])) == [ACCESS, BOOKS]
    assert (written([]), read({})) == ({}, [])
