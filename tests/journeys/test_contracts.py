"""Diaries of contracts: installed late, suspended for a month, renewed, readjusted."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from temporalio.client import WorkflowUpdateFailedError

from activities.contract_changes import ask_change
from activities.contract_upkeep import UpkeepRequest
from models.cases import Case, case_of
from models.contracts import Contract, lock_contract
from models.plans import PriceIndex
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from models.service_clocks import clocks_of
from models.tasks import Task, case_of_task
from rules.activation import Activate
from rules.business_days import OFFICE_HOURS, ONE_DAY, Calendar, local_date, next_business_day
from rules.cases import Process
from rules.contract_changes import AskedChange, ChangeKind, EndNow
from rules.readjustments import DecideReadjustment
from rules.renewals import RenewNow
from rules.tasks import ConcludeTask
from tests import builders
from tests.conftest import House
from tests.contracts import a_plan, activation_of, charges, made
from workflows.activation import ContractActivation
from workflows.contract_changes import ContractChangeJourney
from workflows.contract_upkeep import ContractUpkeep
from workflows.options import JOURNEYS_QUEUE
from workflows.readjustments import ContractReadjustmentJourney
from workflows.renewals import ContractRenewalJourney
from workflows.tasks import TaskJourney


async def morning(house: House) -> None:
    """It is nine o'clock of the next business day."""
    day = next_business_day(
        local_date(house.clock.now) + ONE_DAY, calendar=Calendar(windows=OFFICE_HOURS)
    )
    await house.clock.forward_to_local(day, time(9))


async def begin(house: House, **asked: Any) -> Contract:
    """A contract made in the morning."""
    await morning(house)
    async with house.database.write() as session:
        await builders.a_team(session, await builders.a_user(session, "ana"), code="contratos")
        plan = await a_plan(session)
        contract = await made(session, plan, at=house.clock.now, **asked)
    await house.clock.settle()
    return contract


async def activate(house: House, contract: Contract) -> None:
    """The technician says that it is installed."""
    async with house.database.read() as session:
        case = await activation_of(session, contract)
    handle = house.client.get_workflow_handle_for(ContractActivation.run, case.workflow_id)
    await handle.execute_update(ContractActivation.activate, Activate(by="ana"))
    await house.clock.settle()


async def now_of(house: House, contract: Contract) -> Contract:
    async with house.database.read() as session:
        return await session.get_one(Contract, contract.id)


async def case_for(house: House, process: Process, subject_id: int) -> Case:
    async with house.database.read() as session:
        case = await case_of(session, process=process, subject_id=subject_id)
    assert case is not None
    return case


async def test_an_installation_that_comes_late_is_reminded_of_and_breached(house: House) -> None:
    contract = await begin(house)
    async with house.database.read() as session:
        case = await activation_of(session, contract)
        clock = (await clocks_of(session, case.number))["activation"]
    assert clock.row.promised_at - house.clock.now >= timedelta(hours=8)

    # Half of the eight business hours, then 80 % of them, then all.
    for hours, history in ((5, 1), (3, 2), (2, 3)):
        await house.clock.forward(hours=hours)
        async with house.database.read() as session:
            kinds = await builders.events_of(session, case)
        told = [kind for kind in kinds if kind in {"remind", "breach"}]
        assert len(told) == history

    # The next day the task is concluded, and the contract is active.
    await morning(house)
    async with house.database.read() as session:
        tasks = (await session.exec(select(Task).order_by(Task.id))).all()
        task_case = await case_of_task(session, tasks[0].number)
    assert [task.kind for task in tasks] == ["install", "breach"]
    handle = house.client.get_workflow_handle_for(TaskJourney.run, task_case.workflow_id)
    await handle.execute_update(TaskJourney.conclude, ConcludeTask(by="ana"))
    await house.clock.settle()
    assert (await now_of(house, contract)).stage == "active"
    async with house.database.read() as session:
        case = await activation_of(session, contract)
        assert len(await charges(session, contract)) == 12
        assert {task.status for task in await session.exec(select(Task))} == {
            "concluded", "cancelled",
        }  # fmt: skip
    assert (case.stage, case.breached_at is not None) == ("activated", True)


