"""The transitions of tasks: concluded, cancelled, reminded of, told upwards."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import Answer, Move, Moved, transition
from activities.reminders import remind
from activities.tasks import plan
from models import cases, outbox, task_items, tasks
from models.cases import Case
from models.colleagues import ColleagueUnknown, colleagues_by_login
from models.database import Database
from models.tasks import Task
from rules import tasks as rules
from rules.cases import Elapsed, News
from rules.task_items import check_done
from rules.tasks import CancelTask, ConcludeTask, TaskStatus

TaskCommand = Annotated[ConcludeTask | CancelTask | Elapsed | News, Field(discriminator="kind")]


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
            if isinstance(command, ConcludeTask):
                await _check_done_by(session, command)
                items = await task_items.items_of(session, task.number)
                check_done(command.result, are_done=[each.done_at is not None for each in items])
            _finish(session, task, command, at)
        case Elapsed():
            await remind(session, case, task, at=at)
        case News():
            pass
    await _settle(session, case, task, by=command.by, at=at)
    return {"task_id": task.id, "status": task.status, "result": task.result}


async def _check_done_by(session: AsyncSession, command: ConcludeTask) -> None:
    """Refuses somebody who does not work here, beside the field of its own."""
    if command.done_by and command.done_by not in await colleagues_by_login(session):
        raise ColleagueUnknown(login=command.done_by, field="done_by")


def _finish(
    session: AsyncSession, task: Task, command: ConcludeTask | CancelTask, at: datetime
) -> None:
    by = command.by
    if isinstance(command, ConcludeTask):
        rules.check_conclusion(finished_at=command.finished_at, now=at, created_at=task.created_at)
        status, result, remarks = TaskStatus.CONCLUDED, command.result, command.remarks
        at, by = command.finished_at or at, command.done_by or by
    else:
        rules.check_reason(command.reason)
        status, result, remarks = TaskStatus.CANCELLED, "cancelled", command.reason
    tasks.finish(session, task, status=status, result=result, remarks=remarks, by=by, at=at)


async def _settle(session: AsyncSession, case: Case, task: Task, *, by: str, at: datetime) -> None:
    """After any move: close and answer who asked, or plan the next reminder."""
    if not TaskStatus(task.status).is_final:
        await plan(session, case, task)
        return
    if case.closed_at is not None:
        return
    cases.move_to(session, case, task.status, by=by, at=at, is_final=True)
    cases.schedule(case, None)
    if task.for_case_id is not None:
        # Not locked: a case that withdraws this very task holds its own row and waits for ours.
        asking = await session.get_one(Case, task.for_case_id)
        outbox.tell_case(session, asking, news_id=f"task/{task.id}", at=at)
