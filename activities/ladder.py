"""The ladder's daily run: made once a day, worked off in pages, each one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.bulk_runs import RunWork, open_daily_run, start_run
from activities.cases import refusals_reported
from activities.ladder_approvals import approved_plans
from activities.ladder_page import Acts, Day, Planned, carry_out, planned
from activities.legal_notices import ask_about_stopped
from activities.provisioning import reconcile
from models import asked_blocks, ladder_day
from models.bulk import BulkRun
from models.contracts import Contract
from models.database import Database
from models.invoices import Invoice
from models.ladder_day import Standing
from models.ladder_tables import Ladder
from models.ladders import as_json, from_json
from models.legal_notices import NOTICES, UNAPPROVED
from models.policies import load_policy
from rules.ladder import DAILY_AT
from rules.ladder_steps import LadderPolicy
from rules.runs import RunStatus

KIND = "ladder"

#: Invoices of a page: one transaction, short enough that journeys do not wait for long.
PAGE = 2_000
#: Contracts whose connections are looked at in one transaction.
CONTRACTS = 1_000


async def start_ladder(session: AsyncSession, *, by: str, at: datetime) -> BulkRun:
    """This will have the ladder do what is due by now, as the daily run does.

    A run that is under way already is given instead of a second one.
    """
    return await start_run(session, kind=KIND, workflow="LadderRun", by=by, at=at)


class LadderActivities:
    """What the ladder's workflow asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def open_daily_ladder(self) -> int:
        """This will give today's daily run, made if there is none; 0 before its hour."""
        return await open_daily_run(self.database, kind=KIND, daily_at=DAILY_AT)

    @activity.defn
    async def climb_ladder(self, run_id: int) -> str:
        """This will do what is due until nothing is, or the run is to stop; repeated, it goes on.

        Steps, stages and connections are looked at in this order, so that a debt that is paid or
        excepted by now lifts what it asked for on the same morning.
        """
        with refusals_reported():
            return await Climber(self.database, run_id, datetime.now(UTC)).run()


class Climber(RunWork):
    """Does what is due page by page, and then looks at connections."""

    async def run(self) -> str:
        """This will work page by page; returns the status in which the run ended."""
        for first, last in pages_of(await self.customers()):
            if not await self.page(partial(climb_page, first=first, last=last)):
                return await self.end(RunStatus.STOPPED)
            activity.heartbeat(last)
        for contracts in parts_of(await self._contracts()):
            if not await self.page(partial(_reconcile, contracts=contracts)):
                return await self.end(RunStatus.STOPPED)
            activity.heartbeat(contracts[-1])
        return await self.end(RunStatus.DONE)

    async def customers(self) -> list[tuple[int, int]]:
        """The customers that are left, and of how many invoices; none once the run has ended."""
        if not await self.begin():
            return []
        async with self.database.read() as session:
            run = await session.get_one(BulkRun, self.run_id)
            customers = await ladder_day.customers_due(session, run.business_date)
        await self.announce(len(customers))
        return customers

    async def _contracts(self) -> list[int]:
        async with self.database.read() as session:
            run = await session.get_one(BulkRun, self.run_id)
            return [] if run.finished_at else await asked_blocks.contracts_to_look_at(session)

    async def set_out(self, session: AsyncSession, run: BulkRun) -> None:
        """The ladders are kept with the run; invoices of one that was changed are all looked at."""
        standing = await ladder_day.standing_ladders(session)
        run.parameters = {**run.parameters, "ladders": [_kept(each) for each in standing]}
        changed = select(Ladder).where(Ladder.version != Ladder.planned_version)
        for ladder in (await session.exec(changed)).all():
            await _plan_anew(session, ladder)
            ladder.planned_version = ladder.version
            session.add(ladder)

    async def leave(self, session: AsyncSession, run: BulkRun, *, at: datetime) -> None:
        """Somebody is asked about notices that do not leave."""
        await ask_about_stopped(session, run, at=at)


