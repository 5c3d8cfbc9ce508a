"""Which statements make a trip to the thread, and that all are the same to who asks."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models import sqlite_driver
from models.database import Database
from models.sqlite_driver import (
    DISTRUST,
    OFTEN,
    READING,
    SHORT_SECONDS,
    WRITING,
    Lengths,
    OneTripConnection,
)

LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)"
    " SELECT count(*) FROM n"
)


@pytest.fixture
async def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """A database file with one table, and nothing learnt about any statement."""
    monkeypatch.setattr(sqlite_driver, "lengths", Lengths())
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/own.db")
    async with database.write() as session:
        await session.exec(text("CREATE TABLE kept (name TEXT)"))
    yield database
    await database.dispose()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the thread, by the name of what is done there."""
    monkeypatch.setattr(sqlite_driver, "STRETCH_SECONDS", 60)  # however slow the machine is
    made: list[str] = []
    go = OneTripConnection._execute

    async def counted(self: OneTripConnection, done: Any, *args: Any, **options: Any) -> Any:
        made.append(done.__name__)
        return await go(self, done, *args, **options)

    monkeypatch.setattr(OneTripConnection, "_execute", counted)
    return made


async def test_what_was_short_ten_times_makes_no_trip(own: Database, trips: list[str]) -> None:
    async with own.read() as session:
        await session.exec(text("SELECT 1"))
        del trips[:]  # what opens a connection

        answers = [await _one(session, number) for number in range(OFTEN)]
        assert trips.count("_run") == OFTEN

        answers += [await _one(session, number) for number in range(OFTEN)]

        assert trips.count("_run") == OFTEN
    assert answers == [*range(OFTEN), *range(OFTEN)]


async def test_who_writes_waits_for_another_writer_in_the_thread(
    own: Database, trips: list[str]
) -> None:
    for number in range(OFTEN + 1):
        await _keep(own, f"first {number}", f"second {number}")
    del trips[:]

    await _keep(own, "three", "four")

    assert trips == ["commit"]  # nobody wrote: it began where it was asked for

    with sqlite3.connect(own.url.partition("///")[2], isolation_level=None) as other:
        other.execute(WRITING)
        keeping = asyncio.create_task(_keep(own, "one", "two"))
        await asyncio.sleep(0.1)
        assert not keeping.done()
        other.execute("COMMIT")
    other.close()
    await keeping

    assert trips == ["commit", "_run", "commit"]  # with the first statement it begins
    async with own.read() as session:
        kept = (await session.exec(text("SELECT name FROM kept ORDER BY rowid DESC"))).all()
    assert kept[:2] == [("two",), ("one",)]


async def test_what_was_undone_is_not_there(own: Database) -> None:
    for number in range(OFTEN + 1):
        await _keep(own, f"first {number}", f"second {number}")

    with pytest.raises(ZeroDivisionError):
        await _fail(own)

    async with own.read() as session:
        assert not (await session.exec(text("SELECT 1 FROM kept WHERE name LIKE 'lost%'"))).all()


async def test_many_short_statements_leave_others_their_turn(own: Database) -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with own.read() as session:
        for number in range(OFTEN):
            await _one(session, number)
        others = asyncio.create_task(count_turns())
        for number in range(2_000):
            await _one(session, number)
    others.cancel()

    assert turns > 10


async def test_what_is_given_up_is_over_before_it_is_undone(tmp_path: Path) -> None:
    connection = await sqlite_driver.connect(str(tmp_path / "own.db"), isolation_level=None)
    connection.owe_begin(WRITING)
    asking = asyncio.create_task(connection.cursor().execute(LONG))
    await asyncio.sleep(0.02)
    asking.cancel()
    undoing = asyncio.create_task(connection.rollback())
    await asyncio.sleep(0)
    assert not undoing.done()  # it waits, and holds nobody up

    await undoing

    connection.owe_begin(READING)
    answer = await (await connection.cursor().execute("SELECT 7")).fetchone()
    assert answer == (7,)
    await connection.rollback()
    await connection.close()


def test_what_took_long_once_is_distrusted() -> None:
    lengths = Lengths()
    for _ in range(OFTEN):
        lengths.learn("SELECT 1", SHORT_SECONDS)
    assert lengths.is_short("SELECT 1")

    lengths.learn("SELECT 1", SHORT_SECONDS * 1.01)
    for _ in range(DISTRUST + OFTEN - 1):
        assert not lengths.is_short("SELECT 1")
        lengths.learn("SELECT 1", 0)
    lengths.learn("SELECT 1", 0)

    assert lengths.is_short("SELECT 1")
    assert not lengths.is_short("SELECT 2")


async def _fail(database: Database) -> None:
    async with database.write() as session:
        await session.exec(_kept("lost"))
        await session.exec(_kept("lost too"))
        raise ZeroDivisionError


async def _one(session: Any, number: int) -> int:
    return (await session.exec(text("SELECT :number"), params={"number": number})).one()[0]


def _kept(name: str) -> Any:
    return text("INSERT INTO kept VALUES (:name)").bindparams(name=name)


async def _keep(database: Database, first: str, second: str) -> None:
    async with database.write() as session:
        await session.exec(_kept(first))
        await session.exec(_kept(second))
