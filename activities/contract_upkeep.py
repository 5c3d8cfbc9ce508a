"""The daily scan of contracts: charges ahead, terms that run out, prices a year old, debts overdue.

A run works step by step and page by page, each page one transaction; repeated, it goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.bulk_runs import RunWork, start_run
from activities.cases import now, refusals_reported
from activities.contract_charges import make_setup_charges, make_term_charges
from activities.invoice_webhooks import announce_overdue
from activities.minimum_terms import tell_end
from activities.promises import judge_promises
from activities.readjustments import open_readjustment
from activities.renewals import queue_renewal
from models import contract_scans as scans
from models import runs
from models.bulk import BulkRun
from models.contracts import Contract, lock_contract
from models.database import Database
from models.policies import load_policy
from rules.business_days import local_date
from rules.contract_terms import ContractPolicy
from rules.minimum_term import MinimumTermPolicy
from rules.renewals import RenewalPolicy
from rules.runs import RunStatus, daily_key

KIND = "contract_upkeep"
#: Contracts of a page: one transaction.
PAGE = 200


@dataclass(frozen=True)
class UpkeepRequest:
    """Which run to work on; without one, that of the day: the one named, or today."""

    day: date | None = None
    run_id: int | None = None


@dataclass(frozen=True)
class KeptUp:
    """What a scan did."""

    extended: int
    queued: int
    readjusted: int
    overdue: int = 0
    promises: int = 0
    freed: int = 0


@dataclass(frozen=True)
class Kept:
    """What a page did: to how many, and after which contract the next one begins; None: over."""

    count: int
    after: int | None


@dataclass(frozen=True)
class Scan:
    """The day of a scan, and its instant."""

    session: AsyncSession
    today: date
    at: datetime


async def start_upkeep(session: AsyncSession, *, by: str, at: datetime) -> BulkRun:
    """This will have contracts looked through now, as every night; under way already: that run."""
    return await start_run(session, kind=KIND, workflow="ContractUpkeep", by=by, at=at)


class UpkeepActivities:
    """What the daily scan's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def keep_contracts_up(self, request: UpkeepRequest) -> KeptUp:
        """This will do a day's work on every contract; repeated, it finds nothing left to do."""
        with refusals_reported():
            run_id = request.run_id or await self._days_run(request.day or local_date(now()))
            return await Upkeeper(self.database, run_id, datetime.now(UTC)).run()

    async def _days_run(self, day: date) -> int:
        async with self.database.write() as session:
            key = daily_key(KIND, day)
            run = await runs.open_run(
                session, kind=KIND, key=key, business_date=day, by="system", at=now()
            )
            return run.number


@dataclass(frozen=True)
class Upkeeper(RunWork):
    """One run's work over the whole database."""

    async def run(self) -> KeptUp:
        """This will work page by page until every step is over, or the run is to stop."""
        status = RunStatus.DONE
        if await self.begin():
            await self.announce(len(STEPS))
            while await self._steps_left():
                if not await self.page(self._page):
                    status = RunStatus.STOPPED
                    break
                activity.heartbeat()
        await self.end(status)
        async with self.database.read() as session:
            run = await session.get_one(BulkRun, self.run_id)
            return KeptUp(**{name: run.summary.get(name, 0) for name in STEPS})

    async def _steps_left(self) -> int:
        async with self.database.read() as session:
            return len(STEPS) - (await session.get_one(BulkRun, self.run_id)).done

    async def _page(self, session: AsyncSession, run: BulkRun, at: datetime) -> None:
        name = list(STEPS)[run.done]
        scan = Scan(session, run.business_date, at)
        kept = await STEPS[name](scan, run.position.get("after", 0))
        run.summary = {**run.summary, name: run.summary.get(name, 0) + kept.count}
        run.changed += kept.count
        run.position = {} if kept.after is None else {"after": kept.after}
        run.done += kept.after is None


