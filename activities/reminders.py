"""Reminders of tasks: one e-mail to whoever should hear, wherever absence sends it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.task_letters import tell_of_task
from models import cases, colleagues, tasks
from models.cases import Case
from models.tasks import Task
from rules import tasks as rules
from rules.business_days import local_date
from rules.sentences import fill
from rules.tasks import TaskStep

#: The template of each step's e-mail.
PURPOSES = {
    TaskStep.REMIND: "task_reminder",
    TaskStep.TELL_LEAD: "task_escalated",
    TaskStep.TELL_MANAGER: "task_escalated",
}


async def remind(
    session: AsyncSession, case: Case, task: Task, step: TaskStep, *, at: datetime
) -> None:
    """This will tell one person about the task, and write down who that was, or that none was."""
    told = await _told(session, task, step, at)
    cases.record_event(
        session, case, kind=step, by="system", at=at, title=fill(task.title, task.places), told=told
    )
    if step is TaskStep.REMIND:
        tasks.mark_reminded(session, task)
    else:
        case.breached_at = case.breached_at or task.due_at
        tasks.mark_escalated(session, task)
    if told is not None:
        await tell_of_task(
            session, task, login=told, purpose=PURPOSES[step], at=at,
            key=f"task/{task.id}/{step}/{task.due_at:%Y%m%dT%H%M%S}",
        )  # fmt: skip


async def _told(session: AsyncSession, task: Task, step: TaskStep, at: datetime) -> str | None:
    line = await colleagues.line_of(session, team_id=task.team_id, login=task.assignee)
    hears = rules.who_hears(step, assignee=task.assignee, lead=line.lead, manager=line.manager)
    if hears is None:
        return None
    present = await colleagues.colleagues_by_login(session)
    return rules.stand_in(hears, colleagues=present, today=local_date(at))
