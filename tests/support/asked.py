"""What a database is asked while something is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from models.database import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    seen: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", notice)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", notice)
