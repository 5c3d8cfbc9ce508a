"""Rows of a statement of labelled columns, by the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy
from sqlalchemy import RowMapping, Select
from sqlmodel.ext.asyncio.session import AsyncSession


async def rows_of(session: AsyncSession, statement: Select[Any]) -> Sequence[RowMapping]:
    """This will read every row of the statement.

    SQLModel's `exec` types only its own selects, and its `execute` warns; hence the cast.
    """
    rows: Sequence[RowMapping] = (await session.exec(cast(Any, statement))).mappings().all()
    return rows


#: SQLite takes so many values in a statement, and PostgreSQL a few more.
AT_ONCE = 10_000


async def in_parts(
    session: AsyncSession, columns: Sequence[Any], by: Any, values: Sequence[Any]
) -> list[Any]:
    """Rows whose column is one of many values, asked for in parts."""
    found: list[Any] = []
    for start in range(0, len(values), AT_ONCE):
        part = values[start : start + AT_ONCE]
        found += await read_rows(session, sqlalchemy.select(*columns).where(by.in_(part)))
    return found


async def read_rows(session: AsyncSession, statement: Any) -> Sequence[Any]:
    """This will read every row of a statement of columns, as tuples with names."""
    rows: Sequence[Any] = (await session.exec(cast(Any, statement))).all()
    return rows
