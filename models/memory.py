"""What a transaction asks again and again and hardly ever changes, kept for as long as it lasts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import object_session
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

KEY = "kept"


def kept_by(session: AsyncSession) -> dict[Any, Any]:
    """What this session has read before, by a name of the reader's choice; it may add to it."""
    kept: dict[Any, Any] = session.info.setdefault(KEY, {})
    return kept


def forget_when_written(table: type[SQLModel]) -> None:
    """This will have a session forget what it kept when it writes a row of that table."""
    for change in ("after_insert", "after_update", "after_delete"):
        event.listen(table, change, _forget)


def _forget(_mapper: object, _connection: object, row: object) -> None:
    session = object_session(row)
    if session is not None:
        session.info.pop(KEY, None)
