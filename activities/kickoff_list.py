"""The check-list of a kickoff: each item stands in somebody's inbox until it is done."""

from __future__ import annotations

from sqlmodel import col, select

from activities.kickoff_desk import Desk, ask_item, withdraw
from models import kickoff as kickoffs
from models.kickoff import KickoffItem
from models.tasks import Task
from rules import kickoff_commands as rules
from rules.kickoff_commands import AddItem, CheckItem
from rules.sentences import N_
from rules.tasks import TaskStatus


async def begin(desk: Desk) -> None:
    """This will make the items of the service model's template, each with its task."""
    for known in await kickoffs.template_of(desk.session, desk.contract.plan_type):
        await _add(desk, known.name, position=known.position, is_client=known.is_client)


async def obey(desk: Desk, command: CheckItem | AddItem) -> None:
    """This will add an item, or say that one is done, or open again."""
    if desk.kickoff.held_at is None:
        raise rules.MeetingNotHeld
    if desk.kickoff.installed_at is not None:
        raise rules.KickoffAlreadyInstalled
    if isinstance(command, AddItem):
        rules.check_text(command.title, field="title")
        items = await kickoffs.items_of(desk.session, desk.kickoff.number)
        last = max((item.position for item in items), default=0)
        title = command.title.strip()[:160]
        await _add(desk, title, position=last + 1, is_client=command.is_client)
        desk.record("item_added", item=title)
        return
    item = await desk.session.get(KickoffItem, command.item_id)
    if item is None or item.kickoff_id != desk.kickoff.number:
        raise rules.KickoffItemUnknown
    await _check(desk, item, is_done=command.is_done)


async def hear(desk: Desk) -> None:
    """This will check the items whose tasks were concluded in the inbox."""
    statement = select(Task).where(
        Task.for_case_id == desk.case.number,
        col(Task.kind).startswith("item/"),
        Task.status == TaskStatus.CONCLUDED,
    )
    done = {task.kind: task for task in await desk.session.exec(statement)}
    for item in await kickoffs.items_of(desk.session, desk.kickoff.number):
        task = done.get(item.task_kind)
        if item.done_at is None and task is not None and task.finished_at is not None:
            if item.reopened_at is not None and task.finished_at <= item.reopened_at:
                continue
            item.done_at, item.done_by = task.finished_at, task.finished_by
            desk.session.add(item)
            desk.record("item_done", item=item.title, told=task.finished_by)


async def open_count(desk: Desk) -> int:
    """How many items are not done."""
    items = await kickoffs.items_of(desk.session, desk.kickoff.number)
    return sum(item.done_at is None for item in items)


async def withdraw_items(desk: Desk, *, reason: str) -> None:
    """This will take back the tasks of the items."""
    items = await kickoffs.items_of(desk.session, desk.kickoff.number)
    await withdraw(desk, *(item.task_kind for item in items), reason=reason)


async def _add(desk: Desk, title: str, *, position: int, is_client: bool) -> None:
    item = KickoffItem(
        kickoff_id=desk.kickoff.number, position=position, title=title, is_client=is_client
    )
    desk.session.add(item)
    await desk.session.flush()
    await ask_item(desk, item)


async def _check(desk: Desk, item: KickoffItem, *, is_done: bool) -> None:
    if (item.done_at is not None) == is_done:
        return
    desk.session.add(item)
    if is_done:
        item.done_at, item.done_by = desk.at, desk.by
        desk.record("item_done", item=item.title)
        await withdraw(desk, item.task_kind, reason=N_("O item foi concluído."))
    else:
        item.done_at = item.done_by = None
        item.reopened_at = desk.at
        desk.record("item_reopened", item=item.title)
        await ask_item(desk, item)
