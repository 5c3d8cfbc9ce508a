"""What SQLAlchemy asks of a driver's cursor, on both databases."""

from __future__ import annotations

import traceback
from typing import Any

import pytest
import sqlmodel
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from logs import mask_text
from models.calendars import Closure
from models.database import Database
from models.people import User
from rules.business_days import ONE_DAY
from tests.builders import AT, TODAY

DAYS = [{"day": TODAY + number * ONE_DAY, "name": f"Dia {number}"} for number in range(5)]


async def test_rows_changed_are_counted_and_rows_asked_for_come_back(database: Database) -> None:
    async with database.write() as session:
        await session.exec(insert(Closure), params=DAYS)

        changed = await session.exec(
            update(Closure).where(col(Closure.day) > TODAY).values(uf="MG")
        )
        gone = await session.exec(
            delete(Closure).where(col(Closure.uf) == "MG").returning(col(Closure.name))
        )

        assert changed.rowcount == 4
        assert sorted(row[0] for row in gone) == ["Dia 1", "Dia 2", "Dia 3", "Dia 4"]


async def test_a_new_row_learns_its_identity(database: Database) -> None:
    async with database.write() as session:
        rows = [Closure(**values) for values in DAYS]
        session.add_all(rows)
        await session.flush()

        kept = await session.exec(select(col(Closure.id)).order_by(col(Closure.day)))

        assert [row[0] for row in kept] == [each.id for each in rows]


@pytest.mark.parametrize("locks", ["select", "get"])
async def test_a_row_that_is_locked_is_read_anew(database: Database, locks: str) -> None:
    async with database.write() as session:
        kept = Closure(day=TODAY, name="Antes")
        session.add(kept)
        await session.flush()
        # As another transaction would, between the first reading and the lock.
        await (await session.connection()).execute(text("UPDATE closures SET name = 'Depois'"))
        kept.uf = "MG"

        if locks == "get":
            locked = await session.get_one(Closure, kept.id, with_for_update=True)
        else:
            locked = (await session.exec(sqlmodel.select(Closure).with_for_update())).one()

        assert (locked is kept, kept.name, kept.uf) == (True, "Depois", "MG")


async def test_a_statement_that_failed_leaves_the_connection_as_it_was(database: Database) -> None:
    async with database.write() as session:
        await session.exec(insert(Closure), params=DAYS)
        with pytest.raises(IntegrityError):
            async with session.begin_nested():
                await session.exec(text("INSERT INTO closures (name) VALUES ('no day')"))

        assert len((await session.exec(select(col(Closure.id)))).all()) == 5


async def test_rows_are_read_one_by_one_too(database: Database) -> None:
    async with database.write() as session:
        await session.exec(insert(Closure), params=DAYS)
        streamed = await session.stream(select(col(Closure.name)).order_by(col(Closure.day)))

        assert [row[0] async for row in streamed] == [each["name"] for each in DAYS]


async def test_the_planner_is_told_how_many_rows_there_are(database: Database) -> None:
    async with database.write() as session:
        await session.exec(insert(Closure), params=DAYS)

    await database.refresh_statistics()

    told = (
        "SELECT stat FROM sqlite_stat1 WHERE tbl = 'closures'"
        if database.is_sqlite
        else "SELECT reltuples FROM pg_class WHERE relname = 'closures'"
    )
    async with database.read() as session:
        [known] = (await session.exec(text(told))).all()
    assert str(known[0]).startswith("5")


async def test_alone_in_its_process_it_reads_and_writes_as_ever(database_url: str) -> None:
    alone = Database(database_url, is_alone=True)
    async with alone.write() as session:
        await session.exec(insert(Closure), params=DAYS)

    async with alone.read() as session:
        names = (await session.exec(select(Closure.name).order_by(col(Closure.day)))).all()
    await alone.dispose()

    assert names == [(day["name"],) for day in DAYS]


async def test_what_was_begun_is_undone_whatever_stopped_it(database: Database) -> None:
    async with database.write():
        pass  # nothing was said, so nothing began
    for refused in ([*DAYS, DAYS[0] | {"name": None}], [{"name": "no day"}]):
        with pytest.raises(IntegrityError):
            await _insert(database, refused)

    async with database.write() as session:
        await session.exec(insert(Closure), params=DAYS[:1])
    async with database.read() as session:
        assert len((await session.exec(select(col(Closure.id)))).all()) == 1


async def _insert(database: Database, rows: list[dict[str, Any]]) -> None:
    async with database.write() as session:
        for row in rows:
            await session.exec(insert(Closure), params=[row])


async def test_one_transaction_reads_one_state(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL reads each statement's own state, and nothing leans on more")
    names = select(col(Closure.name))
    async with database.read() as reading:
        assert (await reading.exec(names)).all() == []
        async with database.write() as writing:
            await writing.exec(insert(Closure), params=DAYS)

        assert (await reading.exec(names)).all() == []
        await reading.rollback()
        assert len((await reading.exec(names)).all()) == 5


@pytest.mark.parametrize("values", [{"login": None}, {"login": "rosa-lima"}])
async def test_what_a_refused_statement_carried_stands_in_no_log(
    database: Database, values: dict[str, Any]
) -> None:
    known = {"name": "Rosa Lima", "password_hash": "$argon2id$rosa-lima", "created_at": AT}
    async with database.write() as session:
        session.add(User(login="rosa-lima", **known))

    with pytest.raises(IntegrityError) as refused:
        async with database.write() as session:
            session.add(User(**known, **values))

    logged = mask_text("".join(traceback.format_exception(refused.value)))
    assert "Rosa Lima" not in logged
    assert "rosa-lima" not in logged
    assert "INSERT INTO users" in logged


@pytest.mark.once("postgresql")
async def test_a_connection_that_was_cut_off_in_a_pause_is_not_used(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("a file is not cut off")
    process = text("SELECT pg_backend_pid()")
    async with database.read() as session, database.read() as other:
        lost = (await session.exec(process)).scalar_one()
        assert (await other.exec(process)).scalar_one() != lost
        await session.rollback()
        await other.exec(text("SELECT pg_terminate_backend(:pid)"), params={"pid": lost})
    monkeypatch.setattr("models.database.IDLE_SECONDS", 0)

    async with database.read() as session, database.read() as other:
        assert (await other.exec(process)).scalar_one() != lost
        assert (await session.exec(process)).scalar_one() != lost
