"""Reminders of tasks by steps: the clock of the taken, roles and people, one letter to each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from activities import inbox
from activities.reminders import remind
from activities.tasks import NewTask, make_task, plan
from models.cases import Case, CaseEvent
from models.database import Database
from models.messages import Message
from models.outbox import OutboxEntry
from models.people import Deed, Role, Team, User, UserRole
from models.policies import PolicyValue
from models.tasks import Task, TaskChange, case_of_task
from tests import builders

#: Monday, 16 November 2026, 11:00 in Brasília; Friday the 20th is a holiday.
MONDAY = datetime(2026, 11, 16, 14, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Desk:
    """A task of the team that Lia leads and Gil manages."""

    database: Database
    task_id: int = 0

    async def asks(
        self, *, assignee: str | None = None, steps: list[Any] | None = None, days: int = 2
    ) -> None:
        async with self.database.write() as session:
            people = {
                login: await builders.a_user(session, login, email=f"{login}@casa.test")
                for login in ("ana", "bia", "lia", "gil")
            }
            team = await builders.stored(
                session,
                Team(code="casa", name="Casa", lead_id=people["lia"].id,
                     manager_id=people["gil"].id),
            )  # fmt: skip
            role = await builders.stored(session, Role(code="auditoria", name="Auditoria"))
            for login in ("bia", "gil"):
                session.add(UserRole(user_id=people[login].id or 0, role_id=role.id or 0))
            if steps is not None:
                session.add(
                    PolicyValue(
                        name="TaskPolicy.reminders", value=steps, changed_at=MONDAY,
                        changed_by="ana",
                    )
                )  # fmt: skip
            new = NewTask(
                key="t", title="Ligar", process="tasks", due_at=MONDAY + days * DAY,
                team_id=team.id, assignee=assignee, consequence="Nada.",
            )  # fmt: skip
            self.task_id = (await make_task(session, new, by="system", at=MONDAY)).number

    async def reminds(self, at: datetime) -> None:
        """What the journey does when the case's next instant has come."""
        async with self.database.write() as session:
            task = await session.get_one(Task, self.task_id)
            case = await case_of_task(session, self.task_id)
            await remind(session, case, task, at=at)
            await plan(session, case, task)

    async def told(self) -> list[tuple[str, str]]:
        """To whom which letter went, in order."""
        async with self.database.read() as session:
            rows = (await session.exec(select(Message).order_by(Message.id))).all()
            return [(each.to_address.partition("@")[0], each.purpose) for each in rows]

    async def history(self) -> list[tuple[str, str | None]]:
        async with self.database.read() as session:
            rows = await session.exec(select(CaseEvent).order_by(CaseEvent.id))
            return [(each.kind, each.parameters.get("told")) for each in rows][1:]

    async def case(self) -> Case:
        async with self.database.read() as session:
            return await case_of_task(session, self.task_id)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return Desk(database)


def a_step(moment: str, amount: int, unit: str, to: str) -> dict[str, Any]:
    return {"moment": moment, "amount": amount, "unit": unit, "to": to}


async def test_a_task_that_nobody_takes_is_told_to_the_lead_once(desk: Desk) -> None:
    await desk.asks()
    assert (await desk.case()).next_kind == "untaken"

    await desk.reminds(MONDAY + DAY)
    await desk.reminds(MONDAY + DAY)

    assert await desk.told() == [("lia", "task_untaken")]
    assert await desk.history() == [("untaken", "lia")]
    case = await desk.case()
    assert (case.next_kind, case.breached_at) == ("remind", None)


async def test_taken_it_is_not_told_and_given_back_the_clock_begins_anew(desk: Desk) -> None:
    await desk.asks(days=8)
    async with desk.database.write() as session:
        await inbox.claim(session, desk.task_id, Deed("ana", MONDAY))
    assert (await desk.case()).next_kind == "remind"
    await desk.reminds(MONDAY + DAY)
    assert await desk.told() == []

    async with desk.database.write() as session:
        await inbox.release(session, desk.task_id, Deed("ana", MONDAY + DAY))

    case = await desk.case()
    assert case.next_kind == "untaken"
    assert case.next_at is not None
    assert case.next_at > MONDAY + DAY + timedelta(hours=8)
    async with desk.database.read() as session:
        news = list(await session.exec(select(OutboxEntry.news_id)))
    assert any(each and each.startswith(f"free/{desk.task_id}/") for each in news)


async def test_a_moved_deadline_does_not_tell_again_that_nobody_has_it(desk: Desk) -> None:
    await desk.asks()
    await desk.reminds(MONDAY + 2 * DAY)
    before = await desk.history()

    async with desk.database.write() as session:
        change = TaskChange(due_at=MONDAY + 14 * DAY)
        await inbox.edit(session, desk.task_id, change, Deed("ana", MONDAY + 2 * DAY))
    await desk.reminds(MONDAY + 3 * DAY)

    assert [kind for kind, _ in before] == ["untaken", "remind"]
    assert [kind for kind, _ in (await desk.history())[2:]] == ["edited"]


async def test_roles_people_and_posts_each_hear_once_however_many_steps_are_due(
    desk: Desk,
) -> None:
    steps = [
        a_step("before_due", 1, "days", "assignee"),
        a_step("after_due", 0, "days", "role:auditoria"),
        a_step("after_due", 1, "hours", "user:ana"),
        a_step("after_due", 2, "hours", "manager"),
    ]
    await desk.asks(assignee="ana", steps=steps)

    await desk.reminds(MONDAY + 10 * DAY)

    assert await desk.told() == [
        ("ana", "task_escalated"), ("bia", "task_escalated"), ("gil", "task_escalated"),
    ]  # fmt: skip
    assert await desk.history() == [
        ("remind", "ana"), ("tell", "bia"), ("tell", "gil"), ("tell", "ana"),
        ("tell_manager", "gil"),
    ]  # fmt: skip
    case = await desk.case()
    assert (case.next_kind, case.breached_at) == (None, MONDAY + 2 * DAY)


async def test_whoever_is_away_is_stood_in_for_and_who_left_hears_nothing(desk: Desk) -> None:
    steps = [a_step("after_due", 0, "days", f"user:{login}") for login in ("bia", "gil", "gone")]
    await desk.asks(assignee="ana", steps=steps)
    async with desk.database.write() as session:
        people = {each.login: each for each in await session.exec(select(User))}
        people["bia"].absent_until, people["bia"].substitute_id = date(2027, 1, 1), people["lia"].id
        people["gil"].is_active = False

    await desk.reminds(MONDAY + 3 * DAY)

    assert await desk.told() == [("lia", "task_escalated")]
    assert await desk.history() == [("tell", "lia"), ("tell", None), ("tell", None)]


async def test_the_reminder_of_who_left_goes_to_the_lead(desk: Desk) -> None:
    await desk.asks(assignee="ana")
    async with desk.database.write() as session:
        ana = (await session.exec(select(User).where(User.login == "ana"))).one()
        ana.is_active = False

    await desk.reminds(MONDAY + 2 * DAY)

    assert await desk.told() == [("lia", "task_reminder")]
