"""Letters about tasks: the first at once, those that follow soon gathered into one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

import settings
from activities import message_values, messages
from activities.templates import MessageNotRendered, render, template_for
from models import task_reminders
from models.colleagues import names_by_login
from models.messages import Message
from models.people import User
from models.policies import load_policy
from models.task_reminders import TaskReminder
from models.tasks import Task
from rules.messages import Channel
from rules.sentences import fill
from rules.task_reminders import TaskPolicy

DIGEST = "task_digest"


async def tell_of_task(
    session: AsyncSession, task: Task, *, login: str, purpose: str, key: str, at: datetime
) -> None:
    """This will tell a person of a task: at once, or in the next e-mail that gathers several.

    Whoever was written to within the policy's minutes is not written to again before they are
    over; what comes meanwhile stands in one e-mail. Zero minutes: each on its own.
    """
    policy = await load_policy(session, TaskPolicy())
    window = timedelta(minutes=policy.gather_minutes)
    people = await names_by_login(session)
    last = await task_reminders.newest_to(session, login, since=at - 2 * window)
    if last is not None and task_reminders.still_waits(last, now=at):
        await _add(session, last, task, login=login, at=at)
    elif last is not None and (opens := last.not_before + window) > at:
        values = {"tasks": [task_values(task, people)["task"]], "count": 1}
        letter = await _written(session, login, DIGEST, f"{key}/digest", values, at)
        letter.not_before = opens
        _record(session, letter, task, login=login, at=at)
    else:
        letter = await _written(session, login, purpose, key, task_values(task, people), at)
        _record(session, letter, task, login=login, at=at)


async def _add(
    session: AsyncSession, letter: Message, task: Task, *, login: str, at: datetime
) -> None:
    """The e-mail that still waits is written anew, with one more task."""
    _record(session, letter, task, login=login, at=at)
    await session.flush()
    tasks = await task_reminders.tasks_in(session, letter.id or 0)
    people = await names_by_login(session)
    values = {"tasks": [task_values(each, people)["task"] for each in tasks], "count": len(tasks)}
    template = await template_for(session, code=DIGEST, channel=Channel.EMAIL, at=at)
    user = (await session.exec(select(User).where(User.login == login))).one()
    if template is None:
        return
    facts = await message_values.user_values(session, user, at=at)
    try:
        rendered = render(template, {**facts, **values})
    except MessageNotRendered:  # what stood there before still tells of the others
        return
    letter.subject, letter.text, letter.html = rendered.subject, rendered.text, rendered.html


async def _written(
    session: AsyncSession, login: str, purpose: str, key: str, values: dict[str, Any], at: datetime
) -> Message:
    return await messages.write_to_user(
        session, login=login, purpose=purpose, at=at, values=values, key=key
    )


def _record(
    session: AsyncSession, letter: Message, task: Task, *, login: str, at: datetime
) -> None:
    session.add(letter)
    session.add(TaskReminder(login=login, task_id=task.number, message_id=letter.id or 0, at=at))


def task_values(task: Task, people: Mapping[str, str]) -> dict[str, Any]:
    """What an e-mail about a task may mention; `people` are names by login."""
    link = f"{settings.load().base_url()}/tarefas/{task.id}"
    said = {name: fill(getattr(task, name), task.places) for name in ("title", "consequence")}
    assignee = people.get(task.assignee or "", task.assignee or "")
    return {"task": {**said, "due_at": task.due_at, "assignee": assignee, "link": link}}
