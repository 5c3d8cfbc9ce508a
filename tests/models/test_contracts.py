"""Contracts and their charges as rows: what an imported one is, and charges made twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models import charges, connections, contracts
from models.charges import Charge
from models.connections import Connection
from models.contracts import ContractNotFound
from models.database import Database
from rules.charges import ChargeKind, ChargeStatus
from rules.connections import ConnectionKind, ConnectionState
from rules.contracts import ContractStage
from tests.builders import AT, a_contract, a_customer, stored


def a_charge(contract_id: int, customer_id: int, *, key: str, **values: object) -> Charge:
    """A month of service, open to billing."""
    defaults = {
        "key": key, "contract_id": contract_id, "customer_id": customer_id,
        "kind": ChargeKind.MONTHLY, "description": "Fibra 11/2026", "issue_date": date(2026, 11, 5),
        "due_date": date(2026, 11, 15), "amount": Decimal("89.90"), "created_at": AT,
        "created_by": "system",
    }  # fmt: skip
    return Charge(**{**defaults, **values})


async def test_a_contract_that_says_little_is_active_and_monthly(database: Database) -> None:
    async with database.write() as session:
        contract = await a_contract(session, await a_customer(session))

    assert (contract.stage, contract.periodicity_months) == (ContractStage.ACTIVE, 1)


async def test_charges_made_twice_are_there_once(database: Database) -> None:
    async with database.write() as session:
        customer = await a_customer(session)
        contract = await a_contract(session, customer)
        for _ in range(2):
            new = [a_charge(contract.key, customer.id or 0, key=f"m/{n}") for n in (1, 2)]
            made = await charges.add_charges(session, new)
        pending = await charges.charges_of(session, contract.key)

    assert made == []
    assert [each.key for each in pending] == ["m/1", "m/2"]


async def test_a_cancelled_charge_is_no_longer_pending(database: Database) -> None:
    async with database.write() as session:
        customer = await a_customer(session)
        contract = await a_contract(session, customer)
        charge = await stored(session, a_charge(contract.key, customer.id or 0, key="m/1"))

        charges.cancel_charge(session, charge, reason="Contrato cancelado")

        assert await charges.charges_of(session, contract.key) == []
    assert charge.status == ChargeStatus.CANCELLED


async def test_a_connection_changes_only_to_another_state(database: Database) -> None:
    async with database.write() as session:
        contract = await a_contract(session, await a_customer(session))
        connection = await stored(
            session, Connection(contract_id=contract.key, kind=ConnectionKind.INTERNET, since=AT)
        )

        changes = [
            connections.set_state(session, connection, ConnectionState.ACTIVE, at=AT)
            for _ in range(2)
        ]

    assert changes == [True, False]


async def test_a_contract_that_does_not_exist_is_refused(database: Database) -> None:
    async with database.write() as session:
        with pytest.raises(ContractNotFound):
            await contracts.lock_contract(session, 1)