async def keep_up(database: Database, *, at: datetime, day: date | None = None) -> KeptUp:
    """This will do every step at once, without a run that anybody could watch."""
    done: dict[str, int] = dict.fromkeys(STEPS, 0)
    for name, step in STEPS.items():
        after: int | None = 0
        while after is not None:
            async with database.write() as session:
                kept = await step(Scan(session, day or local_date(at), at), after)
            done[name] += kept.count
            after = kept.after
    return KeptUp(**done)


async def _extend(scan: Scan, after: int) -> Kept:
    """Contracts without an end are charged so many periods ahead, imported ones from their day."""
    policy = await load_policy(scan.session, ContractPolicy())
    found = await scans.contracts_to_extend(
        scan.session, today=scan.today, periods=policy.periods_ahead, after=after, limit=PAGE
    )

    async def extend(contract: Contract) -> object:
        if contract.setup_charged_before is not None:  # an imported one may have some of it left
            await make_setup_charges(scan.session, contract, by="system", at=scan.at)
        since = local_date(contract.activated_at) if contract.activated_at else contract.starts_on
        begins = max(filter(None, (since, contract.starts_on, contract.charged_from)))
        # Other periods have other keys: what was charged by those before is not charged again.
        reached = await scans.charged_until(scan.session, contract.key)
        return await make_term_charges(
            scan.session, contract, used_from=max(begins, reached or begins), by="system",
            at=scan.at, services_from=reached,
        )  # fmt: skip

    return await _each(scan, found, extend)


async def _queue(scan: Scan, after: int) -> Kept:
    """Terms with few open invoices left are renewed."""
    policy = await load_policy(scan.session, RenewalPolicy())
    found = await scans.contracts_to_queue(
        scan.session, today=scan.today, at_most=policy.queue_at_open_invoices, after=after,
        notice_days=policy.first_notice_days, limit=PAGE,
    )  # fmt: skip
    return await _each(scan, found, lambda c: queue_renewal(scan.session, c, at=scan.at))


async def _readjust(scan: Scan, after: int) -> Kept:
    """Prices a year old follow their index."""
    found = await scans.contracts_to_readjust(
        scan.session, today=scan.today, after=after, limit=PAGE
    )
    return await _each(scan, found, lambda c: open_readjustment(scan.session, c, at=scan.at))


async def _tell_overdue(scan: Scan, after: int) -> Kept:
    """Other systems hear of invoices whose last day to pay has passed."""
    told = await announce_overdue(scan.session, today=scan.today, at=scan.at)
    return Kept(told, after if told else None)


async def _judge(scan: Scan, after: int) -> Kept:
    """Promises to pay are kept or broken."""
    ended, next_after = await judge_promises(
        scan.session, today=scan.today, at=scan.at, after=after, limit=PAGE
    )
    return Kept(ended, next_after)


async def _free(scan: Scan, after: int) -> Kept:
    """Customers hear of the end of a minimum term before it comes."""
    policy = await load_policy(scan.session, MinimumTermPolicy())
    found = await scans.contracts_to_free(
        scan.session, today=scan.today, policy=policy, after=after, limit=PAGE
    )
    return await _each(
        scan, found, lambda c: tell_end(scan.session, c, today=scan.today, at=scan.at)
    )


async def _each(
    scan: Scan, found: Sequence[int], act: Callable[[Contract], Awaitable[object]]
) -> Kept:
    done = 0
    for contract_id in found:
        done += bool(await act(await lock_contract(scan.session, contract_id)))
    return Kept(done, found[-1] if len(found) == PAGE else None)


#: What is done, in this order; the names are those of a run's figures.
STEPS: Mapping[str, Callable[[Scan, int], Awaitable[Kept]]] = {
    "extended": _extend,
    "queued": _queue,
    "readjusted": _readjust,
    "overdue": _tell_overdue,
    "promises": _judge,
    "freed": _free,
}
