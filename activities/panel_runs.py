"""The panels' tools on more rows than one request carries out: row by row, watched and stopped.

Each row is a person's command on its own case, through the engine as from a page; the same command
again gets the answer that it got. A dry run only judges, and tells the same.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from pydantic_core import to_jsonable_python
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from activities.bulk_runs import RunWork
from activities.bureau_simulation import simulate
from activities.cases import refusals_reported
from activities.panel_commands import PanelWork, command_of, work_of
from models import runs
from models.bulk import BulkError, BulkRun
from models.database import Database
from models.panel_picks import names_of, rows_after
from models.panel_search import look_up
from models.panel_totals import totals_of
from models.people import Deed, record
from rules.bureau_entry import Verdict
from rules.business_days import local_date
from rules.money import ZERO
from rules.refusals import Refusal
from rules.runs import RunStatus

KIND = "panel-tool"
#: Rows between two looks at whether to stop, and commands that wait for the engine together.
PAGE, AT_ONCE = 40, 8
#: Rows that a dry run judges at once.
JUDGED = 500


@dataclass(frozen=True)
class Told:
    """A refusal as it is kept: its code, its sentence, and what fills the places of that."""

    code: str
    message: str
    places: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of a row; without a refusal it was done, or may be."""

    name: str
    refusals: tuple[Told, ...] = ()
    verdict: Verdict | None = None
    amount: Decimal = ZERO


async def start_panel_run(
    session: AsyncSession, work: PanelWork, *, is_dry_run: bool, deed: Deed
) -> BulkRun:
    """This will have a tool used on every row of a filter, or only tell what would become of it."""
    run = await runs.open_run(
        session, kind=KIND, key=f"{KIND}/{uuid4().hex}", business_date=local_date(deed.at),
        by=deed.by, at=deed.at, workflow="PanelToolRun",
    )  # fmt: skip
    run.parameters, run.is_dry_run = to_jsonable_python(asdict(work)), is_dry_run
    session.add(run)
    record(session, deed, "collections.use_tool", subject=f"run/{run.id}", kind=work.tool,
           is_done=not is_dry_run)  # fmt: skip
    return run


class PanelToolActivities:
    """What the workflow of a panel's run asks."""

    def __init__(self, database: Database, client: Client) -> None:
        self.database, self.client = database, client

    @activity.defn
    async def use_panel_tool(self, run_id: int) -> str:
        """This will go through the rows that are left, or until it is to stop; repeated, on."""
        with refusals_reported():
            return await PanelRun(
                self.database, run_id, datetime.now(UTC), client=self.client
            ).run()


@dataclass(frozen=True)
class PanelRun(RunWork):
    """Uses a tool row by row, or judges page by page."""

    client: Client
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def run(self) -> str:
        """This will work page by page; returns the status in which the run ended."""
        if not await self.begin():
            return await self.end(RunStatus.DONE)
        run, work = await self._read()
        await self._announce(work, run)
        while True:
            run, _ = await self._read()
            found = await self._next(work, run)
            if not found:
                return await self.end(RunStatus.DONE)
            outcomes = await (self._judged(found) if run.is_dry_run else self._used(work, found))
            keep = partial(_keep, outcomes=outcomes, last=found[-1]["id"])
            if run.stop_requested or not await self.page(keep):
                return await self.end(RunStatus.STOPPED)
            activity.heartbeat(found[-1]["id"])

    async def _read(self) -> tuple[BulkRun, PanelWork]:
        async with self.database.read() as session:
            run = await session.get_one(BulkRun, self.run_id)
            return run, work_of(run)

    async def _announce(self, work: PanelWork, run: BulkRun) -> None:
        async with self.database.read() as session:
            wanted = await look_up(session, work.panel, work.wanted)
            left = (await totals_of(session, work.panel, wanted))["count"]
        await self.announce(max(left, run.total - run.done) if run.done else left)

    async def _next(self, work: PanelWork, run: BulkRun) -> list[dict[str, Any]]:
        async with self.database.read() as session:
            return await rows_after(
                session, work.panel, await look_up(session, work.panel, work.wanted),
                after=run.position.get("id", 0), most=JUDGED if run.is_dry_run else PAGE,
            )  # fmt: skip

    async def _judged(self, found: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        async with self.database.read() as session:
            told = await simulate(
                session, [row["id"] for row in found], today=local_date(self.began_at)
            )
        return [
            Outcome(
                each.code, tuple(_told(one) for one in each.judgement.against),
                each.judgement.verdict, each.amount,
            )
            for each in told
        ]  # fmt: skip

    async def _used(self, work: PanelWork, found: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        ids = [row["id"] for row in found]
        async with self.database.read() as session:
            names = await names_of(session, work.panel, ids)
        return await asyncio.gather(
            *(self._use(work, row, names.get(row["id"], f"nº {row['id']}")) for row in found)
        )

    async def _use(self, work: PanelWork, row: Mapping[str, Any], name: str) -> Outcome:
        try:
            async with self.turns:
                await self._send(work, row)
        except Refusal as refusal:
            return Outcome(name, (_told(refusal),))
        except WorkflowUpdateFailedError as refused:
            if not isinstance(refused.cause, ApplicationError) or not refused.cause.details:
                raise
            said, code = refused.cause.details[0], refused.cause.type or Refusal.code
            return Outcome(name, (Told(code, said["message"], said.get("params", {})),))
        return Outcome(name)

    async def _send(self, work: PanelWork, row: Mapping[str, Any]) -> None:
        """One command; a journey whose start is on its way yet is met at the next attempt."""
        async with self.database.read() as session:
            case, update, argument = await command_of(session, work, row)
        handle = self.client.get_workflow_handle(case.workflow_id)
        await handle.execute_update(
            update, argument, id=f"{KIND}/{self.run_id}/{row['id']}", result_type=dict
        )


def _told(refusal: Refusal) -> Told:
    return Told(refusal.code, refusal.message, refusal.params)


async def _keep(
    session: AsyncSession,
    run: BulkRun,
    _at: datetime,
    *,
    outcomes: Sequence[Outcome],
    last: int,
) -> None:
    """What became of a page: how far, how many, and every refusal with its words."""
    refused = [(each, told) for each in outcomes for told in each.refusals]
    session.add_all(
        BulkError(
            run_id=run.number, code=told.code, message=told.message[:500],
            places=to_jsonable_python(told.places), value=each.name[:200],
        )
        for each, told in refused
    )  # fmt: skip
    run.done += len(outcomes)
    run.errors += sum(1 for each in outcomes if each.refusals)
    run.changed += 0 if run.is_dry_run else sum(1 for each in outcomes if not each.refusals)
    run.summary = _summed(run.summary, outcomes)
    run.position = {"id": last}


def _summed(summary: Mapping[str, Any], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How many invoices and how much each verdict has by now."""
    told = {key: dict(value) for key, value in summary.items()}
    counts = Counter(each.verdict for each in outcomes if each.verdict is not None)
    for verdict, count in counts.items():
        kept = told.setdefault(verdict, {"invoices": 0, "amount": "0.00"})
        more = sum((each.amount for each in outcomes if each.verdict is verdict), ZERO)
        kept["invoices"] += count
        kept["amount"] = str(Decimal(kept["amount"]) + more)
    return told
