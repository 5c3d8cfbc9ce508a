"""Tasks: asked for by any process, withdrawn when no longer needed, and when one is reminded of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, colleagues, inbox_counts, outbox, task_items, task_lists, tasks
from models.calendars import load_calendar
from models.cases import Case
from models.policies import load_policy
from models.tasks import Task
from rules import tasks as rules
from rules import words
from rules.cases import Process, spread
from rules.due import Due
from rules.task_items import check_item
from rules.task_reminders import TaskFacts, TaskPolicy, next_step
from rules.tasks import TaskStatus


@dataclass(frozen=True)
class NewTask:
    """What a process asks of a person; `key` makes asking twice harmless.

    Title, reason and consequence are message ids whose places `places` fills, or a person's words.
    `items` are its check-list; without any, it gets that of its kind. A `due_at` counted on a
    calendar is kept with what it was counted from.
    """

    key: str
    title: str
    due_at: datetime | Due
    process: str
    kind: str = "manual"
    description: str = ""
    for_case_id: int | None = None
    customer_id: int | None = None
    team_id: int | None = None
    assignee: str | None = None
    priority: int = 2
    reason: str = ""
    consequence: str = ""
    places: dict[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()


async def make_task(session: AsyncSession, new: NewTask, *, by: str, at: datetime) -> Task:
    """This will make a task and have its journey started; the same key gets the same task.

    Refuses an item of its list that check_item refuses.
    """
    task = await tasks.task_with_key(session, new.key)
    if task is not None:
        return task
    values = {name: value for name, value in vars(new).items() if name not in {"items", "due_at"}}
    task = Task(
        **values, **_due(new.due_at), created_at=at, created_by=by,
        free_since=None if new.assignee else at,
    )  # fmt: skip
    session.add(task)
    await session.flush()
    given = new.items or await task_lists.items_for(session, process=task.process, kind=task.kind)
    for place, text in enumerate(given):
        tidy = check_item(text, items=place)
        task_items.add_item(session, task.number, text=tidy, position=place + 1)
    case = await cases.open_case(
        session, process=Process.TASKS, subject_id=task.number, customer_id=task.customer_id,
        stage=TaskStatus.OPEN, by=by, at=at,
    )  # fmt: skip
    case.due_at, case.owner, case.team_id = task.due_at, task.assignee, task.team_id
    await plan(session, case, task)
    outbox.start_case(session, case, at=at)
    return task


def _due(due: datetime | Due) -> dict[str, Any]:
    """The columns of a due instant; one that a person chose was counted from nothing."""
    if isinstance(due, datetime):
        return {"due_at": due}
    return {
        "due_at": due.at, "due_since": due.since, "due_days": due.business_days,
        "due_calendar": due.calendar, "due_version": due.version,
    }  # fmt: skip


async def check_giving(session: AsyncSession, login: str, process: str, *, field: str) -> None:
    """This will refuse to give somebody one more task of a process: see rules.check_giving."""
    capacity = await colleagues.capacity_of(session, login)
    rules.check_giving(
        capacity, who=login, process=process, word=words.PROCESSES.get(process, process),
        open_tasks=0 if capacity.limit is None else await inbox_counts.count_open(session, login),
        field=field,
    )  # fmt: skip


async def withdraw_tasks(
    session: AsyncSession, *, for_case_id: int, kinds: tuple[str, ...], reason: str, at: datetime
) -> None:
    """This will cancel the open tasks of these kinds: what they asked for is no longer needed."""
    for task in await tasks.open_tasks_of(session, for_case_id=for_case_id, kinds=kinds):
        await withdraw_task(session, task, reason=reason, at=at)


async def withdraw_task(session: AsyncSession, task: Task, *, reason: str, at: datetime) -> None:
    """This will cancel an open task: what it asked for is no longer needed."""
    tasks.finish(
        session, task, status=TaskStatus.CANCELLED, result="withdrawn", remarks=reason,
        by="system", at=at,
    )  # fmt: skip
    case = await tasks.case_of_task(session, task.number)
    outbox.tell_case(session, case, news_id=f"withdrawn/{task.id}", at=at)


async def plan(session: AsyncSession, case: Case, task: Task) -> None:
    """This will write down who is told what next, and when, if nobody acts."""
    policy = await load_policy(session, TaskPolicy())
    step = next_step(await facts_of(session, task), policy)
    if step is not None:
        step = type(step)(step.kind, spread(step.at, case.number))
    cases.schedule(case, step)


async def facts_of(session: AsyncSession, task: Task) -> TaskFacts:
    """What decides about a task's reminders."""
    return TaskFacts(
        due_at=task.due_at,
        calendar=await load_calendar(session),
        due_told=task.due_told,
        free_since=task.free_since,
        free_told=task.free_told,
    )