async def test_a_suspension_begins_and_ends_on_its_days(house: House) -> None:
    contract = await begin(house)
    await activate(house, contract)
    today = local_date(house.clock.now)
    asked = AskedChange(
        ChangeKind.SUSPENSION, today + timedelta(days=2), until=today + timedelta(days=12)
    )
    async with house.database.write() as session:
        locked = await lock_contract(session, contract.key)
        await ask_change(session, locked, asked, by="ana", at=house.clock.now)
    await house.clock.settle()

    await house.clock.forward(days=1)
    assert (await now_of(house, contract)).stage == "active"

    await house.clock.forward(days=1)
    assert (await now_of(house, contract)).stage == "suspended"

    await house.clock.forward(days=10)
    assert (await now_of(house, contract)).stage == "active"
    async with house.database.read() as session:
        first = (await charges(session, contract))[0]
    assert first.amount < Decimal("100.00")


async def test_a_suspension_without_an_end_is_ended_by_hand(house: House) -> None:
    contract = await begin(house)
    await activate(house, contract)
    async with house.database.write() as session:
        locked = await lock_contract(session, contract.key)
        asked = AskedChange(ChangeKind.SUSPENSION, local_date(house.clock.now))
        change = await ask_change(session, locked, asked, by="ana", at=house.clock.now)
    await house.clock.forward(days=3)
    case = await case_for(house, Process.CONTRACT_CHANGES, change.number)
    handle = house.client.get_workflow_handle_for(ContractChangeJourney.run, case.workflow_id)

    await handle.execute_update(ContractChangeJourney.end_now, EndNow(by="ana"))

    async with house.database.read() as session:
        amounts = [each.amount for each in await charges(session, contract, status="open")]
    assert amounts[0] < Decimal("95.00")
    assert amounts[1] == Decimal("100.00")


async def test_a_contract_renews_after_both_notices(house: House) -> None:
    today = local_date(house.clock.now)
    contract = await begin(house, ends_on=today + timedelta(days=62))
    await activate(house, contract)
    # Three periods are left of it, and the first is paid.
    async with house.database.write() as session:
        first = (await charges(session, contract))[0]
        first.status = "cancelled"
        session.add(first)
    await scan(house)
    async with house.database.read() as session:
        renewal = (await session.exec(select(ContractRenewal))).one()
    assert (await now_of(house, contract)).stage == "renewal_queue"
    case = await case_for(house, Process.RENEWALS, renewal.number)
    handle = house.client.get_workflow_handle_for(ContractRenewalJourney.run, case.workflow_id)
    with pytest.raises(WorkflowUpdateFailedError):  # nobody was told yet
        await handle.execute_update(ContractRenewalJourney.renew_now, RenewNow(by="ana"))

    await house.clock.forward(days=33)
    async with house.database.read() as session:
        kinds = await builders.events_of(session, case)
        renewal = await session.get_one(ContractRenewal, renewal.id)
    assert kinds.count("notice") == 2
    assert renewal.stage == "renewed"
    renewed = await now_of(house, contract)
    assert (renewed.stage, renewed.term) == ("active", 2)


async def test_a_readjustment_waits_for_its_index(house: House) -> None:
    today = local_date(house.clock.now)
    async with house.database.write() as session:
        index = await builders.stored(session, PriceIndex(code="IGP-DI", name="IGP-DI"))
    contract = await begin(house, price_index_id=index.id, signed_on=today - timedelta(days=380))
    await activate(house, contract)
    await scan(house)
    async with house.database.read() as session:
        readjustment = (await session.exec(select(ContractReadjustment))).one()
    case = await case_for(house, Process.READJUSTMENTS, readjustment.number)

    await house.clock.forward(days=3)

    async with house.database.read() as session:
        kinds = [task.kind for task in await session.exec(select(Task))]
    assert kinds.count("index_missing") == 1
    handle = house.client.get_workflow_handle_for(ContractReadjustmentJourney.run, case.workflow_id)
    answer = await handle.execute_update(
        ContractReadjustmentJourney.decide, DecideReadjustment(by="ana", reduce=True)
    )
    assert answer["stage"] == "waiting"  # there is nothing to decide yet


async def scan(house: House) -> None:
    """The daily scan, as the schedule starts it."""
    await house.client.execute_workflow(
        ContractUpkeep.run,
        UpkeepRequest(),
        id=f"scan-{house.clock.now:%s}-{id(house)}",
        task_queue=JOURNEYS_QUEUE,
    )
    await house.clock.settle()
