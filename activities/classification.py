"""The classifier's work: a daily run that is made once, and its pages, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.bulk_runs import RunWork, open_daily_run, start_run
from activities.cases import refusals_reported
from activities.collection_steps import team_with_code
from models import classification
from models.bulk import BulkRun
from models.calendars import load_calendar
from models.classified_page import Page
from models.database import Database
from models.observed_chances import chances_of, observe_chances
from models.policies import load_policy
from models.worklist_kept import reckon_worklist
from rules import collections
from rules.cases import Step
from rules.classification import DAILY_AT
from rules.collection_stages import CollectionStage
from rules.collections import AccountFacts, CollectionsPolicy
from rules.runs import RunStatus
from rules.worklist import WorklistPolicy

KIND = "classification"

#: Customers of a page: large enough to be fast, small enough that journeys do not wait for long.
PAGE = 5_000


async def start_classification(session: AsyncSession, *, by: str, at: datetime) -> BulkRun:
    """This will have everything that is overdue by now classified, as the daily run does.

    A run that is under way already is given instead of a second one.
    """
    return await start_run(session, kind=KIND, workflow="Classification", by=by, at=at)


class ClassificationActivities:
    """What the classifier's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def open_daily_classification(self) -> int:
        """This will give today's daily run, made if there is none; 0 before its hour."""
        return await open_daily_run(self.database, kind=KIND, daily_at=DAILY_AT)

    @activity.defn
    async def classify(self, run_id: int) -> str:
        """This will classify until nothing is new or the run is to stop; repeated, it goes on."""
        with refusals_reported():
            return await Classifier(self.database, run_id, datetime.now(UTC)).run()


class Classifier(RunWork):
    """Classifies page by page."""

    async def run(self) -> str:
        """This will work page by page; returns the status in which the run ended."""
        for first, last in pages_of(await self.customers()):
            if not await self.page(partial(_classify_page, first=first, last=last)):
                return await self.end(RunStatus.STOPPED)
            activity.heartbeat(last)
        status = await self.end(RunStatus.DONE)
        await self.database.refresh_statistics()
        return status

    async def customers(self) -> list[int]:
        """The customers that are left to classify; none when the run has ended already."""
        if not await self.begin():
            return []
        await self._reckon_worklist()
        async with self.database.read() as session:
            run = await session.get_one(BulkRun, self.run_id)
            forwarding = await classification.load_forwarding(session, run.business_date)
            customers = await classification.customers_to_classify(session, forwarding)
        await self.announce(len(customers))
        return customers

    async def _reckon_worklist(self) -> None:
        """Debts are a day older: this comes first, for every page reckons its own accounts."""
        async with self.database.write() as session:
            run = await session.get_one(BulkRun, self.run_id)
            await observe_chances(session, today=run.business_date)
            chances = await chances_of(session, await load_policy(session, WorklistPolicy()))
            await reckon_worklist(session, chances.policy, today=run.business_date)


async def _classify_page(
    session: AsyncSession, run: BulkRun, at: datetime, *, first: int, last: int
) -> None:
    page = await page_of(session, run, first=first, last=last, at=at)
    forwarding = await classification.load_forwarding(session, run.business_date)
    classified = await classification.classify_page(session, page, forwarding)
    run.done += classified.customers
    run.changed += classified.invoices
    run.position = {"customer_id": last}


def pages_of(customers: list[int]) -> Iterator[tuple[int, int]]:
    """This will give the first and last customer of each page."""
    for start in range(0, len(customers), PAGE):
        chunk = customers[start : start + PAGE]
        yield chunk[0], chunk[-1]


async def page_of(
    session: AsyncSession, run: BulkRun, *, first: int, last: int, at: datetime
) -> Page:
    """What is the same for every account of a page: its instant, its run, its first step."""
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
