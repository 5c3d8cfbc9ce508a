"""Diaries of tasks: reminded, told upwards, concluded, cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select
from temporalio.client import WorkflowUpdateFailedError

from activities.tasks import NewTask, make_task
from models.cases import Case, CaseEvent, case_of
from models.tasks import Task
from rules.cases import Process
from rules.task_reminders import TaskStep
from rules.tasks import CancelTask, ConcludeTask
from tests.conftest import House
from workflows.tasks import TaskJourney


async def a_task(house: House, **values: object) -> tuple[Task, Case]:
    new = NewTask(
        key="call/1", title="Ligar", due_at=house.clock.now + timedelta(days=3),
        process=Process.COLLECTIONS, **values,
    )  # fmt: skip
    async with house.database.write() as session:
        task = await make_task(session, new, by="ana", at=house.clock.now)
        again = await make_task(session, new, by="ana", at=house.clock.now)
        assert again.id == task.id
        case = await case_of(session, process=Process.TASKS, subject_id=task.id or 0)
    assert case is not None
    await house.clock.settle()
    return task, case


async def kinds_of(house: House, case: Case) -> list[str]:
    async with house.database.read() as session:
        statement = (
            select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        )
        return list(await session.exec(statement))


async def test_a_forgotten_task_is_told_upwards(house: House) -> None:
    _, case = await a_task(house)

    # Two days later: nobody has taken it
    await house.clock.forward(days=2)
    assert await kinds_of(house, case) == ["opened", TaskStep.UNTAKEN]

    # Day 3: reminder before it is due
    await house.clock.forward(days=1)
    assert await kinds_of(house, case) == ["opened", TaskStep.UNTAKEN, TaskStep.REMIND]

    # A week later: the lead was told, then the manager
    await house.clock.forward(days=8)
    assert (await kinds_of(house, case))[3:] == [TaskStep.TELL_LEAD, TaskStep.TELL_MANAGER]


async def test_a_concluded_task_ends_its_journey(house: House) -> None:
    task, case = await a_task(house)
    handle = house.client.get_workflow_handle_for(TaskJourney.run, case.workflow_id)

    answer = await handle.execute_update(TaskJourney.conclude, ConcludeTask(by="ana", remarks="ok"))

    assert answer["status"] == "concluded"
    assert await handle.result() == "concluded"
    async with house.database.read() as session:
        stored = await session.get(Task, task.id)
    assert stored is not None
    assert (stored.finished_by, stored.remarks) == ("ana", "ok")


async def test_cancelling_needs_a_reason(house: House) -> None:
    _, case = await a_task(house)
    handle = house.client.get_workflow_handle_for(TaskJourney.run, case.workflow_id)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update(TaskJourney.cancel, CancelTask(by="ana", reason=" "))

    assert refused.value.cause.type == "ReasonRequired"  # type: ignore[attr-defined]
