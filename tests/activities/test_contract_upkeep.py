"""The nightly scan as a run: what it did is counted, it is done once a day, stopped and gone on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities import bulk_runs, contract_upkeep
from activities.contract_upkeep import KeptUp, UpkeepActivities, UpkeepRequest, start_upkeep
from models.bulk import BulkRun
from models.database import Database
from models.runs import request_stop
from tests.builders import AT
from tests.contracts import a_plan, activated, charges

LATER = AT + timedelta(days=40)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bulk_runs, contract_upkeep):
        monkeypatch.setattr(module, "now", lambda: LATER)


async def scan(database: Database, request: UpkeepRequest) -> KeptUp:
    return await ActivityEnvironment().run(UpkeepActivities(database).keep_contracts_up, request)


async def open_ended(database: Database):
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ends_on=None)
        contract.ends_on = None
        return contract, len(await charges(session, contract))


async def run_of(database: Database, run_id: int) -> BulkRun:
    async with database.read() as session:
        return await session.get_one(BulkRun, run_id)


async def test_a_days_scan_is_a_run_that_is_made_once(database: Database) -> None:
    contract, before = await open_ended(database)

    kept = [await scan(database, UpkeepRequest()) for _ in range(2)]

    assert kept == [KeptUp(extended=1, queued=0, readjusted=0)] * 2  # the second: what was done
    run = await run_of(database, 1)
    assert (run.status, run.done, run.total, run.changed) == ("done", 5, 5, 1)
    async with database.read() as session:
        assert len(await charges(session, contract)) > before


async def test_a_scan_by_hand_is_one_run_and_stops_when_asked(database: Database) -> None:
    await open_ended(database)
    async with database.write() as session:
        run = await start_upkeep(session, by="ana", at=LATER)
        same = await start_upkeep(session, by="rui", at=LATER)
        await request_stop(session, run.number)
    assert same.number == run.number

    assert await scan(database, UpkeepRequest(run_id=run.number)) == KeptUp(0, 0, 0)
    assert (await run_of(database, run.number)).status == "stopped"

    async with database.write() as session:
        again = await start_upkeep(session, by="ana", at=LATER)
    assert (await scan(database, UpkeepRequest(run_id=again.number))).extended == 1
