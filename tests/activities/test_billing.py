"""Billing: both methods, groups, credits, what stays off; twice, stopped, late, refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities import billing, bulk_runs
from activities.billing import BillingActivities, start_billing
from models.bulk import BulkError, BulkRun
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.database import Database
from models.invoice_contracts import InvoiceContract
from models.invoices import Invoice, InvoiceEvent
from models.people import Deed
from models.plans import BillingGroup
from models.policies import change_value
from models.runs import request_stop
from rules.policies import setting_of
from tests.builders import AT, a_contract, a_customer, stored

ISSUED, DUE = date(2026, 11, 5), date(2026, 11, 15)
LATER = {"issue_date": date(2027, 1, 5), "due_date": date(2027, 1, 15)}


async def charged(database: Database, contract: Contract, amount: str, **values: Any) -> None:
    """A charge of the contract, to be billed since the fifth."""
    async with database.write() as session:
        others = list(await session.exec(select(Charge.id)))
        defaults = {
            "key": f"m/{len(others)}", "contract_id": contract.key,
            "customer_id": contract.customer_id, "kind": "monthly", "description": "Fibra",
            "issue_date": ISSUED, "due_date": DUE, "amount": Decimal(amount), "created_at": AT,
            "created_by": "system",
        }  # fmt: skip
        session.add(Charge(**{**defaults, **values}))


async def contracted(
    database: Database, customer: Customer | None = None, **values: Any
) -> Contract:
    async with database.write() as session:
        customer = customer or await a_customer(session)
        return await a_contract(session, customer, **values)


async def billed(database: Database, *, at: datetime = AT) -> BulkRun:
    """A run by hand, from its start to its end."""
    async with database.write() as session:
        run = await start_billing(session, by="ana", at=at)
    environment = ActivityEnvironment()
    await environment.run(BillingActivities(database).bill, run.number)
    async with database.read() as session:
        return await session.get_one(BulkRun, run.number)


async def rows(database: Database, model: Any) -> list[Any]:
    async with database.read() as session:
        return list(await session.exec(select(model).order_by(col(model.id))))


async def amounts(database: Database) -> list[str]:
    return [f"{each.due_date:%m-%d} {each.amount}" for each in await rows(database, Invoice)]


async def test_grouped_charges_make_one_invoice_a_due_date_and_twice_makes_nothing_twice(
    database: Database,
) -> None:
    contract = await contracted(database)
    await charged(database, contract, "100.00", discount=Decimal(10), pay_on_time_discount=5)
    await charged(database, contract, "20.00", description="IP fixo")
    await charged(database, contract, "7.00", due_date=date(2026, 11, 20))
    await charged(database, contract, "100.00", **LATER)

    first, again = await billed(database), await billed(database)

    assert await amounts(database) == ["11-15 110.00", "11-20 7.00"]
    assert (first.status, first.total, first.done, first.changed) == ("done", 1, 1, 2)
    assert (again.status, again.changed, first.summary["amount"]) == ("done", 0, "117.00")
    made = (await rows(database, Invoice))[0]
    assert (made.contract_id, made.customer_id) == (contract.id, contract.customer_id)
    assert (made.issue_date, made.open_amount, made.pay_on_time_discount) == (ISSUED, 110, 5)
    assert made.description == "Fibra e mais 1"
    charges = await rows(database, Charge)
    assert [each.status for each in charges] == ["invoiced"] * 3 + ["open"]
    assert {each.run_id for each in charges[:3]} == {first.id}
    assert [each.kind for each in await rows(database, InvoiceEvent)] == ["billed"] * 2


async def test_one_invoice_a_charge_is_billed_at_once_for_the_whole_term(
    database: Database,
) -> None:
    contract = await contracted(database, billing_method="per_charge")
    for values in ({}, {}, LATER):
        await charged(database, contract, "50.00", **values)

    run = await billed(database)

    made = await rows(database, Invoice)
    assert [each.due_date for each in made] == [DUE, DUE, LATER["due_date"]]
    assert [each.issue_date for each in made] == [ISSUED, ISSUED, run.business_date]


async def test_a_groups_contracts_stand_on_one_invoice_and_other_contracts_do_not(
    database: Database,
) -> None:
    async with database.write() as session:
        customer = await a_customer(session)
        own = {"code": "G1", "name": "Matriz", "customer_id": customer.id}
        group = await stored(session, BillingGroup(**own))
    for group_id in (group.id, group.id, None):
        contract = await contracted(database, customer, billing_group_id=group_id)
        await charged(database, contract, "30.00")

    await billed(database)

    assert sorted(await amounts(database)) == ["11-15 30.00", "11-15 60.00"]
    first, second, _ = await rows(database, Contract)
    [shared] = await rows(database, InvoiceContract)
    assert shared.contract_id == second.id
    booked = {each.id: each.contract_id for each in await rows(database, Invoice)}
    assert booked[shared.invoice_id] == first.id


@pytest.mark.parametrize("method", ["grouped", "per_charge"])
async def test_a_credit_comes_off_the_next_invoice_and_is_never_one(
    database: Database, method: str
) -> None:
    contract = await contracted(database, billing_method=method)
    await charged(database, contract, "-130.00", kind="credit")

    alone = await billed(database)
    assert (alone.changed, alone.summary["credit"]) == (0, 1)

    for due in (DUE, date(2026, 11, 16)):
        await charged(database, contract, "100.00", due_date=due)
    await billed(database)
    assert await amounts(database) == ["11-16 70.00"]
    assert {each.status for each in await rows(database, Charge)} == {"invoiced"}


async def test_what_stays_off_is_told_with_its_reason(database: Database) -> None:
    courtesy = await contracted(database, billing_method="courtesy")
    await charged(database, courtesy, "10.00")
    review = await contracted(database)
    await charged(database, review, "20.00", status="waiting")
    await charged(database, review, "20.00", status="cancelled")

    run = await billed(database)

    told = [
        (each.field, each.code, each.line, each.value) for each in await rows(database, BulkError)
    ]
    assert sorted(told) == sorted(
        [(courtesy.code, "courtesy", 1, "10.00"), (review.code, "review", 1, "20.00")]
    )
    assert (run.changed, run.errors) == (0, 2)
    assert await amounts(database) == []


async def test_missed_cycles_are_billed_once_each_with_its_own_dates(database: Database) -> None:
    contract = await contracted(database)
    for month in (9, 10, 11):
        dates = {"issue_date": date(2026, month, 5), "due_date": date(2026, month, 15)}
        await charged(database, contract, "89.90", **dates)

    await billed(database)

    made = await rows(database, Invoice)
    assert [each.issue_date.month for each in made] == [9, 10, 11]
    assert await amounts(database) == ["09-15 89.90", "10-15 89.90", "11-15 89.90"]


async def test_a_stopped_run_leaves_the_rest_to_the_next_and_a_broken_one_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing, "PAGE", 1)
    for _ in range(3):
        await charged(database, await contracted(database), "10.00")
    async with database.write() as session:
        run = await start_billing(session, by="ana", at=AT)
    activities, broken = BillingActivities(database), ActivityEnvironment()

    def die(*_: Any) -> None:
        raise ConnectionError

    broken.on_heartbeat = die
    with pytest.raises(ConnectionError):
        await broken.run(activities.bill, run.number)
    assert len(await rows(database, Invoice)) == 1

    async with database.write() as session:
        await request_stop(session, run.number)
    assert await ActivityEnvironment().run(activities.bill, run.number) == "stopped"
    assert len(await rows(database, Invoice)) == 1

    following = await billed(database)
    assert (following.done, following.changed) == (2, 2)
    assert await ActivityEnvironment().run(activities.bill, run.number) == "stopped"
    assert len(await rows(database, Invoice)) == 3


@pytest.mark.parametrize(("hour", "made"), [(7, False), (8, True)])
async def test_the_days_own_run_is_made_once_from_five_on(
    database: Database, hour: int, made: bool
) -> None:
    environment = ActivityEnvironment()
    instant = datetime(2026, 11, 16, hour, tzinfo=UTC)
    environment.info = replace(environment.info, started_time=instant)
    activities = BillingActivities(database)

    first = await environment.run(activities.open_daily_billing)
    again = await environment.run(activities.open_daily_billing)

    assert first == again
    assert bool(first) is made


async def test_a_house_that_bills_grouped_charges_by_command_does_so_by_hand_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await charged(database, await contracted(database), "100.00")
    await charged(database, await contracted(database, billing_method="per_charge"), "20.00")
    async with database.write() as session:
        setting = setting_of("ContractPolicy.bills_grouped_daily")
        await change_value(session, setting, value=False, deed=Deed("ana", AT, "", frozenset()))
    monkeypatch.setattr(bulk_runs, "now", lambda: AT)
    activities = BillingActivities(database)

    await ActivityEnvironment().run(activities.bill, await activities.open_daily_billing())
    assert await amounts(database) == ["11-15 20.00"]
    assert [each.code for each in await rows(database, BulkError)] == ["by_command"]

    await billed(database)
    assert sorted(await amounts(database)) == ["11-15 100.00", "11-15 20.00"]
