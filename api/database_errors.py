"""A database that is away or full: the caller is told to ask again, and nothing is our fault."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from rules.refusals import Refusal

#: What SQLite calls its file being in somebody else's hands, out of reach, or out of room.
SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR")
#: Classes of PostgreSQL's SQLSTATE: connection, resources, shutdown; and a lock that never came.
POSTGRES_AWAY = ("08", "53", "57P", "55P03")
#: What to register beside; DBAPIError is judged by `is_away`.
AWAY = (ConnectionError, NoConnectionFree)


class DatabaseUnavailable(Refusal):
    message = "O banco de dados não está respondendo. Tente novamente em instantes."


def is_away(error: DBAPIError) -> bool:
    """Whether the database could not be reached or used at all; False: the statement is at fault.

    Whatever was asked may be asked again: a transaction that was cut off is not there.
    """
    if error.connection_invalidated:
        return True
    cause: Any = error.orig
    name = getattr(cause, "sqlite_errorname", "") or ""
    state = getattr(cause, "sqlstate", "") or getattr(cause, "pgcode", "") or ""
    return name.startswith(SQLITE_AWAY) or state.startswith(POSTGRES_AWAY)
