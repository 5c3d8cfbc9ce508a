"""Repair: looks twice whether rows and engine agree, and mends from the rows what does not."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from models import cases, outbox, provisioning, runs, webhooks
from models import repair as rows
from models.database import Database
from models.outbox import JOURNEYS, OutboxEntry, Verb
from models.people import audit
from models.standings import rebuild_standings
from rules.repair import (
    UNDELIVERED_AFTER,
    Disagreement,
    Fault,
    judge_cases,
    judge_running,
    judge_work,
)

STAGE = SearchAttributeKey.for_keyword("AcertoStage")
#: Between the two looks: what was only on its way has arrived by then.
PAUSE_SECONDS = 1.0
#: The workflow that does a run of each kind.
RUN_BY = {
    "bank_return": "BankReturn",
    "billing": "BillingRun",
    "carrier-file": "CarrierInvoiceImport",
    "classification": "Classification",
    "contract_upkeep": "ContractUpkeep",
    "import": "PortfolioImport",
    "ladder": "LadderRun",
    "panel-tool": "PanelToolRun",
}
_RESTARTED = (Fault.MISSING, Fault.STAGE, Fault.OVERDUE)


async def find_disagreements(
    database: Database, client: Client, *, now: datetime, pause: float = PAUSE_SECONDS
) -> list[Disagreement]:
    """This will name what rows and engine do not agree on, in two looks; nothing is changed."""
    first = await _look(database, client, now)
    if not first:
        return []
    await asyncio.sleep(pause)
    second = set(await _look(database, client, now))
    return [found for found in first if found in second]


async def mend(
    database: Database,
    client: Client,
    found: Collection[Disagreement],
    *,
    by: str,
    at: datetime,
    ip: str = "",
) -> None:
    """This will mend what was found. The rows are right; workflows are started anew from them.

    A new epoch keeps whatever an old execution still does out of the rows. Each is in the trail.
    """
    for orphan in (each for each in found if each.fault is Fault.ORPHAN):
        await _terminate(client, orphan.subject)
    async with database.write() as session:
        for each in found:
            audit(session, by=by, action=f"repair.{each.fault}", subject=each.subject, at=at, ip=ip)
            if each.row_id is not None:
                await _begin_anew(session, each.fault, each.row_id, by=by, at=at)
        late = [each.row_id or 0 for each in found if each.fault is Fault.UNDELIVERED]
        await rows.deliver_now(session, late)
        if any(each.fault is Fault.TOTALS for each in found):
            await rebuild_standings(session)


async def _begin_anew(
    session: AsyncSession, fault: Fault, row_id: int, *, by: str, at: datetime
) -> None:
    if fault is Fault.UNSENT:
        outbox.start_message(session, row_id, at=at)
    elif fault is Fault.UNTOLD:
        await provisioning.ask_again(session, row_id, at=at)
    elif fault is Fault.UNHEARD:
        session.add(OutboxEntry(**webhooks.start_of(row_id, at)))
    elif fault is Fault.UNATTENDED:
        run = await runs.lock_run(session, row_id)
        runs.start(session, run, workflow=RUN_BY[run.kind], at=at)
    elif fault in _RESTARTED:
        case = await cases.lock_case(session, row_id)
        cases.record_event(session, case, kind="repaired", by=by, at=at, fault=fault)
        case.epoch += 1
        case.version += 1
        session.add(case)
        outbox.start_case(session, case, at=at, verb=Verb.RESTART)
        # What the execution before it was told and did not come to is lost with it.
        outbox.tell_case(session, case, news_id=f"repaired/{case.epoch}", at=at)


async def _look(database: Database, client: Client, now: datetime) -> list[Disagreement]:
    # Rows before the engine: what ends between the two looks like an orphan only once.
    async with database.read() as session:
        open_cases = await rows.open_cases(session)
        waiting = await rows.waiting_entries(session)
        works = [
            *await rows.unsent_messages(session), *await rows.untold_orders(session),
            *await rows.unheard_events(session), *await rows.runs_under_way(session, now=now),
        ]  # fmt: skip
        totals = await rows.kept_totals(session), await rows.counted_totals(session)
    running = {each.id: _stage_of(each) async for each in client.list_workflows(RUNNING)}
    told = {workflow_id for _, workflow_id, _ in waiting}
    expected = {case.workflow_id for case in open_cases} | told
    return [
        *judge_cases(open_cases, running=running, told=told, now=now),
        *judge_running(running, expected=expected, processes=JOURNEYS),
        *judge_work(works, running=running, told=told),
        *_undelivered(waiting, now),
        *_differing(*totals),
    ]


RUNNING = "ExecutionStatus='Running'"


def _stage_of(execution: WorkflowExecution) -> str | None:
    return execution.typed_search_attributes.get(STAGE)


def _undelivered(
    waiting: Sequence[tuple[int | None, str, datetime]], now: datetime
) -> list[Disagreement]:
    return [
        Disagreement(
            Fault.UNDELIVERED, workflow_id, entry_id,
            (("since", f"{since:%d/%m/%Y %H:%M} UTC"),),
        )
        for entry_id, workflow_id, since in waiting
        if since < now - UNDELIVERED_AFTER
    ]  # fmt: skip


def _differing(kept: rows.Totals, counted: rows.Totals) -> list[Disagreement]:
    return [
        Disagreement(
            Fault.TOTALS, str(panel), None,
            (("kept", _written(kept.get(panel))), ("counted", _written(counted.get(panel)))),
        )
        for panel in sorted(kept.keys() | counted.keys())
        if kept.get(panel) != counted.get(panel)
    ]  # fmt: skip


def _written(total: tuple[int, object] | None) -> str:
    return f"{total[0]} (R$ {total[1]})" if total else "0"


async def _terminate(client: Client, workflow_id: str) -> None:
    try:
        await client.get_workflow_handle(workflow_id).terminate(reason="acerto repair")
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def repair(database: Database, client: Client, *, apply: bool, at: datetime) -> Sequence[str]:
    """This will tell, a line each, what does not agree; with `apply`, it is mended as well."""
    found = await find_disagreements(database, client, now=at)
    if apply and found:
        await mend(database, client, found, by="system", at=at)
    return [f"{each.sentence} → {each.remedy}" for each in found]
