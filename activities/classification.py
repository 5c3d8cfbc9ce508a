"""The classifier's work: a daily run that is made once, and its pages, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now, refusals_reported
from activities.collection_steps import team_with_code
from models import classification, runs
from models.bulk import BulkRun
from models.calendars import load_calendar
from models.classified_page import Page
from models.database import Database
from models.policies import load_policy
from models.runs import lock_run
from rules import collections
from rules.business_days import local_date
from rules.cases import Step
from rules.classification import UNDER_WAY, RunStatus, daily_key, missed_day
from rules.collections import AccountFacts, CollectionsPolicy
from rules.panels import CollectionStage

KIND = "classification"

#: Customers of a page: large enough to be fast, small enough that journeys do not wait for long.
PAGE = 5_000


@dataclass(frozen=True)
class ClassificationRequest:
    """Which run to work on; without one the day's own, which is made if its hour has come."""

    run_id: int | None = None


async def start_classification(session: AsyncSession, *, by: str, at: datetime) -> BulkRun:
    """This will have everything that is overdue by now classified, as the daily run does.

    A run that is under way already is given instead of a second one.
    """
    latest = await runs.latest_run(session, kind=KIND)
    if latest is not None and latest.status in UNDER_WAY:
        return latest
    day = local_date(at)
    # Named after the run before it: two who ask at once get one run.
    key = f"{KIND}/{day}/after-{latest.number if latest else 0}"
    run = await runs.open_run(session, kind=KIND, key=key, business_date=day, by=by, at=at)
    runs.start(session, run, workflow="Classification", at=at)
    return run


class ClassificationActivities:
    """What the classifier's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def open_daily_classification(self) -> int:
        """This will give today's daily run, made if there is none; 0 before its hour."""
        at = now()
        day = missed_day(at)
        if day is None:
            return 0
        async with self.database.write() as session:
            run = await runs.open_run(
                session, kind=KIND, key=daily_key(day), business_date=day,
                by="system", at=at,
            )  # fmt: skip
            return run.number

    @activity.defn
    async def classify(self, run_id: int) -> str:
        """This will classify until nothing is new or the run is to stop; repeated, it goes on."""
        with refusals_reported():
            return await Classifier(self.database, run_id, datetime.now(UTC)).run()


@dataclass(frozen=True)
class Classifier:
    """One run's work over the whole database."""

    database: Database
    run_id: int
    began_at: datetime

    async def run(self) -> str:
        """This will work page by page; returns the status in which the run ended."""
        customers = await self._begin()
        for first, last in pages_of(customers):
            if not await self._page(first, last):
                return await self._end(RunStatus.STOPPED)
            activity.heartbeat(last)
        status = await self._end(RunStatus.DONE)
        await self.database.refresh_statistics()
        return status

    async def _begin(self) -> list[int]:
        """The customers that are left to classify; none when the run has ended already."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.finished_at is not None:
                return []
            run.status, run.started_at = RunStatus.RUNNING, run.started_at or self._at(run)
            session.add(run)
            forwarding = await classification.load_forwarding(session, run.business_date)
        async with self.database.read() as session:
            customers = await classification.customers_to_classify(session, forwarding)
        await self._announce(len(customers))
        return customers

    async def _announce(self, left: int) -> None:
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            run.total = run.done + left
            session.add(run)

    async def _page(self, first: int, last: int) -> bool:
        """One transaction; False when somebody asked the run to stop."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.stop_requested:
                return False
            page = await page_of(session, run, first=first, last=last, at=self._at(run))
            forwarding = await classification.load_forwarding(session, run.business_date)
            classified = await classification.classify_page(session, page, forwarding)
            run.done += classified.customers
            run.changed += classified.invoices
            run.position = {"customer_id": last}
            session.add(run)
        return True

    def _at(self, run: BulkRun) -> datetime:
        """Each page has an instant of its own, never before the run was asked for."""
        return max(now(), run.requested_at) + (datetime.now(UTC) - self.began_at)

    async def _end(self, status: RunStatus) -> str:
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.finished_at is None:
                run.status, run.finished_at = status, self._at(run)
                session.add(run)
            return run.status


def pages_of(customers: list[int]) -> Iterator[tuple[int, int]]:
    """This will give the first and last customer of each page."""
    for start in range(0, len(customers), PAGE):
        chunk = customers[start : start + PAGE]
        yield chunk[0], chunk[-1]


async def page_of(
    session: AsyncSession, run: BulkRun, *, first: int, last: int, at: datetime
) -> Page:
    policy = await load_policy(session, CollectionsPolicy())
    team = await team_with_code(session, policy.team)
    return Page(
        first=first, last=last, at=at, by=run.requested_by, run_id=run.number,
        step=await _first_step(session, policy, at), team_id=team.id if team else None,
    )  # fmt: skip


async def _first_step(session: AsyncSession, policy: CollectionsPolicy, at: datetime) -> Step:
    """What comes next to an account that begins now, by the same rule as its journey's."""
    facts = AccountFacts(
        calendar=await load_calendar(session), since={CollectionStage.CLASSIFIED: at}
    )
    step = collections.next_step(facts, policy)
    if step is None:
        raise LookupError("a classified account has no next step")
    return step
