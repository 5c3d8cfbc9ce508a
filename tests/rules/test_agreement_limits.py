"""How far somebody may go in an agreement alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.agreement_limits import Limit, excesses, limit_for, reach_of
from rules.money import ZERO
from rules.proposal_instalments import plan_instalments
from rules.proposals import Components, quote


def a_limit(**values) -> Limit:
    defaults = {
        "from_days_late": 0, "role": "", "most_discount_percent": Decimal(10),
        "least_down_percent": ZERO, "most_instalments": 6, "most_reagreements": 1,
    }  # fmt: skip
    return Limit(**{**defaults, **values})


def asked(principal: str = "1000.00", count: int = 3, reagreements: int = 0, **components):
    quoted = quote(Decimal(principal), components=Components(**components))
    rows = plan_instalments(quoted, count=count, first_due=date(2026, 12, 1))
    return reach_of(quoted, rows, days_late=40, reagreements=reagreements)


@pytest.mark.parametrize(
    ("reach", "limit", "beyond"),
    [
        (asked(discount_percent=Decimal(10)), a_limit(), []),
        (asked(discount=Decimal("100.01")), a_limit(), ["DiscountBeyondLimit"]),
        (asked("33.35", discount_percent=Decimal(10)), a_limit(), []),  # rounded half up: 3,34
        (asked(count=6), a_limit(), []),
        (asked(count=7), a_limit(), ["InstalmentsBeyondLimit"]),
        (asked(count=3), a_limit(least_down_percent=Decimal("33.33")), []),
        (asked(count=3), a_limit(least_down_percent=Decimal(34)), ["DownPaymentBeyondLimit"]),
        (asked(reagreements=1), a_limit(), []),
        (asked(reagreements=2), a_limit(), ["ReagreementsBeyondLimit"]),
        (
            asked(count=7, discount_percent=Decimal(50), reagreements=2), a_limit(),
            ["DiscountBeyondLimit", "InstalmentsBeyondLimit", "ReagreementsBeyondLimit"],
        ),
        (asked(count=60, discount_percent=Decimal(90)), None, []),
    ],
)  # fmt: skip
def test_what_goes_beyond_a_limit_is_told_piece_by_piece(reach, limit, beyond) -> None:
    found = excesses(reach, limit)

    assert [type(each).__name__ for each in found] == beyond
    assert {each.code for each in found} <= {"AgreementApprovalNeeded"}


def test_an_agreement_that_changes_nothing_is_paid_at_once() -> None:
    quoted = quote(Decimal(100), components=Components())

    reach = reach_of(quoted, (), days_late=1, reagreements=0)

    assert excesses(reach, a_limit(least_down_percent=Decimal(100), most_instalments=1)) == []


@pytest.mark.parametrize(
    ("roles", "days_late", "discount"),
    [
        ({"operator"}, 29, "5"), ({"operator"}, 30, "10"), ({"operator"}, 31, "10"),
        ({"lead"}, 30, "20"), ({"lead", "chief"}, 30, "40"), ({"chief"}, 89, "40"), ((), 90, "10"),
    ],
)  # fmt: skip
def test_a_limit_is_the_oldest_reached_of_ones_own_roles_or_of_all(
    roles, days_late, discount
) -> None:
    limits = [
        a_limit(most_discount_percent=Decimal(5)),
        a_limit(from_days_late=30, most_discount_percent=Decimal(10)),
        a_limit(role="lead", most_discount_percent=Decimal(20)),
        a_limit(role="lead", from_days_late=90, most_discount_percent=Decimal(50)),
        a_limit(role="chief", most_discount_percent=Decimal(40)),
    ]

    found = limit_for(limits, roles=roles, days_late=days_late)

    assert found is not None
    assert found.most_discount_percent == Decimal(discount)


def test_without_a_limit_that_fits_there_is_none() -> None:
    assert limit_for([a_limit(from_days_late=60)], roles=(), days_late=59) is None
    assert limit_for([a_limit(role="lead")], roles={"operator"}, days_late=59) is None
