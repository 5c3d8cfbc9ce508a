"""A diary of a kickoff: from the contract's making, through its meeting, into service."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlmodel import select
from temporalio.client import WorkflowUpdateFailedError

from models.cases import Case, CaseEvent, case_of
from models.charges import Charge
from models.kickoff import Kickoff, KickoffItem, KickoffTemplateItem
from models.people import User
from models.sink import SinkMessage
from models.tasks import Task
from rules.business_days import ONE_DAY, local_date
from rules.cases import Process
from rules.kickoff_commands import (
    AcceptKickoff,
    ClientReady,
    HoldMeeting,
    ReportInstalled,
    ScheduleMeeting,
    WaitForClient,
)
from rules.tasks import ConcludeTask
from tests import builders
from tests.conftest import House
from tests.contracts import a_plan, made
from workflows.kickoff import ServiceKickoff
from workflows.tasks import TaskJourney


async def a_rollout(house: House) -> tuple[Kickoff, Case]:
    """A contract of telecom management that was made on a Monday at ten."""
    day = local_date(house.clock.now) + ONE_DAY
    while day.weekday() != 0:
        day += ONE_DAY
    await house.clock.forward_to_local(day, time(10))
    async with house.database.write() as session:
        ana = await builders.a_user(session, "ana", email="ana@casa.test")
        await builders.a_team(session, ana, code="implantacao")
        session.add(KickoffTemplateItem(code="t1", name="Carregar inventário"))
        customer = await builders.a_customer(session, email="ti@padaria.test", executive="ana")
        plan = await a_plan(session, plan_type="tem")
        contract = await made(session, plan, customer=customer, at=house.clock.now)
        kickoff = (await session.exec(select(Kickoff))).one()
        assert kickoff.contract_id == contract.id
        assert await case_of(session, process=Process.ACTIVATION, subject_id=contract.key) is None
        case = await case_of(session, process=Process.KICKOFF, subject_id=kickoff.number)
    await house.clock.settle()
    return kickoff, case


async def test_a_kickoff_from_signature_to_service(house: House) -> None:
    kickoff, case = await a_rollout(house)
    journey = house.client.get_workflow_handle_for(ServiceKickoff.run, case.workflow_id)

    # A week later nobody has scheduled: half of the ten business days have passed
    await house.clock.forward(days=8)
    assert "warn_meeting" in await kinds(house, case)

    # The meeting is scheduled; both sides get the invitation
    meeting = house.clock.now + timedelta(days=1)
    await journey.execute_update(ServiceKickoff.schedule, ScheduleMeeting("ana", meeting, 60, ""))
    await house.clock.forward(days=1, hours=1)
    async with house.database.read() as session:
        invited = [mail.recipient for mail in await session.exec(select(SinkMessage))
                   if "reuniao.ics" in mail.attachments]  # fmt: skip
    assert sorted(invited) == ["ana@casa.test", "ti@padaria.test"]

    # Held: its one item is a task in the inbox, concluded there
    held = HoldMeeting("ana", house.clock.now, "Ata", "", "Ana e Rui")
    await journey.execute_update(ServiceKickoff.hold, held)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await journey.execute_update(ServiceKickoff.report_installed, ReportInstalled("ana"))
    assert refused.value.cause.type == "KickoffItemsOpen"  # type: ignore[attr-defined]
    await conclude_item(house)

    # For six weeks the client is waited for: nothing is breached
    await journey.execute_update(ServiceKickoff.wait, WaitForClient("ana", "acesso à rede"))
    await house.clock.forward(days=42)
    await journey.execute_update(ServiceKickoff.ready, ClientReady("ana"))

    # Installed, and accepted two days later: the contract is in service and charged
    await journey.execute_update(ServiceKickoff.report_installed, ReportInstalled("ana"))
    await house.clock.forward(days=2)
    await journey.execute_update(ServiceKickoff.accept, AcceptKickoff("ana", "Rui"))
    assert await journey.result() == "in_service"
    assert not [kind for kind in await kinds(house, case) if kind.startswith("breach")]
    async with house.database.read() as session:
        kinds_of_charges = set(await session.exec(select(Charge.kind)))
        stored = await session.get_one(Kickoff, kickoff.id)
        assert (await session.exec(select(User.login))).all() == ["ana"]
    assert kinds_of_charges == {"monthly"}
    assert stored.breached_at is None


async def conclude_item(house: House) -> None:
    await house.clock.settle()
    async with house.database.read() as session:
        item = (await session.exec(select(KickoffItem))).one()
        task = (await session.exec(select(Task).where(Task.kind == item.task_kind))).one()
        case = await case_of(session, process=Process.TASKS, subject_id=task.number)
    handle = house.client.get_workflow_handle_for(TaskJourney.run, case.workflow_id)
    await handle.execute_update(TaskJourney.conclude, ConcludeTask(by="ana"))
    await house.clock.settle()


async def kinds(house: House, case: Case) -> list[str]:
    async with house.database.read() as session:
        return list(await session.exec(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)))
