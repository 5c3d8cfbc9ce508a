"""What settles an invoice: its profile's terms, within what the law allows of its contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from activities.amounts_due import due_of, terms_of
from models.database import Database
from models.plans import PriceIndex, PriceIndexMonth
from models.policies import PolicyValue
from tests.builders import AT, a_contract, a_customer, a_payment_profile, an_invoice, stored

DUE = date(2026, 3, 10)


async def charged(session, *, is_telecom: bool, on: date, **profile) -> list[tuple[str, str]]:
    """The lines of an invoice of 100 reais, paid on a day."""
    customer = await a_customer(session)
    contract = await a_contract(session, customer, telecom_service=is_telecom)
    dear = {"fine_percent": Decimal(10), "interest_percent": Decimal(3)}
    banked = await a_payment_profile(session, **(dear | profile))
    invoice = await an_invoice(
        session, customer, "100.00", due_date=DUE, contract_id=contract.id,
        payment_profile_id=banked.id,
    )  # fmt: skip
    due = await due_of(session, invoice, on=on, terms=await terms_of(session, invoice))
    assert due is not None
    return [(f"{line.percent:.2f}", str(line.amount)) for line in due.charges.lines]


@pytest.mark.parametrize(
    ("is_telecom", "expected"),
    [
        (True, [("2.00", "2.00"), ("1.00", "1.00")]),
        (False, [("10.00", "10.00"), ("3.00", "3.00")]),
    ],
)
async def test_a_telecom_debt_costs_no_more_than_the_law_allows(
    database: Database, is_telecom, expected
) -> None:
    async with database.write() as session:
        found = await charged(session, is_telecom=is_telecom, on=date(2026, 4, 9))

    assert found == expected


async def test_the_house_may_cut_fractions_of_a_cent(database: Database) -> None:
    async with database.write() as session:
        await stored(
            session,
            PolicyValue(
                name="DebtPolicy.rounding", value="truncate", changed_at=AT, changed_by="ana"
            ),
        )
        found = await charged(session, is_telecom=True, on=date(2026, 3, 15))

    assert found == [("2.00", "2.00"), ("1.00", "0.16")]


async def test_without_an_agreed_rate_the_legal_one_of_the_registry_is_charged(
    database: Database,
) -> None:
    async with database.write() as session:
        index = await stored(session, PriceIndex(code="TAXA-LEGAL", name="Taxa legal"))
        await stored(
            session,
            PriceIndexMonth(
                price_index_id=index.id, kind="monthly_rates", month=date(2026, 3, 1),
                value=Decimal("0.62"), source="csv",
            ),
        )  # fmt: skip
        found = await charged(session, is_telecom=True, on=date(2026, 4, 9), has_legal_rate=True)

    assert found == [("2.00", "2.00"), ("0.62", "0.42")]
