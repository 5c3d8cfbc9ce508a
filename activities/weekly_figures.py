"""The week's figures, by e-mail to every manager who asked for them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

import settings
from activities.cases import now
from activities.messages import write_to_user
from models.case_counts import Flow, StageCount, count_stages, flow_between
from models.case_filter import CaseFilter, Marks, When
from models.database import Database
from models.people import User
from models.sign_in import permissions_of
from rules import words
from rules.business_days import ONE_DAY, at_local_time, local_date
from rules.case_sight import visible_to
from rules.permissions import is_permitted

PURPOSE = "weekly_figures"
WEEK = timedelta(days=7)
SEE = "management:see"


class FiguresActivities:
    """What the clock starts every Monday."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def write_week(self) -> int:
        """This will write to each reader once a week; gives to how many."""
        return await write_week(self.database, at=now())


async def write_week(database: Database, *, at: datetime) -> int:
    """This will write the last seven days to each reader, each of what they may see. Repeated:
    nothing is written twice."""
    async with database.read() as session:
        readers = (await session.exec(_readers())).all()
    count = 0
    for login, user_id in readers:
        async with database.write() as session:
            count += await _write(session, login, user_id or 0, at)
    return count


def _readers() -> Any:
    return (
        select(User.login, User.id)
        .where(col(User.is_active), col(User.weekly_figures))
        .order_by(User.login)
    )


async def _write(session: AsyncSession, login: str, user_id: int, at: datetime) -> int:
    """Whoever may no longer see them gets none."""
    granted = await permissions_of(session, user_id=user_id)
    if not is_permitted(SEE, granted=granted):
        return 0
    until = at_local_time(local_date(at), at=time.min)
    values = {
        "rows": await figures(session, visible_to(granted), at=at, until=until),
        "since": local_date(until - WEEK), "until": local_date(until) - ONE_DAY,
        "link": f"{settings.load().base_url()}/gestao",
    }  # fmt: skip
    await write_to_user(
        session, login=login, purpose=PURPOSE, key=f"weekly/{login}/{local_date(at)}", at=at,
        values=values,
    )  # fmt: skip
    return 1


async def figures(
    session: AsyncSession, processes: tuple[str, ...], *, at: datetime, until: datetime
) -> list[dict[str, Any]]:
    """The lines of the letter: of each process that has or had something to tell."""
    wanted = CaseFilter(processes)
    marks = Marks(at, today_ends=until + timedelta(days=1), week_ends=until + WEEK)
    counts = await count_stages(session, wanted, marks=marks)
    flow = await flow_between(session, wanted, since=until - WEEK, until=until)
    rows = [_row(process, counts, flow[process]) for process in processes]
    return [row for row in rows if any(value for name, value in row.items() if name != "process")]


def _row(process: str, counts: list[StageCount], flow: Flow) -> dict[str, Any]:
    own = [each for each in counts if each.process == process]
    pressing = {
        when.value: sum(each.pressing[when] for each in own)
        for when in (When.BREACHED, When.OVERDUE, When.DUE_WEEK)
    }
    return {
        "process": words.PROCESSES[process], "opened": flow.opened, "closed": flow.closed,
        "cases": sum(each.cases for each in own), **pressing,
    }  # fmt: skip
