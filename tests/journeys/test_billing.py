"""A diary of billing: by hand through the engine, and the schedule of the mornings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlmodel import col, select

from activities.billing import start_billing
from activities.bulk_runs import RunRequest
from models.bulk import BulkRun
from models.charges import Charge
from models.invoices import Invoice
from rules.business_days import local_date
from tests.builders import AT, a_contract, a_customer
from tests.conftest import House
from workflows.billing import BillingRun
from workflows.options import JOURNEYS_QUEUE


async def test_charges_are_billed_by_hand_and_the_mornings_run_finds_nothing_left(
    house: House,
) -> None:
    today = local_date(house.clock.now)
    async with house.database.write() as session:
        contract = await a_contract(session, await a_customer(session))
        session.add(
            Charge(
                key="m/1", contract_id=contract.key, customer_id=contract.customer_id,
                kind="monthly", description="Fibra", issue_date=today,
                due_date=today + timedelta(days=10), amount=Decimal("89.90"), created_at=AT,
                created_by="system",
            )
        )  # fmt: skip
        run = await start_billing(session, by="ana", at=house.clock.now)
    await house.clock.settle()

    handle = await house.client.start_workflow(
        BillingRun.run, RunRequest(), id="billing-daily", task_queue=JOURNEYS_QUEUE
    )
    # By the wall clock's hour: before five there is nothing to open yet.
    assert await handle.result() in {"done", "not yet"}

    async with house.database.read() as session:
        by_hand = await session.get_one(BulkRun, run.number)
        invoices = (await session.exec(select(Invoice).order_by("id"))).all()
        runs = (await session.exec(select(BulkRun.changed).order_by(col(BulkRun.id)))).all()
    assert by_hand.status == "done"
    assert [each.amount for each in invoices] == [Decimal("89.90")]
    assert list(runs) in ([1], [1, 0])
