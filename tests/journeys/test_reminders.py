"""Diaries of reminders: who is written to about a task, through absences and moved deadlines."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from activities import inbox
from activities.tasks import NewTask, make_task
from models.messages import Message
from models.people import Deed, Team, User
from models.tasks import Task, TaskChange, case_of_task
from rules.business_days import local_date
from rules.cases import Process
from tests.conftest import House


async def people(house: House, **absent_until) -> dict[str, User]:
    """Ana, Bia, Lia (who leads) and Gil (who manages) of the team `cobranca`."""
    async with house.database.write() as session:
        users = {
            login: User(
                login=login, name=f"{login.title()} Souza", email=f"{login}@acerto.example",
                created_at=house.clock.now, absent_until=absent_until.get(login),
            )
            for login in ("ana", "bia", "lia", "gil")
        }  # fmt: skip
        session.add_all(users.values())
        await session.flush()
        session.add(
            Team(
                code="cobranca", name="Cobrança", lead_id=users["lia"].id,
                manager_id=users["gil"].id,
            )
        )  # fmt: skip
        users["ana"].substitute_id = users["bia"].id
        users["lia"].substitute_id = users["gil"].id
    return users


async def a_task(house: House, *, assignee: str | None) -> Task:
    async with house.database.write() as session:
        team = (await session.exec(select(Team))).one()
        task = await make_task(
            session,
            NewTask(
                key="call", title="Ligar para a cliente", process=Process.COLLECTIONS,
                due_at=house.clock.now + timedelta(days=20), team_id=team.id, assignee=assignee,
                consequence="A cobrança para.",
            ),
            by="system", at=house.clock.now,
        )  # fmt: skip
    await house.clock.settle()
    return task


async def letters(house: House) -> list[tuple[str, str]]:
    async with house.database.read() as session:
        found = await session.exec(select(Message).order_by(Message.id))
        return [(message.to_address.partition("@")[0], message.purpose) for message in found]


async def test_a_forgotten_task_goes_from_hand_to_hand(house: House) -> None:
    await people(house)
    task = await a_task(house, assignee="ana")

    # The day it is due: who has it was reminded
    await house.clock.forward(days=20)
    assert await letters(house) == [("ana", "task_reminder")]

    # A week later: the lead heard of it, then the manager, each once
    await house.clock.forward(days=10)
    assert await letters(house) == [
        ("ana", "task_reminder"), ("lia", "task_escalated"), ("gil", "task_escalated"),
    ]  # fmt: skip
    async with house.database.read() as session:
        stored = await session.get_one(Task, task.id)
        case = await case_of_task(session, task.number)
        first = (await session.exec(select(Message).order_by(Message.id))).first()
    assert stored.due_told is not None
    assert stored.due_told > task.due_at
    assert case.breached_at == task.due_at
    assert case.next_at is None
    assert first is not None
    assert "Ligar para a cliente" in first.text
    assert f"/tarefas/{task.id}" in first.text


async def test_what_nobody_has_is_the_leads_to_know(house: House) -> None:
    await people(house)
    await a_task(house, assignee=None)

    await house.clock.forward(days=20)

    assert await letters(house) == [("lia", "task_untaken"), ("lia", "task_reminder")]


async def test_absence_sends_every_reminder_to_the_substitute(house: House) -> None:
    long = local_date(house.clock.now) + timedelta(days=60)
    await people(house, ana=long, lia=long)
    await a_task(house, assignee="ana")

    await house.clock.forward(days=25)

    assert (await letters(house))[:2] == [("bia", "task_reminder"), ("gil", "task_escalated")]


async def test_a_concluded_task_reminds_nobody(house: House) -> None:
    await people(house)
    task = await a_task(house, assignee="ana")
    handle = house.client.get_workflow_handle(f"tasks/{await case_number(house, task)}")
    await handle.execute_update("cancel", {"by": "ana", "reason": "Duplicada."})

    await house.clock.forward(days=30)

    assert await letters(house) == []


async def test_a_moved_deadline_is_reminded_of_again(house: House) -> None:
    await people(house)
    task = await a_task(house, assignee="ana")
    await house.clock.forward(days=22)
    assert ("ana", "task_reminder") in await letters(house)
    due_at = house.clock.now + timedelta(days=20)
    async with house.database.write() as session:
        deed = Deed("ana", house.clock.now)
        await inbox.edit(session, task.number, TaskChange(due_at=due_at), deed)
    already = await letters(house)

    # Nothing until the new deadline, then its own reminder
    await house.clock.forward(days=10)
    assert await letters(house) == already
    await house.clock.forward(days=10)
    assert await letters(house) == [*already, ("ana", "task_reminder")]


async def case_number(house: House, task: Task) -> int:
    async with house.database.read() as session:
        return (await case_of_task(session, task.number)).number
