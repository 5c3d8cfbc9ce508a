"""SQLite in one trip to its thread for each statement, where the driver makes four."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import aiosqlite

Connecting = TypeVar("Connecting", bound=aiosqlite.Connection)
#: The driver's own, for cursors that nobody here uses.
CHUNK = 64


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
        await self._in_thread(self._run, sql, parameters or ())
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> OneTripCursor:
        """This will run the statement for each of the parameters."""
        await self._in_thread(self._run_many, sql, parameters)
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

    async def _in_thread(self, run: Callable[..., None], sql: str, parameters: Any) -> None:
        begin = self._conn.owed_begin()  # type: ignore[attr-defined]
        await self._execute(run, sql, parameters, begin)  # type: ignore[no-untyped-call]

    def _run(self, sql: str, parameters: Any, begin: str | None) -> None:
        self._begin(begin)
        self._cursor = self._conn._conn.execute(sql, parameters)
        self._rows = iter(self._cursor.fetchall() if self._cursor.description else ())
        self._cursor.close()

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

    def owe_begin(self, begin: str) -> None:
        """This will begin a transaction with the next statement."""
        self._owed = begin

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
        """This will undo the transaction, if it began."""
        if self._ends():
            await super().rollback()

    def _ends(self) -> bool:
        began, self._is_begun, self._owed = self._is_begun, False, None
        return began

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        """A cursor; SQLAlchemy enters it itself."""
        return OneTripCursor(self)

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
    return _begun(OneTripConnection(lambda: sqlite3.connect(database, **options), CHUNK))


def connect_in_place(database: str, **options: Any) -> InPlaceConnection:
    """The same, for a process that does nothing beside its statements."""
    options["check_same_thread"] = False  # opened in the driver's thread, used in ours
    return _begun(InPlaceConnection(lambda: sqlite3.connect(database, **options), CHUNK))


def _begun(connection: Connecting) -> Connecting:
    connection._thread.daemon = True  # as SQLAlchemy has it: nothing waits for it at the end
    return connection
