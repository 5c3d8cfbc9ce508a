"""Check-lists by kind of task: a new task begins with them, the inbox tells how far it is."""

from __future__ import annotations

import pytest
from sqlmodel import select

from activities.task_moves import decide
from activities.tasks import NewTask, make_task
from models import task_items
from models.database import Database
from models.inbox import InboxFilter, InboxView, select_tasks
from models.rows import rows_of
from models.task_lists import TaskListItem, ensure_task_lists, items_for
from models.tasks import case_of_task
from rules.task_items import TaskItemsOpen
from rules.task_lists import FIRST_LISTS, KINDS
from rules.tasks import ConcludeTask
from tests.builders import AT

KIND = "tickets/resolve"


def a_task(key: str = "t", **values: object) -> NewTask:
    asked = {"process": "tickets", "kind": "resolve", **values}
    return NewTask(key=key, title="Resolver", due_at=AT, **asked)  # type: ignore[arg-type]


async def texts(session, task) -> list[str]:
    return [each.text for each in await task_items.items_of(session, task.number)]


async def test_a_house_begins_with_lists_and_keeps_its_own(database: Database) -> None:
    async with database.write() as session:
        await ensure_task_lists(session)
        every = (await session.exec(select(TaskListItem).order_by("id"))).all()
        for each in every:
            each.is_active = each.task_kind == KIND and each.position == 2
        await session.flush()
        await ensure_task_lists(session)

        assert len(every) == sum(map(len, FIRST_LISTS.values()))
        assert set(FIRST_LISTS) <= set(KINDS)
        found = await items_for(session, process="tickets", kind="resolve")
        assert found == (FIRST_LISTS[KIND][1],)
        assert await items_for(session, process="kickoff", kind="hold") == ()


async def test_a_task_has_the_list_of_its_kind_in_order_unless_it_brings_its_own(
    database: Database,
) -> None:
    async with database.write() as session:
        for place, name in ((2, "Testar"), (1, "Corrigir")):
            session.add(
                TaskListItem(code=f"r{place}", name=name, task_kind=KIND, position=place)
            )  # fmt: skip

        given = await make_task(session, a_task(), by="system", at=AT)
        own = await make_task(session, a_task("own", items=("Outra",)), by="ana", at=AT)
        other = await make_task(session, a_task("other", kind="answer"), by="system", at=AT)

        assert await texts(session, given) == ["Corrigir", "Testar"]
        assert await texts(session, own) == ["Outra"]
        assert await texts(session, other) == []


async def test_the_inbox_tells_how_much_is_done_and_done_means_all(database: Database) -> None:
    async with database.write() as session:
        for place in (1, 2):
            session.add(TaskListItem(code=f"r{place}", name=f"I{place}", task_kind=KIND))
        task = await make_task(session, a_task(), by="system", at=AT)
        await make_task(session, a_task("plain", kind="manual"), by="ana", at=AT)
        first, second = await task_items.items_of(session, task.number)
        first.done_at, first.done_by = AT, "ana"

        wanted = InboxFilter(by="ana", team_ids=(), now=AT, view=InboxView.ALL)
        rows = await rows_of(session, select_tasks(wanted))
        assert sorted((row["items_done"], row["items_all"]) for row in rows) == [(0, 0), (1, 2)]

        case = await case_of_task(session, task.number)
        with pytest.raises(TaskItemsOpen):
            await decide(session, case, ConcludeTask(by="ana"), AT)
        second.done_at = AT
        await decide(session, case, ConcludeTask(by="ana"), AT)
