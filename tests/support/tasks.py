"""Tasks for tests of pages and programs, and what became of them."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from activities.tasks import NewTask, make_task
from models.cases import CaseEvent
from models.tasks import Task, case_of_task
from tests.support.web import Web

ACT = ("tasks:see", "tasks:act")


async def a_task(web: Web, key: str = "call", *, hours: float = 240, **values) -> int:
    new = NewTask(
        key=key, title=values.pop("title", "Ligar para o cliente"),
        process=values.pop("process", "collections"),
        due_at=web.now + timedelta(hours=hours), **values,
    )  # fmt: skip
    async with web.database.write() as session:
        task = await make_task(session, new, by="system", at=web.now)
    return task.number


async def stored(web: Web, task_id: int) -> Task:
    async with web.database.read() as session:
        return await session.get_one(Task, task_id)


async def history(web: Web, task_id: int) -> list[str]:
    async with web.database.read() as session:
        case = await case_of_task(session, task_id)
        kinds = select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        return list(await session.exec(kinds))
