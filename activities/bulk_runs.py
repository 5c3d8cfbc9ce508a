"""What bulk runs share: asked for by a person or by the day, and worked off page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.cases import now
from models import runs
from models.bulk import BulkRun
from models.database import Database
from models.runs import lock_run
from rules.business_days import local_date
from rules.runs import UNDER_WAY, RunStatus, daily_key, missed_day

#: What is done with a page: in the transaction, to the run that is locked, at the page's instant.
PageWork = Callable[[AsyncSession, BulkRun, datetime], Awaitable[None]]


@dataclass(frozen=True)
class RunRequest:
    """Which run to work on; without one the day's own, which is made if its hour has come."""

    run_id: int | None = None


async def start_run(
    session: AsyncSession, *, kind: str, workflow: str, by: str, at: datetime
) -> BulkRun:
    """This will have done now what the daily run of the kind does.

    A run that is under way already is given instead of a second one.
    """
    latest = await runs.latest_run(session, kind=kind)
    if latest is not None and latest.status in UNDER_WAY:
        return latest
    day = local_date(at)
    # Named after the run before it: two who ask at once get one run.
    key = f"{kind}/{day}/after-{latest.number if latest else 0}"
    return await runs.open_run(
        session, kind=kind, key=key, business_date=day, by=by, at=at, workflow=workflow
    )


async def open_daily_run(database: Database, *, kind: str, daily_at: time) -> int:
    """This will give today's daily run of the kind, made if there is none; 0 before its hour."""
    at = now()
    day = missed_day(at, daily_at=daily_at)
    if day is None:
        return 0
    async with database.write() as session:
        run = await runs.open_run(
            session, kind=kind, key=daily_key(kind, day), business_date=day, by="system", at=at
        )
        return run.number


@dataclass(frozen=True)
class RunWork:
    """One run's work over the whole database; a kind of run says what it does with a page."""

    database: Database
    run_id: int
    began_at: datetime

    async def begin(self) -> bool:
        """This will begin the run, or go on with it; False when it has ended already."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.finished_at is not None:
                return False
            if run.started_at is None:
                await self.set_out(session, run)
            run.status, run.started_at = RunStatus.RUNNING, run.started_at or self.instant(run)
            session.add(run)
        return True

    async def announce(self, left: int) -> None:
        """This will say how much there is to do, for whoever watches."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            run.total = run.done + left
            session.add(run)

    async def page(self, work: PageWork) -> bool:
        """This will do a page in one transaction; False when somebody asked the run to stop."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.stop_requested:
                return False
            await work(session, run, self.instant(run))
            session.add(run)
        return True

    async def end(self, status: RunStatus) -> str:
        """This will end the run, and give the status in which it ended."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.finished_at is None:
                run.status, run.finished_at = status, self.instant(run)
                session.add(run)
                await self.leave(session, run, at=run.finished_at)
            return run.status

    async def set_out(self, session: AsyncSession, run: BulkRun) -> None:
        """What a kind of run does as it begins, in that transaction; most do nothing."""

    async def leave(self, session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
        """What a kind of run does as it ends, in that transaction; most do nothing."""

    def instant(self, run: BulkRun) -> datetime:
        """Each page has an instant of its own, never before the run was asked for."""
        return max(now(), run.requested_at) + (datetime.now(UTC) - self.began_at)
