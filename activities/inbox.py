"""What people do to tasks directly: claim, release, delegate, snooze, comment, correct, take next.

Each is one row compared and set, with a line in the history and one in the audit trail; only
concluding and cancelling go through the task's journey.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.tasks import NewTask, check_giving, make_task, plan
from models import cases, colleagues, inbox, inbox_counts, outbox, tasks
from models.cases import Case
from models.client_services import client_of_team
from models.inbox import Urgent
from models.people import Deed, record
from models.tasks import Task, TaskChange
from rules import tasks as rules
from rules.business_days import local_date
from rules.cases import StaleVersion


async def claim(session: AsyncSession, task_id: int, deed: Deed) -> Task:
    """This will give the task to whoever asks first. Repeated: nothing. Refuses the second.

    Whoever stands in for somebody absent may take what they had. Refuses more than the person
    takes on (TaskLimitReached).
    """
    task, case = await tasks.lock_with_case(session, task_id)
    was = task.assignee
    if was is not None and was != deed.by and await _present(session, was, at=deed.at) == deed.by:
        tasks.delegate(session, task, to=deed.by, at=deed.at)
    else:
        if was is None:
            await _check_room(session, deed.by)
        tasks.claim(session, task, by=deed.by, at=deed.at)
    if was != deed.by:
        _record(session, task, case, deed, "claimed")
        await plan(session, case, task)
    return task


async def _check_room(session: AsyncSession, login: str) -> None:
    capacity = await colleagues.capacity_of(session, login)
    if capacity.limit is not None:
        rules.check_room(capacity, open_tasks=await inbox_counts.count_open(session, login))


async def release(session: AsyncSession, task_id: int, deed: Deed) -> Task:
    """This will put the task back into its team's inbox. Refuses who does not have it."""
    task, case = await tasks.lock_with_case(session, task_id)
    was = task.assignee
    tasks.release(session, task, by=deed.by, at=deed.at)
    if was is not None:
        _record(session, task, case, deed, "released")
        await plan(session, case, task)
        # Its journey sleeps until a later step: nobody has the task from now on.
        outbox.tell_case(session, case, news_id=f"free/{task.id}/{task.version}", at=deed.at)
    return task


async def delegate(session: AsyncSession, task_id: int, to: str, deed: Deed) -> Task:
    """This will give the task to a colleague; one who is absent, to the substitute.

    `task.assignee` tells who it is now. Refuses somebody who does not work here, who would
    not see it (ColleagueOfClient), does no tasks of this process (TaskSkillMissing), or has as many
    as they take on (ColleagueFull).
    """
    task, case = await tasks.lock_with_case(session, task_id)
    client_id = await client_of_team(session, task.team_id)
    await colleagues.check_colleague(session, to, client_id=client_id)
    takes = await _present(session, to, at=deed.at)
    was = task.assignee
    if takes != was:
        await check_giving(session, takes, task.process, field="to")
    tasks.delegate(session, task, to=takes, at=deed.at)
    if was != takes:
        asked = {"instead_of": to} if takes != to else {}
        _record(session, task, case, deed, "delegated", to=takes, was=was, **asked)
        await plan(session, case, task)
    return task


async def snooze(session: AsyncSession, task_id: int, until: datetime, deed: Deed) -> Task:
    """This will keep the task out of sight until then; its reminders go on."""
    rules.check_snooze(until, now=deed.at)
    task, case = await tasks.lock_with_case(session, task_id)
    tasks.snooze(session, task, until=until)
    _record(session, task, case, deed, "snoozed", until=until.isoformat())
    return task


async def comment(session: AsyncSession, task_id: int, text: str, deed: Deed) -> Task:
    """This will keep a remark. The same words again from the same person, as the last: nothing."""
    rules.check_comment(text)
    task, case = await tasks.lock_with_case(session, task_id)
    newest = next(iter(await tasks.comments_of(session, task_id)), None)
    if newest is None or (newest.by, newest.text) != (deed.by, text.strip()):
        tasks.add_comment(session, task, comment=text.strip(), by=deed.by, at=deed.at)
        _record(session, task, case, deed, "commented", text=text.strip()[:200])
    return task


async def edit(
    session: AsyncSession,
    task_id: int,
    change: TaskChange,
    deed: Deed,
    *,
    seen_version: int | None = None,
) -> Task:
    """This will correct a task; with a new due instant its clocks begin anew.

    Refuses StaleVersion when somebody changed it after it was seen as `seen_version`.
    """
    task, case = await tasks.lock_with_case(session, task_id)
    if seen_version not in {None, task.version}:
        raise StaleVersion
    if change.due_at is not None and change.due_at != task.due_at:
        rules.check_due(change.due_at, now=deed.at)
    before = tasks.edit(session, task, change)
    if before:
        after = {name: getattr(task, name) for name in before}
        _record(session, task, case, deed, "edited", before=_plain(before), after=_plain(after))
    if "due_at" in before:
        case.due_at = task.due_at
        session.add(case)
        outbox.tell_case(session, case, news_id=f"due/{task.id}/{task.version}", at=deed.at)
    return task


async def create(session: AsyncSession, new: NewTask, deed: Deed) -> Task:
    """This will make a task that a person asks for; the same key gets the same task."""
    known = await tasks.task_with_key(session, new.key)
    if known is not None:
        return known
    if isinstance(new.due_at, datetime):
        rules.check_due(new.due_at, now=deed.at)
    if new.assignee is not None:
        client_id = await client_of_team(session, new.team_id)
        await colleagues.check_colleague(session, new.assignee, client_id=client_id)
        takes = await _present(session, new.assignee, at=deed.at)
        await check_giving(session, takes, new.process, field="assignee")
        new = replace(new, assignee=takes)
    task = await make_task(session, new, by=deed.by, at=deed.at)
    record(session, deed, "task.created", subject=f"task/{task.id}", title=task.title)
    return task


async def take_next(session: AsyncSession, deed: Deed) -> Task | None:
    """This will claim the most urgent task that this person may do; None when there is none.

    First what nobody has; when all is taken, the most urgent of their own.
    """
    capacity = await colleagues.capacity_of(session, deed.by)
    wanted = Urgent(
        by=deed.by,
        now=deed.at,
        team_ids=await colleagues.teams_of(session, deed.by),
        stands_in_for=await colleagues.stood_in_for(session, deed.by, today=local_date(deed.at)),
        skills=capacity.skills,
        is_full=capacity.is_full(await inbox_counts.count_open(session, deed.by)),
    )
    task_id = await inbox.most_urgent(session, wanted)
    return None if task_id is None else await claim(session, task_id, deed)


async def _present(session: AsyncSession, login: str, *, at: datetime) -> str:
    everybody = await colleagues.colleagues_by_login(session)
    return rules.stand_in(login, colleagues=everybody, today=local_date(at))


def _record(
    session: AsyncSession, task: Task, case: Case, deed: Deed, kind: str, **parameters: Any
) -> None:
    case.owner = task.assignee
    session.add(case)
    cases.record_event(session, case, kind=kind, by=deed.by, at=deed.at, **parameters)
    record(session, deed, f"task.{kind}", subject=f"task/{task.id}", **parameters)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
