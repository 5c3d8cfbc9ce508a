"""The database: one engine to read, one to write, the same calls on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from models.folding import fold
from models.sqlite_driver import READING, WRITING, connect, connect_in_place
from rules.refusals import Refusal

#: Long enough for a bulk page to finish before another writer gives up.
SQLITE_BUSY_MS = 15_000
#: A connection that was used so lately is taken for alive.
IDLE_SECONDS = 1.0
#: Rows looked at for each index: https://sqlite.org/lang_analyze.html recommends 100 to 1000.
SQLITE_SAMPLE = 1_000


class ValueNotStorable(Refusal):
    message = "Um dos valores é grande demais, longo demais ou tem caracteres que não se guardam."


class Database:
    """Sessions on one database; `read` never commits, `write` is one transaction.

    On SQLite each statement is run by a thread, and the rest of the process goes on meanwhile;
    where there is no rest, as in a bulk load from the command line, `is_alone` saves the threads.
    """

    def __init__(self, url: str, *, is_alone: bool = False) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._connect = connect_in_place if is_alone else connect
        self._reader = self._engine(READING)
        # One connection: on SQLite writers queue here instead of busy-waiting on the file.
        self._writer = self._engine(WRITING, pool_size=1) if self.is_sqlite else self._reader
        self._reading = async_sessionmaker(
            self._reader, class_=AsyncSession, expire_on_commit=False
        )
        self._writing = async_sessionmaker(
            self._writer, class_=AsyncSession, expire_on_commit=False
        )

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes; for migrations and bulk loads."""
        return self._writer

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """This will open a session whose changes are thrown away. Refuses ValueNotStorable."""
        with _values_judged():
            async with self._reading() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """This will open one transaction: committed at the end, rolled back on any exception.

        Refuses ValueNotStorable: a number or text that no column takes is nobody's to repeat.
        """
        with _values_judged():
            async with self._writing() as session, session.begin():
                yield session

    async def refresh_statistics(self) -> None:
        """This will tell the planner how many rows there are by now, from samples of them.

        Called after what writes many rows, and every day. It takes a moment on SQLite and some
        seconds for millions of rows on PostgreSQL, which looks by itself too, but only later.
        """
        async with self._writer.begin() as connection:
            if self.is_sqlite:
                await connection.exec_driver_sql(f"PRAGMA analysis_limit={SQLITE_SAMPLE}")
            await connection.exec_driver_sql("ANALYZE")

    async def dispose(self) -> None:
        """This will close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()

    def _engine(self, begin: str, **options: Any) -> AsyncEngine:
        # An error names the statement, never what it carried: names, debts, hashes of passwords.
        options["hide_parameters"] = True
        if not self.is_sqlite:
            # The connection last given back is the next taken: it knows the tables and statements.
            engine = create_async_engine(self.url, pool_use_lifo=True, **options)
            _ask_after_a_pause(engine)
            return engine
        connecting = {"async_creator_fn": self._connect}
        engine = create_async_engine(self.url, connect_args=connecting, **options)
        _tune_sqlite(engine, begin)
        return engine


@contextmanager
def _values_judged() -> Iterator[None]:
    try:
        yield
    except (OverflowError, UnicodeEncodeError) as error:  # SQLite's driver
        raise ValueNotStorable from error
    except DBAPIError as error:
        if _is_of_a_value(error):
            raise ValueNotStorable from error
        raise


def _is_of_a_value(error: DBAPIError) -> bool:
    """Whether PostgreSQL, or its driver, could not read a value (SQLSTATE class 22)."""
    cause = error.orig.__cause__ if error.orig else None
    return any(each.__name__ == "DataError" for each in type(cause).__mro__)


@event.listens_for(Session, "do_orm_execute")
def _read_anew(asked: ORMExecuteState) -> None:
    """What is locked is read anew: an object that was read before would stay as it was then, and on
    PostgreSQL another transaction may have changed the row until the lock was had."""
    if getattr(asked.statement, "_for_update_arg", None) is not None:
        asked.update_execution_options(populate_existing=True)


def _ask_after_a_pause(engine: AsyncEngine) -> None:
    """A connection that lay idle is asked whether its server is still there, before it is used.

    SQLAlchemy's own `pool_pre_ping` asks before every transaction, in three trips to the server.
    """
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def on_checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["left"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if monotonic() - record.info.get("left", inf) < IDLE_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # all that are older: the server began anew


def _tune_sqlite(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins lazily; ours says when and how.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={SQLITE_BUSY_MS}",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("folded", 1, fold, deterministic=True)

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.connection.driver_connection.owe_begin(begin)
