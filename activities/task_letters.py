"""Letters about tasks and promises: the first at once, those that follow soon in a single one."""

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
from models.cases import Case
from models.colleagues import names_by_login
from models.customers import Customer
from models.messages import Message
from models.people import User
from models.policies import load_policy
from models.task_reminders import TaskReminder
from models.tasks import Task, case_of_task
from rules import words
from rules.cases import Process
from rules.messages import Channel
from rules.sentences import N_, fill
from rules.task_reminders import TaskPolicy

DIGEST = "task_digest"
RUNS_OUT = N_("O prazo prometido ao cliente estoura.")
RAN_OUT = N_("O cliente espera além do que foi prometido.")


async def tell_of_task(
    session: AsyncSession, task: Task, *, login: str, purpose: str, key: str, at: datetime
) -> None:
    """This will tell a person of a task: at once, or in the next e-mail that gathers several."""
    values = task_values(task, await names_by_login(session))
    case = await case_of_task(session, task.number)
    await tell_of_case(session, case, login=login, purpose=purpose, values=values, key=key, at=at)


async def tell_of_case(  # noqa: PLR0913 - who, of what, in which words
    session: AsyncSession,
    case: Case,
    *,
    login: str,
    purpose: str,
    values: Mapping[str, Any],
    key: str,
    at: datetime,
) -> None:
    """This will tell a person of a case in a letter of its own, or with others in one.

    Whoever was written to within the policy's minutes is not written to again before they are
    over; what comes meanwhile stands in one e-mail. Zero minutes: each on its own.
    """
    policy = await load_policy(session, TaskPolicy())
    window = timedelta(minutes=policy.gather_minutes)
    last = await task_reminders.newest_to(session, login, since=at - 2 * window)
    if last is not None and task_reminders.still_waits(last, now=at):
        await _add(session, last, case, login=login, at=at)
    elif last is not None and (opens := last.not_before + window) > at:
        gathered = {"tasks": [await _entry(session, case)], "count": 1}
        letter = await _written(session, login, DIGEST, f"{key}/digest", gathered, at)
        letter.not_before = opens
        _record(session, letter, case, login=login, at=at)
    else:
        letter = await _written(session, login, purpose, key, dict(values), at)
        _record(session, letter, case, login=login, at=at)


async def _add(
    session: AsyncSession, letter: Message, case: Case, *, login: str, at: datetime
) -> None:
    """The e-mail that still waits is written anew, with one more case."""
    _record(session, letter, case, login=login, at=at)
    await session.flush()
    told = await task_reminders.cases_in(session, letter.id or 0)
    values = {"tasks": [await _entry(session, each) for each in told], "count": len(told)}
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
    session: AsyncSession, letter: Message, case: Case, *, login: str, at: datetime
) -> None:
    session.add(letter)
    session.add(TaskReminder(login=login, case_id=case.number, message_id=letter.id or 0, at=at))


async def _entry(session: AsyncSession, case: Case) -> dict[str, Any]:
    """What a letter that gathers several says of one of them."""
    people = await names_by_login(session)
    if case.process == Process.TASKS:
        task = await session.get_one(Task, case.subject_id)
        return dict(task_values(task, people)["task"])
    customer = await session.get(Customer, case.customer_id) if case.customer_id else None
    name = f"{words.PROCESSES[case.process]} {case.subject_id}"
    return {
        "title": f"{name}: {customer.name}" if customer else name,
        "consequence": RAN_OUT if case.breached_at else RUNS_OUT,
        "due_at": case.due_at or case.stage_since,
        "assignee": people.get(case.owner or "", case.owner or ""),
        "link": f"{settings.load().base_url()}/casos/{case.number}",
    }


def task_values(task: Task, people: Mapping[str, str]) -> dict[str, Any]:
    """What an e-mail about a task may mention; `people` are names by login."""
    link = f"{settings.load().base_url()}/tarefas/{task.id}"
    said = {name: fill(getattr(task, name), task.places) for name in ("title", "consequence")}
    assignee = people.get(task.assignee or "", task.assignee or "")
    return {"task": {**said, "due_at": task.due_at, "assignee": assignee, "link": link}}
