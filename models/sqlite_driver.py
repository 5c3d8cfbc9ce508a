"""SQLite in one trip to its thread for each statement, where the driver makes four, and in none for
statements that are known to be short."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import aiosqlite

Connecting = TypeVar("Connecting", bound=aiosqlite.Connection)
#: The driver's own, for cursors that nobody here uses.
CHUNK = 64

READING = "BEGIN"
#: Waits for the one writer; where it would, it is said in the thread.
WRITING = "BEGIN IMMEDIATE"
#: How long it waits, in milliseconds.
PATIENCE = "PRAGMA busy_timeout"

#: A statement that took no more of the processor, so many times in a row, is run where it is asked
#: for. A trip is two switches of threads: several times what finding a row by its key takes.
SHORT_SECONDS = 0.0005
OFTEN = 10
#: One that took longer, once, must be short so many times more.
DISTRUST = 100
#: After this long without a trip the next statement makes one, so that the rest of the process has
#: its turn.
STRETCH_SECONDS = 0.01
#: Texts of statements that are remembered; then all are learnt anew.
MOST_KNOWN = 5_000


class Lengths:
    """Which statements are short, by what they took before."""

    def __init__(self) -> None:
        self._short_runs: dict[str, int] = {}

    def is_short(self, sql: str) -> bool:
        """Whether it was so often short that it may be taken for it."""
        return self._short_runs.get(sql, 0) >= OFTEN

    def learn(self, sql: str, seconds: float) -> None:
        """This will remember what a statement took."""
        if len(self._short_runs) >= MOST_KNOWN:
            self._short_runs.clear()
        runs = self._short_runs.get(sql, 0)
        self._short_runs[sql] = min(runs + 1, OFTEN) if seconds <= SHORT_SECONDS else -DISTRUST


#: Of the process: its connections ask the same.
lengths = Lengths()


class OneTripCursor(aiosqlite.Cursor):
    """A cursor that is made, executed, read to its end and closed in one go.

    SQLAlchemy asks for these one after the other, and reads every row anyway. Each asking is a
    switch of threads and back, which costs more than most statements do.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection, None)  # type: ignore[arg-type]
        self._rows: Iterator[Any] = iter(())

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> OneTripCursor:
        """This will run the statement and keep its rows."""
        connection: OneTripConnection = self._conn  # type: ignore[assignment]
        begin = connection.owed_begin()
        if connection.may_stay() and lengths.is_short(sql) and connection.begins_at_once(begin):
            self._run(sql, parameters or (), None)
        else:
            await connection._execute(self._run, sql, parameters or (), begin)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> OneTripCursor:
        """This will run the statement for each of the parameters."""
        connection: OneTripConnection = self._conn  # type: ignore[assignment]
        await connection._execute(self._run_many, sql, parameters, connection.owed_begin())
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that were not fetched yet."""
        return list(self._rows)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """So many of the rows that were not fetched yet."""
        return list(islice(self._rows, size or self.arraysize))

    async def fetchone(self) -> Any:
        """The next row; None after the last."""
        return next(self._rows, None)

    async def close(self) -> None:
        """Nothing: it was closed when it had run."""

    def _run(self, sql: str, parameters: Any, begin: str | None) -> None:
        self._begin(begin)
        began = time.thread_time()
        self._cursor = self._conn._conn.execute(sql, parameters)
        self._rows = iter(self._cursor.fetchall() if self._cursor.description else ())
        self._cursor.close()
        lengths.learn(sql, time.thread_time() - began)

    def _run_many(self, sql: str, parameters: Any, begin: str | None) -> None:
        self._begin(begin)
        self._cursor = self._conn._conn.executemany(sql, parameters)
        self._cursor.close()

    def _begin(self, begin: str | None) -> None:
        if begin:
            self._conn._conn.execute(begin).close()


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors make one trip.

    A transaction begins together with its first statement, and one that never began needs no end.
    """

    _owed: str | None = None
    _is_begun = False
    #: Whether the thread has nothing to do: a command may have been given up before it was done.
    _is_idle = True
    _last_trip = 0.0

    def may_stay(self) -> bool:
        """Whether a short statement may run where it is asked for, instead of in the thread."""
        return self._is_idle and time.perf_counter() - self._last_trip < STRETCH_SECONDS

    def begins_at_once(self, begin: str | None) -> bool:
        """This will begin a transaction, if one is owed, unless it would have to wait."""
        if begin != WRITING:
            if begin:
                self._conn.execute(begin).close()
            return True
        patience = self._conn.execute(PATIENCE).fetchone()[0]
        self._conn.execute(f"{PATIENCE}=0").close()
        try:
            self._conn.execute(begin).close()
        except sqlite3.OperationalError:
            return False  # somebody writes, or it cannot be: the thread waits, and tells
        finally:
            self._conn.execute(f"{PATIENCE}={patience}").close()
        return True

    def owe_begin(self, begin: str) -> None:
        """This will begin a transaction with the next statement."""
        self._owed = begin
        self._last_trip = time.perf_counter()

    def owed_begin(self) -> str | None:
        """What must be said before the statement that goes to the thread now."""
        begin, self._owed = self._owed, None
        self._is_begun = self._is_begun or begin is not None
        return begin

    async def commit(self) -> None:
        """This will end the transaction, if it began."""
        if self._ends():
            await super().commit()

    async def rollback(self) -> None:
        """This will undo the transaction, if it began; there is nothing to wait for."""
        if not self._ends():
            return
        if self._is_idle:
            self._conn.rollback()
        else:
            await super().rollback()

    def _ends(self) -> bool:
        began, self._is_begun, self._owed = self._is_begun, False, None
        return began

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        """A cursor; SQLAlchemy enters it itself."""
        return OneTripCursor(self)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """This will have the thread do it."""
        self._is_idle = False
        done = await super()._execute(partial(self._alone, fn), *args, **kwargs)  # type: ignore[no-untyped-call]
        self._last_trip = time.perf_counter()
        return done

    def _alone(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._is_idle = True

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except sqlite3.Error:
            self._thread.join()  # told to end; it must do so before the loop to which it reports
            raise


class InPlaceConnection(OneTripConnection):
    """A connection that makes no trip: its statements run where they are asked for.

    Nothing else runs meanwhile, so this is for commands that are alone in their process.
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)


def connect(database: str, **options: Any) -> OneTripConnection:
    """This will give a connection to be awaited, as SQLAlchemy's `async_creator_fn` must."""
    options["check_same_thread"] = False  # opened in the driver's thread, used in both
    return _begun(OneTripConnection(lambda: sqlite3.connect(database, **options), CHUNK))


def connect_in_place(database: str, **options: Any) -> InPlaceConnection:
    """The same, for a process that does nothing beside its statements."""
    options["check_same_thread"] = False
    return _begun(InPlaceConnection(lambda: sqlite3.connect(database, **options), CHUNK))


def _begun(connection: Connecting) -> Connecting:
    connection._thread.daemon = True  # as SQLAlchemy has it: nothing waits for it at the end
    return connection
