"""The check-list of a task: its items, in order, and who did each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Index, bindparam, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from rules.task_items import LONGEST_ITEM, TaskItemNotFound


class TaskItem(SQLModel, table=True):
    """A line of a task's check-list; done once `done_at` is set."""

    __tablename__ = "task_items"
    __table_args__ = (Index("ix_task_items_task", "task_id", "position"),)

    id: int | None = identity()
    task_id: int = reference("tasks.id", index=False)
    position: int
    text: str = Field(max_length=LONGEST_ITEM)
    done_at: datetime | None = instant(None)
    done_by: str | None = Field(default=None, max_length=60)


async def items_of(session: AsyncSession, task_id: int) -> Sequence[TaskItem]:
    """A task's check-list, in order."""
    items: Sequence[TaskItem] = (await session.exec(_items(), params={"task": task_id})).all()
    return items


@cache
def _items() -> Any:
    """Made once: every conclusion of a task asks it."""
    return (
        select(TaskItem)
        .where(col(TaskItem.task_id) == bindparam("task"))
        .order_by(col(TaskItem.position))
    )


async def item_of(session: AsyncSession, task_id: int, item_id: int) -> TaskItem:
    """An item of a task's own list. Refuses any other (TaskItemNotFound)."""
    item = await session.get(TaskItem, item_id)
    if item is None or item.task_id != task_id:
        raise TaskItemNotFound
    return item


def add_item(session: AsyncSession, task_id: int, *, text: str, position: int) -> TaskItem:
    """This will add an item to a list."""
    item = TaskItem(task_id=task_id, position=position, text=text)
    session.add(item)
    return item


async def progress_of(
    session: AsyncSession, task_ids: Collection[int]
) -> dict[int, tuple[int, int]]:
    """How many items are done, and how many there are, of those tasks that have a list."""
    statement: Any = (
        sqlalchemy.select(col(TaskItem.task_id), func.count(col(TaskItem.done_at)), func.count())
        .where(col(TaskItem.task_id).in_(task_ids))
        .group_by(col(TaskItem.task_id))
    )
    return {task_id: (done, of) for task_id, done, of in await session.exec(statement)}
