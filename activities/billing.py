"""The billing run's work: a daily run that is made once, and its pages, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.bulk_runs import RunWork, open_daily_run, start_run
from activities.cases import refusals_reported
from activities.contestation_refunds import bring_credits_up_to_date
from activities.invoice_webhooks import announce_issued
from models import billing, outbox
from models.billing import KIND, Billing
from models.bulk import BulkRun
from models.database import Database
from models.policies import load_policy
from models.received_contestations import refunded_cases
from rules.billing import DAILY_AT, Gathered, gather
from rules.cases import SYSTEM
from rules.contract_terms import ContractPolicy
from rules.money import ZERO
from rules.runs import RunStatus

#: Customers of a page: large enough to be fast, small enough that journeys do not wait for long.
PAGE = 1_000


async def start_billing(session: AsyncSession, *, by: str, at: datetime) -> BulkRun:
    """This will have everything billed that is to be billed by now, as the daily run does.

    A run that is under way already is given instead of a second one.
    """
    return await start_run(session, kind=KIND, workflow="BillingRun", by=by, at=at)


class BillingActivities:
    """What the billing run's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def open_daily_billing(self) -> int:
        """This will give today's daily run, made if there is none; 0 before its hour.

        It bills what missed days left behind too: each charge keeps its own dates.
        """
        return await open_daily_run(self.database, kind=KIND, daily_at=DAILY_AT)

    @activity.defn
    async def bill(self, run_id: int) -> str:
        """This will bill until nothing is left or the run is to stop; repeated, it goes on."""
        with refusals_reported():
            return await Biller(self.database, run_id, datetime.now(UTC)).run()


class Biller(RunWork):
    """Bills page by page."""

    async def run(self) -> str:
        """This will work page by page; returns the status in which the run ended."""
        for first, last, customers in pages_of(await self.customers()):
            if not await self.page(partial(_bill_page, first=first, last=last, count=customers)):
                return await self.end(RunStatus.STOPPED)
            activity.heartbeat(last)
        return await self.end(RunStatus.DONE)

    async def customers(self) -> list[int]:
        """The customers that are left to bill; none when the run has ended already."""
        if not await self.begin():
            return []
        async with self.database.read() as session:
            run = await session.get_one(BulkRun, self.run_id)
            customers = await billing.customers_to_bill(
                session, today=run.business_date, after=run.position.get("customer_id", 0)
            )
        await self.announce(len(customers))
        return customers

    async def set_out(self, session: AsyncSession, run: BulkRun) -> None:
        """Where the house bills grouped charges by command, the mornings leave them off."""
        if run.requested_by == SYSTEM:
            policy = await load_policy(session, ContractPolicy())
            run.parameters = {"leaves_grouped": not policy.bills_grouped_daily}

    async def leave(self, session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
        """Contestations of customers whose credit is on an invoice by now look again."""
        for case in await refunded_cases(session):
            outbox.tell_case(session, case, news_id=f"billed/{run.number}", at=at)


async def _bill_page(
    session: AsyncSession, run: BulkRun, at: datetime, *, first: int, last: int, count: int
) -> None:
    await bring_credits_up_to_date(session, first=first, last=last, day=run.business_date, at=at)
    charges = await billing.charges_to_bill(
        session, first=first, last=last, today=run.business_date
    )
    gathered = gather(
        charges, today=run.business_date,
        leaves_grouped=run.parameters.get("leaves_grouped", False),
    )  # fmt: skip
    made = Billing(run.number, run.requested_by, at)
    await billing.write_invoices(session, gathered.bundles, made)
    await announce_issued(session, [each.code for each in gathered.bundles], at=made.at)
    billing.tell_skipped(session, gathered.skipped, run_id=run.number)
    _count(run, gathered, customers=count)
    run.position = {"customer_id": last}


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
