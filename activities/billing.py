"""The billing run's work: a daily run that is made once, and its pages, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now, refusals_reported
from models import billing, outbox, runs
from models.billing import KIND, Billing
from models.bulk import BulkRun
from models.database import Database
from models.received_contestations import refunded_cases
from models.runs import lock_run
from rules.billing import Gathered, daily_key, gather, missed_day
from rules.business_days import local_date
from rules.classification import UNDER_WAY, RunStatus
from rules.money import ZERO

#: Customers of a page: large enough to be fast, small enough that journeys do not wait for long.
PAGE = 1_000


@dataclass(frozen=True)
class BillingRequest:
    """Which run to work on; without one the day's own, which is made if its hour has come."""

    run_id: int | None = None


async def start_billing(session: AsyncSession, *, by: str, at: datetime) -> BulkRun:
    """This will have everything billed that is to be billed by now, as the daily run does.

    A run that is under way already is given instead of a second one.
    """
    latest = await runs.latest_run(session, kind=KIND)
    if latest is not None and latest.status in UNDER_WAY:
        return latest
    day = local_date(at)
    # Named after the run before it: two who ask at once get one run.
    key = f"{KIND}/{day}/after-{latest.number if latest else 0}"
    run = await runs.open_run(session, kind=KIND, key=key, business_date=day, by=by, at=at)
    runs.start(session, run, workflow="BillingRun", at=at)
    return run


class BillingActivities:
    """What the billing run's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def open_daily_billing(self) -> int:
        """This will give today's daily run, made if there is none; 0 before its hour.

        It bills what missed days left behind too: each charge keeps its own dates.
        """
        at = now()
        day = missed_day(at)
        if day is None:
            return 0
        async with self.database.write() as session:
            run = await runs.open_run(
                session, kind=KIND, key=daily_key(day), business_date=day, by="system", at=at
            )
            return run.number

    @activity.defn
    async def bill(self, run_id: int) -> str:
        """This will bill until nothing is left or the run is to stop; repeated, it goes on."""
        with refusals_reported():
            return await Biller(self.database, run_id, datetime.now(UTC)).run()


@dataclass(frozen=True)
class Biller:
    """One run's work over the whole database."""

    database: Database
    run_id: int
    began_at: datetime

    async def run(self) -> str:
        """This will work page by page; returns the status in which the run ended."""
        for first, last, customers in pages_of(await self._begin()):
            if not await self._page(first, last, customers):
                return await self._end(RunStatus.STOPPED)
            activity.heartbeat(last)
        return await self._end(RunStatus.DONE)

    async def _begin(self) -> list[int]:
        """The customers that are left to bill; none when the run has ended already."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.finished_at is not None:
                return []
            run.status, run.started_at = RunStatus.RUNNING, run.started_at or self._at(run)
            session.add(run)
            after = run.position.get("customer_id", 0)
            customers = await billing.customers_to_bill(
                session, today=run.business_date, after=after
            )
            run.total = run.done + len(customers)
        return customers

    async def _page(self, first: int, last: int, customers: int) -> bool:
        """One transaction; False when somebody asked the run to stop."""
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.stop_requested:
                return False
            charges = await billing.charges_to_bill(
                session, first=first, last=last, today=run.business_date
            )
            gathered = gather(charges, today=run.business_date)
            made = Billing(run.number, run.requested_by, self._at(run))
            await billing.write_invoices(session, gathered.bundles, made)
            billing.tell_skipped(session, gathered.skipped, run_id=run.number)
            _count(run, gathered, customers=customers)
            run.position = {"customer_id": last}
            session.add(run)
        return True

    def _at(self, run: BulkRun) -> datetime:
        """Never before the run was asked for."""
        return max(now(), run.requested_at) + (datetime.now(UTC) - self.began_at)

    async def _end(self, status: RunStatus) -> str:
        async with self.database.write() as session:
            run = await lock_run(session, self.run_id)
            if run.finished_at is None:
                run.status, run.finished_at = status, self._at(run)
                session.add(run)
                await _tell_refunded(session, run, at=run.finished_at)
            return run.status


async def _tell_refunded(session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
    """Contestations of customers whose credit is on an invoice by now look again."""
    for case in await refunded_cases(session):
        outbox.tell_case(session, case, news_id=f"billed/{run.number}", at=at)


def pages_of(customers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """This will give the first and last customer of each page, and how many they are."""
    for start in range(0, len(customers), PAGE):
        chunk = customers[start : start + PAGE]
        yield chunk[0], chunk[-1], len(chunk)


def _count(run: BulkRun, gathered: Gathered, *, customers: int) -> None:
    run.done += customers
    run.changed += len(gathered.bundles)
    run.errors += len(gathered.skipped)
    amount = sum((each.amount for each in gathered.bundles), ZERO)
    summary = {**run.summary, "amount": str(Decimal(run.summary.get("amount", "0")) + amount)}
    for each in gathered.skipped:
        summary[each.reason] = summary.get(each.reason, 0) + each.charges
    run.summary = summary
