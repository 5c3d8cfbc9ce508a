"""Repair: what it has the engine told; that the journey then goes on, tests/journeys shows."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from activities.repair import mend
from models.database import Database
from models.outbox import OutboxEntry
from rules.repair import Disagreement, Fault
from tests import builders
from tests.builders import AT


async def test_a_journey_that_is_started_anew_hears_what_the_old_one_did_not_come_to(
    database: Database,
) -> None:
    async with database.write() as session:
        customer = await builders.a_customer(session)
        case = await builders.a_collections_case(session, customer)
    stuck = Disagreement(Fault.OVERDUE, case.workflow_id, case.number)
    nobody: Any = None  # nothing is to be ended in the engine

    await mend(database, nobody, [stuck], by="ana", at=AT)

    async with database.read() as session:
        told = (await session.exec(select(OutboxEntry).order_by(col(OutboxEntry.id)))).all()
    assert [(each.verb, each.workflow_id) for each in told] == [
        ("restart", case.workflow_id), ("signal", case.workflow_id),
    ]  # fmt: skip
    assert {each.argument["epoch"] for each in told} == {2}