async def climb_page(
    session: AsyncSession, run: BulkRun, at: datetime, *, first: int, last: int
) -> None:
    """This will do what is due on the invoices of these customers."""
    day = await day_of(session, run)
    subjects = await ladder_day.subjects_due(
        session, first=first, last=last, today=day.date, ladders=list(day.ladders.values())
    )
    every = planned(subjects, day)
    plans = await approved_plans(session, every, day)
    acts = await carry_out(session, plans, day, at=at)
    _count(run, acts, customers=len({each.customer_id for each in subjects}))
    _count_unapproved(run, every, plans)
    run.position = {**run.position, "customer_id": last}


async def _reconcile(
    session: AsyncSession, run: BulkRun, at: datetime, *, contracts: Sequence[int]
) -> None:
    changed = await reconcile(session, contracts, today=run.business_date, by="system", at=at)
    run.summary = {**run.summary, "connections": run.summary.get("connections", 0) + changed}


def pages_of(customers: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """This will give the first and last customer of each page, a customer being never divided."""
    page: list[int] = []
    invoices = 0
    for customer, count in customers:
        if page and invoices + count > PAGE:
            yield page[0], page[-1]
            page, invoices = [], 0
        page.append(customer)
        invoices += count
    if page:
        yield page[0], page[-1]


def parts_of(contracts: Sequence[int]) -> Iterator[Sequence[int]]:
    """This will give contracts in parts of one transaction each."""
    for start in range(0, len(contracts), CONTRACTS):
        yield contracts[start : start + CONTRACTS]


async def day_of(session: AsyncSession, run: BulkRun) -> Day:
    """This will give the run's day with the ladders as they stood when it set out."""
    ladders = [_standing(each) for each in run.parameters["ladders"]]
    policy = await load_policy(session, LadderPolicy())
    return Day(run.number, run.business_date, {each.id: each for each in ladders}, policy)


async def _plan_anew(session: AsyncSession, ladder: Ladder) -> None:
    followed = col(Contract.ladder_id) == ladder.id
    on_it: Any = col(Invoice.contract_id).in_(select(Contract.id).where(followed))
    if ladder.is_default:
        free = select(Contract.id).where(col(Contract.ladder_id).is_(None))
        on_it = or_(on_it, col(Invoice.contract_id).is_(None), col(Invoice.contract_id).in_(free))
    await session.exec(
        update(Invoice)
        .where(col(Invoice.status) == "open", col(Invoice.ladder_next_on).is_not(None), on_it)
        .values(ladder_next_on=None)
        .execution_options(synchronize_session=False)
    )


def _kept(standing: Standing) -> dict[str, Any]:
    return {**vars(standing), "rungs": [as_json(rung) for rung in standing.rungs]}


def _standing(kept: dict[str, Any]) -> Standing:
    return Standing(**{**kept, "rungs": tuple(from_json(rung) for rung in kept["rungs"])})


def _count_unapproved(run: BulkRun, every: Sequence[Planned], plans: Sequence[Planned]) -> None:
    """Of invoices whose steps wait for somebody's word: how many, and of how many notices."""
    taken = {each.subject.invoice_id for each in plans}
    left = [each for each in every if each.subject.invoice_id not in taken]
    notices = sum(step.rung.is_legal_notice for each in left for step in each.plan.due)
    summary = dict(run.summary)
    for name, count in ((UNAPPROVED, len(left)), (NOTICES, notices)):
        if count:
            summary[name] = summary.get(name, 0) + count
    run.summary = summary


def _count(run: BulkRun, acts: Acts, *, customers: int) -> None:
    done = acts.counts()
    run.done += customers
    run.changed += done.total()
    summary = dict(run.summary)
    for action, count in done.items():
        summary[action] = summary.get(action, 0) + count
    summary["letters"] = summary.get("letters", 0) + len(acts.envelopes)
    run.summary = summary
