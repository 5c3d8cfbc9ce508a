"""What people do to a task's check-list: add an item, tick it or not, take it out."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, task_items, tasks
from models.cases import Case
from models.people import Deed, record
from models.task_items import TaskItem
from rules import task_items as rules


async def add_item(session: AsyncSession, task_id: int, text: str, deed: Deed) -> TaskItem:
    """This will add an item at the end. Refuses a finished task, and what check_item refuses."""
    case = await _open_case(session, task_id)
    items = await task_items.items_of(session, task_id)
    tidy = rules.check_item(text, items=len(items))
    position = items[-1].position + 1 if items else 1
    item = task_items.add_item(session, task_id, text=tidy, position=position)
    await session.flush()
    _record(session, case, item, deed, "item_added")
    return item


async def tick_item(
    session: AsyncSession, task_id: int, item_id: int, deed: Deed, *, is_done: bool
) -> TaskItem:
    """This will say that an item is done, or is not after all; said again, it changes nothing."""
    case = await _open_case(session, task_id)
    item = await task_items.item_of(session, task_id, item_id)
    if is_done != (item.done_at is not None):
        item.done_at, item.done_by = (deed.at, deed.by) if is_done else (None, None)
        session.add(item)
        _record(session, case, item, deed, "item_done" if is_done else "item_undone")
    return item


async def take_out(session: AsyncSession, task_id: int, item_id: int, deed: Deed) -> None:
    """This will take an item out of the list. Refuses TaskItemNotFound."""
    case = await _open_case(session, task_id)
    item = await task_items.item_of(session, task_id, item_id)
    await session.delete(item)
    _record(session, case, item, deed, "item_removed")


async def _open_case(session: AsyncSession, task_id: int) -> Case:
    task, case = await tasks.lock_with_case(session, task_id)
    tasks.check_open(task)
    return case


def _record(session: AsyncSession, case: Case, item: TaskItem, deed: Deed, kind: str) -> None:
    cases.record_event(session, case, kind=kind, by=deed.by, at=deed.at, text=item.text)
    record(session, deed, f"task.{kind}", subject=f"task/{item.task_id}", text=item.text)
