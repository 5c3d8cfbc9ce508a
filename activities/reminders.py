"""Reminders of tasks: one e-mail to whoever should hear, wherever absence sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.task_letters import tell_of_task
from activities.tasks import facts_of
from models import cases, colleagues, tasks
from models.cases import Case
from models.policies import load_policy
from models.tasks import Task
from rules.business_days import local_date
from rules.sentences import fill
from rules.task_reminders import (
    PERSON,
    ROLE,
    Coming,
    Moment,
    TaskPolicy,
    TaskStep,
    due_steps,
    post_hears,
)
from rules.tasks import stand_in

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
    """Who is told of a step, or stands in for them; nobody who left."""
    to = coming.reminder.to
    present = await colleagues.colleagues_by_login(session)
    if to.startswith(PERSON):
        meant = [to.removeprefix(PERSON)]
    elif to.startswith(ROLE):
        meant = await colleagues.logins_with_role(session, to.removeprefix(ROLE))
    else:
        assignee = task.assignee if task.assignee in present else None
        meant = await _holder(session, task, to, assignee=assignee)
    today = local_date(at)
    known = (stand_in(each, colleagues=present, today=today) for each in meant if each in present)
    return list(dict.fromkeys(known))


async def _holder(
    session: AsyncSession, task: Task, post: str, *, assignee: str | None
) -> list[str]:
    line = await colleagues.line_of(session, team_id=task.team_id, login=task.assignee)
    hears = post_hears(post, assignee=assignee, lead=line.lead, manager=line.manager)
    return [hears] if hears else []
