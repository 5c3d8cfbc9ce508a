"""Reminders of tasks: one e-mail to whoever should hear, wherever absence sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.hearing import who_hears
from activities.task_letters import tell_of_task
from activities.tasks import facts_of
from models import cases, tasks
from models.cases import Case
from models.policies import load_policy
from models.tasks import Task
from rules.reminders import Moment
from rules.sentences import fill
from rules.task_reminders import Coming, TaskPolicy, TaskStep, due_steps

#: The template of each step's e-mail; of several at once, the last of these is written.
PURPOSES = {
    TaskStep.UNTAKEN: "task_untaken",
    TaskStep.REMIND: "task_reminder",
    TaskStep.TELL: "task_escalated",
    TaskStep.TELL_LEAD: "task_escalated",
    TaskStep.TELL_MANAGER: "task_escalated",
}


async def remind(session: AsyncSession, case: Case, task: Task, *, at: datetime) -> None:
    """This will tell of every step that is due: each person once, whatever number of them.

    Who that was is written down, or that none was. Taken or moved meanwhile: nothing.
    """
    due = due_steps(
        await facts_of(session, task), await load_policy(session, TaskPolicy()), now=at
    )  # fmt: skip
    letters: dict[str, Coming] = {}
    for coming in due:
        hears = await _hears(session, task, coming, at)
        _record(session, case, task, coming, hears, at=at)
        letters.update(dict.fromkeys(hears, coming))
    _mark(session, case, task, due)
    for login, coming in letters.items():
        await tell_of_task(
            session, task, login=login, purpose=PURPOSES[coming.kind], at=at,
            key=f"task/{task.id}/{coming.key}/{login}",
        )  # fmt: skip


def _record(
    session: AsyncSession,
    case: Case,
    task: Task,
    coming: Coming,
    hears: Sequence[str],
    *,
    at: datetime,
) -> None:
    for told in hears or (None,):
        cases.record_event(
            session, case, kind=coming.kind, by="system", at=at,
            title=fill(task.title, task.places), told=told,
        )  # fmt: skip


def _mark(session: AsyncSession, case: Case, task: Task, due: Sequence[Coming]) -> None:
    """What was told is not told again; told after the due instant, the case is late."""
    free = [each.at for each in due if each.reminder.moment == Moment.UNTAKEN]
    others = [each for each in due if each.reminder.moment != Moment.UNTAKEN]
    if any(each.reminder.moment == Moment.AFTER_DUE for each in others):
        case.breached_at = case.breached_at or task.due_at
    tasks.mark_told(
        session, task, due=max((each.at for each in others), default=None),
        free=max(free, default=None),
    )  # fmt: skip


async def _hears(session: AsyncSession, task: Task, coming: Coming, at: datetime) -> list[str]:
    return await who_hears(
        session, coming.reminder.to, assignee=task.assignee, team_id=task.team_id, at=at
    )
