"""Tasks: made by any process, moved by their own journey, answered to the case that asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import Answer, Move, Moved, transition
from models import cases, outbox, tasks
from models.calendars import load_calendar
from models.cases import Case
from models.database import Database
from models.policies import load_policy
from models.tasks import Task
from rules import tasks as rules
from rules.cases import Elapsed, News, Process, spread
from rules.tasks import CancelTask, ConcludeTask, TaskFacts, TaskPolicy, TaskStatus, TaskStep

TaskCommand = Annotated[ConcludeTask | CancelTask | Elapsed | News, Field(discriminator="kind")]


@dataclass(frozen=True)
class NewTask:
    """What a process asks of a person; `key` makes asking twice harmless."""

    key: str
    title: str
    due_at: datetime
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


async def make_task(session: AsyncSession, new: NewTask, *, by: str, at: datetime) -> Task:
    """This will make a task and have its journey started; the same key gets the same task."""
    task = await tasks.task_with_key(session, new.key)
    if task is not None:
        return task
    task = Task(**vars(new), created_at=at, created_by=by)
    session.add(task)
    await session.flush()
    assert task.id is not None
    case = await cases.open_case(
        session, process=Process.TASKS, subject_id=task.id, customer_id=task.customer_id,
        stage=TaskStatus.OPEN, by=by, at=at,
    )  # fmt: skip
    case.due_at = task.due_at
    await _schedule(session, case, task)
    outbox.start_case(session, case, at=at)
    return task


async def withdraw_tasks(
    session: AsyncSession, *, for_case_id: int, kinds: tuple[str, ...], reason: str, at: datetime
) -> None:
    """This will cancel the open tasks of these kinds: what they asked for is no longer needed."""
    for task in await tasks.open_tasks_of(session, for_case_id=for_case_id, kinds=kinds):
        assert task.id is not None
        tasks.finish(
            session, task, status=TaskStatus.CANCELLED, result="withdrawn", remarks=reason,
            by="system", at=at,
        )  # fmt: skip
        case = await cases.case_of(session, process=Process.TASKS, subject_id=task.id)
        assert case is not None
        outbox.tell_case(session, case, news_id=f"withdrawn/{task.id}", at=at)


class TaskActivities:
    """The transitions of tasks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_task(self, move: Move[TaskCommand]) -> Moved:
        """One transition of one task."""
        return await transition(self.database, move, decide)


async def decide(session: AsyncSession, case: Case, command: TaskCommand, at: datetime) -> Answer:
    """What a command does to a task; everything inside the caller's transaction."""
    task = await tasks.task_of(session, case.subject_id)
    match command:
        case ConcludeTask() | CancelTask():
            _finish(session, task, command, at)
        case Elapsed(step=step):
            _remind(session, case, task, TaskStep(step), at)
        case News():
            pass
    await _settle(session, case, task, by=command.by, at=at)
    return {"task_id": task.id, "status": task.status, "result": task.result}


def _finish(
    session: AsyncSession, task: Task, command: ConcludeTask | CancelTask, at: datetime
) -> None:
    if isinstance(command, ConcludeTask):
        rules.check_conclusion(finished_at=command.finished_at, now=at)
        status, result, remarks = TaskStatus.CONCLUDED, command.result, command.remarks
        at = command.finished_at or at
    else:
        rules.check_reason(command.reason)
        status, result, remarks = TaskStatus.CANCELLED, "cancelled", command.reason
    tasks.finish(session, task, status=status, result=result, remarks=remarks, by=command.by, at=at)


def _remind(session: AsyncSession, case: Case, task: Task, step: TaskStep, at: datetime) -> None:
    cases.record_event(session, case, kind=step, by="system", at=at, title=task.title)
    if step is TaskStep.TELL_LEAD:
        case.breached_at = case.breached_at or task.due_at
    if step is not TaskStep.REMIND:
        task.escalation += 1
        session.add(task)


async def _settle(session: AsyncSession, case: Case, task: Task, *, by: str, at: datetime) -> None:
    """After any move: close and answer who asked, or plan the next reminder."""
    if not TaskStatus(task.status).is_final:
        await _schedule(session, case, task)
        return
    if case.closed_at is not None:
        return
    cases.move_to(session, case, task.status, by=by, at=at, is_final=True)
    cases.schedule(case, None)
    if task.for_case_id is not None:
        asking = await cases.lock_case(session, task.for_case_id)
        outbox.tell_case(session, asking, news_id=f"task/{task.id}", at=at)


async def _schedule(session: AsyncSession, case: Case, task: Task) -> None:
    facts = TaskFacts(
        due_at=task.due_at,
        is_reminded=await cases.has_event(session, case, kind=TaskStep.REMIND),
        escalation=task.escalation,
        calendar=await load_calendar(session),
    )
    step = rules.next_step(facts, await load_policy(session, TaskPolicy()))
    if step is not None:
        step = type(step)(step.kind, spread(step.at, case.number))
    cases.schedule(case, step)
