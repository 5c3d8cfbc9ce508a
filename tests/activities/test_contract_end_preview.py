"""What a cancellation would do, told before it is asked for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import select

from activities.contract_end_preview import preview_end
from models.contracts import Contract
from models.database import Database
from models.outbox import OutboxEntry
from rules.contract_changes import ChangeInThePast, ContractIsOver
from tests.builders import AT, days
from tests.contracts import a_plan, activated, charges


async def test_it_tells_what_the_end_would_do_and_does_nothing(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        count = len(await charges(session, contract, status="open"))
        told = len((await session.exec(select(OutboxEntry).order_by("id"))).all())

    found = await preview_end(database, contract.key, on=days(15), by="ana", at=AT)

    assert found.to_bill == found.fee.fee + Decimal("50.00")  # the days used, and the fee
    assert (found.charges, found.invoices) == (count - 1, 0)
    async with database.read() as session:
        kept = await session.get_one(Contract, contract.key)
        assert (kept.stage, kept.ends_on) == ("active", contract.ends_on)
        assert len(await charges(session, kept, status="open")) == count
        assert len((await session.exec(select(OutboxEntry).order_by("id"))).all()) == told


async def test_a_day_that_is_over_and_a_contract_that_is_are_refused(database: Database) -> None:
    async with database.write() as session:
        contract = await activated(session, await a_plan(session))
        gone = await activated(session, await a_plan(session))
        gone.stage = "cancelled"

    with pytest.raises(ChangeInThePast):
        await preview_end(database, contract.key, on=days(-1), by="ana", at=AT)
    with pytest.raises(ContractIsOver):
        await preview_end(database, gone.key, on=days(1), by="ana", at=AT)
