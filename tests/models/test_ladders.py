"""A new house has a ladder; a house that has its own keeps it."""

from __future__ import annotations

from models.classification import load_forwarding
from models.database import Database
from models.default_ladder import ensure_default_ladder
from models.ladder_tables import Ladder
from tests.builders import TODAY


async def test_a_new_house_forwards_to_collections(database: Database) -> None:
    async with database.write() as session:
        first = await ensure_default_ladder(session)
        again = await ensure_default_ladder(session)
        forwarding = await load_forwarding(session, TODAY)

    assert first.id == again.id == forwarding.default_ladder
    assert (TODAY - forwarding.latest_due[first.id or 0]).days == 10


async def test_a_ladder_of_ones_own_stays_the_default(database: Database) -> None:
    async with database.write() as session:
        own = Ladder(code="nossa", name="Nossa régua", is_default=True)
        session.add(own)
        await session.flush()

        found = await ensure_default_ladder(session)

    assert found.id == own.id
