"""Tasks as they travel: what programs and forms send, and what they get back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Principal
from api.documents import shown_document
from api.forms import Instant
from api.inputs import Input
from api.language import gettext, told
from models import inbox, tasks
from models.inbox import InboxView
from models.task_items import items_of
from models.tasks import Task, TaskChange
from rules.cases import Process
from rules.task_items import LONGEST_ITEM, MOST_ITEMS


class TaskQuery(BaseModel):
    """Which tasks a program wants; what is left out narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    view: InboxView = InboxView.ALL
    process: str | None = None
    team_id: int | None = None
    assignee: str | None = None
    priority: int | None = None
    is_overdue: bool = False
    text: str | None = None
    customer_id: int | None = None
    for_case_id: int | None = None
    shows_snoozed: bool = False
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class TaskOut(BaseModel):
    """A task as programs read it."""

    id: int
    title: str
    status: str
    process: str
    kind: str
    customer_id: int | None
    customer: str | None
    document: str | None
    for_case_id: int | None
    team_id: int | None
    team: str | None
    assignee: str | None
    priority: int
    due_at: datetime
    snoozed_until: datetime | None
    reason: str
    consequence: str
    created_at: datetime
    created_by: str
    finished_at: datetime | None
    finished_by: str | None
    result: str
    items_done: int
    items_all: int
    version: int


class TasksOut(BaseModel):
    """A page of tasks; `next` is the cursor of the following page."""

    items: list[TaskOut]
    next: str | None


class CommentOut(BaseModel):
    """A remark on a task."""

    at: datetime
    by: str
    text: str


class ItemOut(BaseModel):
    """A line of a task's check-list; done once `done_at` is there."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    text: str
    done_at: datetime | None
    done_by: str | None


class TaskDetails(TaskOut):
    """A task with what only its own page shows."""

    description: str
    items: list[ItemOut]
    remarks: str
    comments: list[CommentOut]


class TaskInput(Input):
    """A new task; for a case, it carries that case's customer and process."""

    title: str = Field(min_length=1, max_length=160)
    description: str = Field(default="", max_length=4000)
    due_at: Instant
    assignee: str | None = None
    team_id: int | None = None
    priority: int = Field(default=2, ge=1, le=3)
    for_case_id: int | None = None
    customer_id: int | None = None
    process: Process = Process.TASKS
    key: str | None = Field(default=None, max_length=100, description="asked twice, made once")
    items: list[str] = Field(default=[], max_length=MOST_ITEMS, description="its check-list")


class ItemInput(Input):
    """A line for a task's check-list."""

    text: str = Field(default="", max_length=LONGEST_ITEM)


class TickInput(Input):
    """Whether an item is done."""

    is_done: bool


class TaskChangeInput(Input):
    """What is to be corrected; what is left out stays."""

    title: str | None = Field(default=None, min_length=1, max_length=160)
    description: str | None = Field(default=None, max_length=4000)
    due_at: Instant | None = None
    priority: int | None = Field(default=None, ge=1, le=3)
    seen_version: int | None = Field(default=None, description="a task that changed since stays")


class DelegationInput(Input):
    """To whom a task is given."""

    to: str = Field(min_length=1, max_length=60)


class ConclusionInput(Input):
    """How a task ended."""

    result: str = Field(default="done", max_length=40)
    remarks: str = Field(default="", max_length=4000)
    finished_at: Instant | None = None
    done_by: str = Field(default="", max_length=60, description="who did it; blank: the caller")


class CancellationInput(Input):
    """Why a task is not to be done."""

    reason: str = Field(default="", max_length=500)


class SnoozeInput(Input):
    """Until when a task is kept out of sight."""

    until: Instant


class CommentInput(Input):
    """A remark."""

    text: str = Field(max_length=4000)


async def task_details(session: AsyncSession, task_id: int, *, by: Principal) -> TaskDetails:
    """A task as it stands now, with its remarks. Raises TaskNotFound."""
    await session.flush()
    row = await inbox.task_row(session, task_id)
    task = await session.get_one(Task, task_id)
    items = [ItemOut.model_validate(each) for each in await items_of(session, task_id)]
    comments = [CommentOut(**c.model_dump()) for c in await tasks.comments_of(session, task_id)]
    return TaskDetails(
        **task_out(row, by=by).model_dump(),
        description=task.description,
        items=items,
        remarks=remarks_of(task),
        comments=comments,
    )


def remarks_of(task: Task) -> str:
    """What was said of its end: a person's words, or why the system took it back."""
    return gettext(task.remarks) if task.result == "withdrawn" else task.remarks


async def change_asked(session: AsyncSession, task_id: int, asked: TaskChangeInput) -> TaskChange:
    """What is to be corrected; a title that is left as it is shown stays as it is stored."""
    task = await session.get(Task, task_id)
    is_as_shown = task is not None and asked.title == told(task.title, task.places)
    left_out = {"seen_version", "title"} if is_as_shown else {"seen_version"}
    values = asked.model_dump(exclude=left_out)
    return TaskChange(**values)


def task_out(row: Mapping[str, Any], *, by: Principal) -> TaskOut:
    """A listed task; the document as this caller may see it."""
    document = shown_document(row["document"], by=by) if row["document"] else None
    said = {name: told(row[name], row["places"]) for name in ("title", "reason", "consequence")}
    return TaskOut.model_validate({**row, **said, "document": document})
