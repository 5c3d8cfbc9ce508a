"""A process goes by the company's clocks, as they were set and as they change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from activities import house
from activities.house import following_clocks, set_clocks
from models.calendars import load_service_calendar
from models.database import Database
from models.people import Deed
from models.policies import change_value
from rules.business_days import HOUSE
from rules.policies import setting_of

AT = datetime(2026, 11, 19, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def brasilia(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test sets is put back."""
    monkeypatch.setattr(HOUSE, "zone", HOUSE.zone)
    monkeypatch.setattr(house, "EVERY_SECONDS", 0.01)


async def move_to(database: Database, zone: str) -> None:
    async with database.write() as session:
        setting = setting_of("HousePolicy.time_zone")
        await change_value(session, setting, zone, deed=Deed("ana", at=AT))


async def test_a_process_reads_its_clocks_when_it_begins(database: Database) -> None:
    assert not await set_clocks(database)

    await move_to(database, "America/Manaus")

    assert await set_clocks(database)
    assert HOUSE.zone == "America/Manaus"


async def test_a_running_process_hears_of_new_clocks_until_it_could_pass_them_on(
    database: Database,
) -> None:
    heard: list[str] = []
    is_passed_on = asyncio.Event()

    async def put_schedules() -> None:
        heard.append(HOUSE.zone)
        if len(heard) == 1:
            raise ConnectionError("the engine is away")
        is_passed_on.set()

    async with following_clocks(database, then=put_schedules):
        await move_to(database, "America/Rio_Branco")
        await asyncio.wait_for(is_passed_on.wait(), 10)

    assert heard == ["America/Rio_Branco"] * 2


async def test_the_house_calendars_of_another_zone_are_another_version(database: Database) -> None:
    async with database.read() as session:
        before = await load_service_calendar(session, "national")
    await move_to(database, "America/Manaus")
    await set_clocks(database)
    async with database.read() as session:
        after = await load_service_calendar(session, "national")

    assert (before.time_zone, after.time_zone) == ("America/Sao_Paulo", "America/Manaus")
    assert before.version != after.version


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite:///{folder}/empty.db", "postgresql+asyncpg://acerto@127.0.0.1:1/x"]
)
async def test_a_database_without_tables_or_away_leaves_the_clocks(tmp_path, url: str) -> None:
    missing = Database(url.format(folder=tmp_path))

    assert not await set_clocks(missing)

    await missing.dispose()
