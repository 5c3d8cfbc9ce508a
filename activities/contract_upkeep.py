"""The daily scan of contracts: charges ahead, terms that run out, prices a year old."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import now
from activities.contract_charges import make_term_charges
from activities.invoice_webhooks import announce_overdue
from activities.readjustments import open_readjustment
from activities.renewals import queue_renewal
from models import contract_scans as scans
from models.contracts import Contract, lock_contract
from models.database import Database
from models.policies import load_policy
from rules.business_days import local_date
from rules.contract_terms import ContractPolicy
from rules.renewals import RenewalPolicy

#: Contracts of a page: one transaction.
PAGE = 200

Find = Callable[[AsyncSession, int], Awaitable[Sequence[int]]]
Act = Callable[[AsyncSession, Contract], Awaitable[object]]


@dataclass(frozen=True)
class UpkeepRequest:
    """Which day to do the work of; None: the day on which it is done."""

    day: date | None = None


@dataclass(frozen=True)
class KeptUp:
    """What a scan did."""

    extended: int
    queued: int
    readjusted: int


class UpkeepActivities:
    """What the daily scan's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def keep_contracts_up(self, request: UpkeepRequest) -> KeptUp:
        """This will do a day's work on every contract; repeated, it finds nothing left to do."""
        return await keep_up(self.database, at=now(), day=request.day)


async def keep_up(database: Database, *, at: datetime, day: date | None = None) -> KeptUp:
    """This will extend, queue and readjust, page by page, each page in its own transaction."""
    async with database.read() as session:
        policy = await load_policy(session, ContractPolicy())
        renewals = await load_policy(session, RenewalPolicy())
    today = day or local_date(at)

    async def to_extend(session: AsyncSession, after: int) -> Sequence[int]:
        return await scans.contracts_to_extend(
            session, today=today, periods=policy.periods_ahead, after=after, limit=PAGE
        )

    async def to_queue(session: AsyncSession, after: int) -> Sequence[int]:
        return await scans.contracts_to_queue(
            session, today=today, at_most=renewals.queue_at_open_invoices, after=after,
            notice_days=renewals.first_notice_days, limit=PAGE,
        )  # fmt: skip

    async def to_readjust(session: AsyncSession, after: int) -> Sequence[int]:
        return await scans.contracts_to_readjust(session, today=today, after=after, limit=PAGE)

    async def extend(session: AsyncSession, contract: Contract) -> object:
        since = local_date(contract.activated_at) if contract.activated_at else contract.starts_on
        return await make_term_charges(
            session, contract, used_from=max(filter(None, (since, contract.starts_on))),
            by="system", at=at,
        )  # fmt: skip

    await announce_overdue(database, today=today, at=at)
    return KeptUp(
        await _pages(database, to_extend, extend),
        await _pages(database, to_queue, lambda s, c: queue_renewal(s, c, at=at)),
        await _pages(database, to_readjust, lambda s, c: open_readjustment(s, c, at=at)),
    )


async def _pages(database: Database, find: Find, act: Act) -> int:
    """How many contracts something was done to."""
    after, done = 0, 0
    while True:
        async with database.write() as session:
            found = await find(session, after)
            for contract_id in found:
                done += bool(await act(session, await lock_contract(session, contract_id)))
        if activity.in_activity():
            activity.heartbeat(after)
        if len(found) < PAGE:
            return done
        after = found[-1]
