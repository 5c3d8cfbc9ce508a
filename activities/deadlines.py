"""Open deadlines counted anew, on command, after the calendar that they stand on changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models import cases, outbox, tasks
from models.calendars import load_service_calendar
from models.cases import Case
from models.database import Database
from models.deadlines import Version, first_cases, first_tasks, older_versions
from models.people import Deed, record
from models.service_clocks import Timed, clocks_of, recount
from models.tasks import Task
from rules.due import due_after

#: Deadlines of one transaction.
PART = 200
EVENT = "recounted"


@dataclass(frozen=True)
class Recounted:
    """How many deadlines were counted anew, and how many of them moved."""

    counted: int
    moved: int


async def recount_deadlines(database: Database, deed: Deed) -> Recounted:
    """This will count every open deadline anew that stands on an older version of its calendar.

    Journeys are told of what moved. A second time: nothing is left.
    """
    counted = moved = 0
    async with database.read() as session:
        older = {(each.calendar, each.version) for each in await older_versions(session)}
    while True:
        async with database.write() as session:
            found = await _part(session, older, deed)
            if not found:
                break
            counted, moved = counted + len(found), moved + sum(found)
    async with database.write() as session:
        record(session, deed, "calendar.recount", subject="calendars", counted=counted, moved=moved)
    return Recounted(counted, moved)


async def _part(session: AsyncSession, older: set[Version], deed: Deed) -> list[bool]:
    """Of each deadline of a part, whether it moved: promises first, with the tasks due by them."""
    found = []
    for case_id in await first_cases(session, older, limit=PART):
        found += await _recount_case(session, case_id, older, deed)
    if found:
        return found
    return [
        await _recount_task(session, task_id, deed)
        for task_id in await first_tasks(session, older, limit=PART)
    ]


async def _recount_case(
    session: AsyncSession, case_id: int, older: set[Version], deed: Deed
) -> list[bool]:
    case = await cases.lock_case(session, case_id)
    found = []
    for timed in (await clocks_of(session, case_id)).values():
        if timed.is_running and (timed.row.calendar, timed.row.calendar_version) in older:
            found.append(await _recount_clock(session, case, timed, deed))
    if any(found):
        outbox.tell_case(session, case, news_id=_news_id(case, deed), at=deed.at)
    return found


async def _recount_clock(session: AsyncSession, case: Case, timed: Timed, deed: Deed) -> bool:
    was = timed.row.due_at
    recount(session, timed)
    now = timed.row.due_at
    if was is None or now is None or was == now:
        return False
    _tell(session, case, was, now, deed, clock=timed.row.kind)
    for task in await tasks.open_tasks_for(session, [case.number]):
        if task.due_at == was and not task.due_calendar:
            await _move(session, task, now, deed)
    return True


async def _recount_task(session: AsyncSession, task_id: int, deed: Deed) -> bool:
    task, _case = await tasks.lock_with_case(session, task_id)
    if task.due_since is None or task.due_days is None:  # a person gave it another meanwhile
        return False
    calendar = await load_service_calendar(session, task.due_calendar)
    due = due_after(task.due_since, business_days=task.due_days, calendar=calendar)
    task.due_version = due.version
    session.add(task)
    if due.at == task.due_at:
        return False
    await _move(session, task, due.at, deed)
    return True


async def _move(session: AsyncSession, task: Task, due_at: datetime, deed: Deed) -> None:
    """Reminders whose instant lies ahead again are sent again."""
    case = await tasks.case_of_task(session, task.number)
    _tell(session, case, task.due_at, due_at, deed)
    task.due_at = case.due_at = due_at
    task.version += 1
    session.add(task)
    session.add(case)
    outbox.tell_case(session, case, news_id=_news_id(case, deed), at=deed.at)


def _tell(
    session: AsyncSession, case: Case, was: datetime, now: datetime, deed: Deed, clock: str = ""
) -> None:
    told = {"due_at": was.isoformat(), "until": now.isoformat()}
    more = {"clock": clock} if clock else {}
    cases.record_event(session, case, kind=EVENT, by=deed.by, at=deed.at, **told, **more)


def _news_id(case: Case, deed: Deed) -> str:
    return f"recount/{case.number}/{deed.at.timestamp():.0f}"
