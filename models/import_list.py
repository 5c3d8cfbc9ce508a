"""The list of imports, and what was wrong in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkError, BulkRun
from models.imports import KIND


def select_imports() -> Select[Any]:
    """Every import with what its list shows."""
    columns: tuple[Any, ...] = (
        col(BulkRun.id).label("id"),
        col(BulkRun.requested_at).label("requested_at"),
        col(BulkRun.requested_by).label("requested_by"),
        col(BulkRun.parameters).label("parameters"),
        col(BulkRun.status).label("status"),
        col(BulkRun.is_dry_run).label("is_dry_run"),
        col(BulkRun.total).label("total"),
        col(BulkRun.changed).label("changed"),
        col(BulkRun.unchanged).label("unchanged"),
        col(BulkRun.errors).label("errors"),
    )
    return select_columns(*columns).where(col(BulkRun.kind) == KIND)


def select_import_errors(run_id: int) -> Select[Any]:
    """What was wrong in one import, row by row."""
    columns: tuple[Any, ...] = (
        col(BulkError.id).label("id"),
        col(BulkError.file).label("file"),
        col(BulkError.line).label("line"),
        col(BulkError.field).label("field"),
        col(BulkError.code).label("code"),
        col(BulkError.message).label("message"),
        col(BulkError.places).label("places"),
        col(BulkError.value).label("value"),
    )
    return select_columns(*columns).where(col(BulkError.run_id) == run_id)


async def newest_imports(session: AsyncSession, *, limit: int) -> Sequence[BulkRun]:
    """The newest imports, the last one first."""
    statement = select(BulkRun).where(BulkRun.kind == KIND).order_by(col(BulkRun.id).desc())
    return (await session.exec(statement.limit(limit))).all()
