"""Rows of a statement of labelled columns, by the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import RowMapping, Select
from sqlmodel.ext.asyncio.session import AsyncSession


async def rows_of(session: AsyncSession, statement: Select[Any]) -> Sequence[RowMapping]:
    """This will read every row of the statement.

    SQLModel's `exec` types only its own selects, and its `execute` warns; hence the cast.
    """
    rows: Sequence[RowMapping] = (await session.exec(cast(Any, statement))).mappings().all()
    return rows
