"""Templates of check-lists: what a process gives to the tasks of a kind that it asks for."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity
from models.memory import forget_when_written, kept_by
from rules.task_lists import FIRST_LISTS, KINDS, kind_of


class TaskListItem(SQLModel, table=True):
    """An item of the check-list of a kind of task; tasks made before keep theirs."""

    __tablename__ = "task_list_items"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=160)
    task_kind: str = Field(default=next(iter(KINDS)), max_length=60)
    position: int = Field(default=1, ge=1, le=999)
    is_active: bool = True


forget_when_written(TaskListItem)


async def items_for(session: AsyncSession, *, process: str, kind: str) -> tuple[str, ...]:
    """The check-list of a kind of task, in its order; empty where it has none."""
    kept = kept_by(session)
    if "task_lists" not in kept:
        kept["task_lists"] = await _lists(session)
    found: tuple[str, ...] = kept["task_lists"].get(kind_of(process, kind), ())
    return found


async def ensure_task_lists(session: AsyncSession) -> None:
    """This will add the first lists where there is none at all. Safe to repeat."""
    if (await session.exec(select(TaskListItem.id).limit(1))).first() is not None:
        return
    for kind, names in FIRST_LISTS.items():
        for place, name in enumerate(names, start=1):
            code = f"{kind.replace('/', '-').replace('_', '-')}-{place}"
            session.add(TaskListItem(code=code, name=name, task_kind=kind, position=place))
    await session.flush()


async def _lists(session: AsyncSession) -> dict[str, tuple[str, ...]]:
    statement = select(TaskListItem.task_kind, TaskListItem.name).where(col(TaskListItem.is_active))
    order = (col(TaskListItem.position), col(TaskListItem.id))
    found: dict[str, list[str]] = defaultdict(list)
    for kind, name in await session.exec(statement.order_by(*order)):
        found[kind].append(name)
    return {kind: tuple(names) for kind, names in found.items()}
