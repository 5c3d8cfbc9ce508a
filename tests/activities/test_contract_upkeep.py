"""The nightly scan as a run: what it did is counted, it is done once a day, stopped and gone on."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select
from temporalio.testing import ActivityEnvironment

from activities import bulk_runs, contract_upkeep
from activities.contract_edit import edit_terms
from activities.contract_upkeep import (
    KeptUp,
    UpkeepActivities,
    UpkeepRequest,
    keep_up,
    start_upkeep,
)
from models.bulk import BulkRun
from models.contracts import Contract, ContractEvent, lock_contract
from models.database import Database
from models.messages import Message
from models.runs import request_stop
from rules.business_days import at_local_time, local_date
from rules.contract_edit import EditedTerms
from tests.builders import AT
from tests.contracts import a_plan, activated, charges, day

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
    assert (run.status, run.done, run.total, run.changed) == ("done", 6, 6, 1)
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


async def tied(database: Database, **terms: object) -> Contract:
    """A contract without an end whose minimum term ends on 16/11/2027."""
    async with database.write() as session:
        contract = await activated(session, await a_plan(session), ends_on=None)
        contract.signed_on, contract.ends_on = day("16/11/2026"), None
        contract.minimum_term_months, contract.minimum_term_fee = 12, Decimal("300.00")
        for name, value in terms.items():
            setattr(contract, name, value)
        return contract


async def told_on(database: Database, *nights: date) -> list[date]:
    """On which of these nights letters about the end of a minimum term were written."""
    for night in nights:
        await keep_up(database, at=at_local_time(night, at=time(4)), day=night)
    async with database.read() as session:
        written = select(Message).where(Message.purpose == "contract_minimum_term")
        found = await session.exec(written.where(Message.channel == "email"))
        return [local_date(each.created_at) for each in found]


@pytest.mark.parametrize(
    ("terms", "last_day"),
    [
        ({}, day("16/11/2027")),
        ({"minimum_term_from": day("29/02/2028")}, day("01/03/2029")),
        ({"minimum_term_months": 24, "stage": "blocked"}, day("16/11/2028")),
    ],
)
async def test_a_customer_hears_of_the_end_of_the_minimum_term_once_and_in_time(
    database: Database, terms: dict[str, object], last_day: date
) -> None:
    await tied(database, **terms)
    ahead = [last_day - timedelta(days=days) for days in (36, 35, 34, 0)]

    assert await told_on(database, *ahead) == [ahead[1]]

    async with database.read() as session:
        [letter] = await session.exec(select(Message).where(Message.channel == "email"))
        events = (await session.exec(select(ContractEvent))).all()
    assert f"termina em {last_day:%d/%m/%Y}" in letter.text
    assert "minimum_term_told" in {each.kind for each in events}


@pytest.mark.parametrize("terms", [{"minimum_term_months": 0}, {"stage": "cancelled"}])
async def test_who_is_not_tied_or_left_hears_nothing(
    database: Database, terms: dict[str, object]
) -> None:
    await tied(database, **terms)

    assert await told_on(database, day("12/10/2027"), day("15/11/2027")) == []


async def test_a_minimum_term_that_is_moved_is_told_anew(database: Database) -> None:
    contract = await tied(database)
    await told_on(database, day("12/10/2027"))
    async with database.write() as session:
        kept = await lock_contract(session, contract.key)
        own = {each.name: getattr(kept, each.name) for each in fields(EditedTerms)}
        longer = EditedTerms(**{**own, "minimum_term_from": day("26/11/2026")})
        await edit_terms(session, kept, longer, by="ana", at=LATER)

    nights = [day("13/10/2027"), day("22/10/2027"), day("23/10/2027")]
    assert await told_on(database, *nights) == [day("12/10/2027"), nights[1]]
