"""A release in confidence and a payment of the same debt, at once: neither waits for the other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from activities.ladder_pauses import NewException, except_contract
from models.contracts import lock_contract
from models.database import Database
from models.payments import lock_paid_invoice
from rules.ladder_exceptions import ExceptionKind
from tests import builders
from tests.builders import AT, TODAY


async def test_a_payment_and_a_release_of_one_debt_take_turns(database: Database) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        contract = await builders.a_contract(session, customer)
        invoice = await builders.an_invoice(session, customer, contract_id=contract.id)

    async def release() -> None:
        trusted = NewException(ExceptionKind.RELEASE, TODAY + timedelta(days=3), "Paga na sexta")
        async with database.write() as session:
            await except_contract(
                session, contract.key, trusted, may_override=False, by="ana", at=AT
            )

    async with database.write() as session:
        await lock_paid_invoice(session, invoice.key)
        released = asyncio.create_task(release())
        await asyncio.sleep(0.3)
        async with asyncio.timeout(5):
            await lock_contract(session, contract.key)  # what a payment lifts
    await released
