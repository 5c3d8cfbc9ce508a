"""What a house had set, and had been told, before a migration still holds after it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, insert
from sqlmodel import select

import migrations
from models.calendars import load_calendar
from models.cases import Case
from models.database import Database
from models.policies import PolicyValue, load_policy
from models.service_clocks import ServiceClock
from models.task_reminders import TaskReminder
from models.tasks import Task
from rules.clock_reminders import BREACH
from rules.contract_terms import ContractPolicy
from rules.kickoff import KickoffPolicy
from rules.reminders import Reminder
from rules.task_reminders import TaskFacts, TaskPolicy, due_steps
from rules.tickets import TicketPolicy
from tests.support.postgres import administer

#: SQLite's indexes of expressions, which migrations that make a table anew do not read.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
]

#: The migration before tasks were reminded of by steps, and that before promises were.
BEFORE_TASKS, BEFORE_PROMISES = "a41c7f09d2e6", "b8d20f6a91c4"
#: Monday, 9:00 in Brasília.
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TABLES = (
    *("policy_values", "tasks", "cases", "case_events", "service_clocks"),
    *("messages", "task_reminders"),
)
EMPTY: dict[type, Any] = {
    int: 0, str: "", bool: False, float: 0, datetime: AT, date: AT.date(), dict: {}, list: [],
}  # fmt: skip


@pytest.fixture
def old_house(database_template: str, tmp_path: Path) -> str:
    """A database without any table."""
    if Path(database_template).exists():
        return f"sqlite+aiosqlite:///{tmp_path}/old.db"
    name = f"t{uuid4().hex[:12]}"
    asyncio.run(administer(database_template, f"CREATE DATABASE {name}"))
    return f"postgresql+asyncpg://postgres@{database_template}/{name}"


def test_old_settings_of_reminders_are_read_and_nobody_is_told_twice(old_house: str) -> None:
    configuration = migrations.configuration(old_house)
    command.upgrade(configuration, BEFORE_TASKS)
    asyncio.run(_write(old_house, _tasks_of_before))
    command.upgrade(configuration, BEFORE_PROMISES)
    asyncio.run(_write(old_house, _promises_of_before))

    migrations.upgrade(old_house)

    asyncio.run(_check(old_house))


def _tasks_of_before(write: Writer) -> None:
    """Two settings of three differ; of two tasks that are due, one was told of to the lead."""
    write.setting("TaskPolicy.remind_hours_before", 6, by="ana", at=AT - DAY)
    write.setting("TaskPolicy.manager_after_business_days", 5, by="bia", at=AT)
    for number, told in ((1, True), (2, False)):
        write("tasks", id=number, key=f"t{number}", due_at=AT, reminded_for=AT if told else None)
        write(
            "cases", id=number, process="tasks", subject_id=number, stage="open", epoch=1,
            version=1,
        )  # fmt: skip
        if told:
            write("case_events", case_id=number, kind="tell_lead", at=AT + DAY + HOUR)


def _promises_of_before(write: Writer) -> None:
    """Each process had something set; clocks had passed some of their marks."""
    write.setting("TicketPolicy.warn_percent", 60, by="ana", at=AT)
    write.setting("KickoffPolicy.escalate_after_hours", 16, by="ana", at=AT - DAY)
    write.setting("KickoffPolicy.remind_at_percent", 80, by="bia", at=AT)
    write.setting("ContractPolicy.remind_again_at_percent", 90, by="ana", at=AT)
    write("messages", id=1, key="m1")
    write("task_reminders", id=1, login="ana", task_id=1, message_id=1)
    for number, process, next_kind, passed in (
        (11, "tickets", "breach_response", 1),
        (12, "tickets", "nudge", 2),
        (13, "kickoff", "half_meeting", 0),
        (14, "activation", "remind_again", 1),
    ):
        write(
            "cases", id=number, process=process, subject_id=number, stage="open", epoch=1,
            version=1, next_kind=next_kind, next_at=AT + DAY,
        )  # fmt: skip
        write("service_clocks", id=number, case_id=number, kind="first", round=1,
              allowed_seconds=3600, marks_passed=passed)  # fmt: skip


async def _check(url: str) -> None:
    database = Database(url)
    try:
        async with database.read() as session:
            await _settings_are_read(session)
            await _promises_go_on(session)
            reminded = (await session.exec(select(TaskReminder.case_id))).all()
            told = [await _steps_due(session, number) for number in (1, 2)]
    finally:
        await database.dispose()
    assert told == [[], ["assignee", "lead"]]
    assert reminded == [1]


async def _settings_are_read(session: Any) -> None:
    warned = Reminder("elapsed", 60, "percent", "assignee")
    tickets = await load_policy(session, TicketPolicy())
    kickoff = await load_policy(session, KickoffPolicy())
    contracts = await load_policy(session, ContractPolicy())
    tasks = await load_policy(session, TaskPolicy())

    assert tickets.response_reminders == (warned, *TicketPolicy().response_reminders[1:])
    assert tickets.resolution_reminders == tickets.response_reminders
    assert kickoff.meeting_reminders[0] == Reminder("elapsed", 80, "percent", "assignee")
    assert len(kickoff.installation_reminders) == 6  # both reminders were at 80 %: once each
    assert kickoff.installation_reminders[-1] == Reminder("after_due", 16, "hours", "manager")
    assert [each.amount for each in contracts.activation_reminders] == [50, 90, 0]
    assert tasks.reminders == (
        Reminder("untaken", 8, "hours", "lead"), Reminder("before_due", 6, "hours", "assignee"),
        Reminder("after_due", 1, "days", "lead"), Reminder("after_due", 5, "days", "manager"),
    )  # fmt: skip
    hands = dict((await session.exec(select(PolicyValue.name, PolicyValue.changed_by))).all())
    assert hands["TaskPolicy.reminders"] == hands["KickoffPolicy.meeting_reminders"] == "bia"
    assert len(hands) == 6  # and nothing is left of what was before


async def _promises_go_on(session: Any) -> None:
    taken = dict((await session.exec(select(ServiceClock.id, ServiceClock.taken))).all())
    warned = "elapsed/60percent/assignee"
    breached = [f"after_due/0hours/{post}" for post in ("assignee", "lead", "executive")]
    assert (taken[11], taken[13]) == ([warned], [])
    assert taken[12] == [warned, BREACH, *breached]
    assert taken[14] == ["elapsed/50percent/assignee"]
    planned = dict((await session.exec(select(Case.id, Case.next_kind))).all())
    assert (planned[13], planned[14]) == ("warn_meeting", "remind")
    assert (planned[11], planned[12]) == ("breach_response", "nudge")


async def _steps_due(session: Any, number: int) -> list[str]:
    """Whom the steps would tell that are due one business day and two hours after."""
    task = await session.get_one(Task, number)
    facts = TaskFacts(
        due_at=task.due_at, calendar=await load_calendar(session), due_told=task.due_told,
        free_since=task.free_since, free_told=task.free_told,
    )  # fmt: skip
    policy = await load_policy(session, TaskPolicy())
    return [each.reminder.to for each in due_steps(facts, policy, now=AT + DAY + 2 * HOUR)]


class Writer:
    """Rows of tables as they were then; what is not told of is empty."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.metadata = connection, MetaData()
        self.metadata.reflect(connection, only=TABLES, resolve_fks=False)

    def __call__(self, table: str, **values: Any) -> None:
        columns = self.metadata.tables[table].columns
        empty = {
            each.name: EMPTY.get(each.type.python_type, {})
            for each in columns
            if not each.nullable and not each.primary_key
        }
        self.connection.execute(insert(self.metadata.tables[table]).values({**empty, **values}))

    def setting(self, name: str, value: int, *, by: str, at: datetime) -> None:
        self("policy_values", name=name, value=value, version=1, changed_by=by, changed_at=at)


async def _write(url: str, rows: Any) -> None:
    database = Database(url)
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(lambda sync: rows(Writer(sync)))
    finally:
        await database.dispose()
