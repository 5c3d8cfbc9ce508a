"""Bulk runs as they are asked for, watched and stopped; the work itself is elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkRun
from models.outbox import OutboxEntry, Verb
from rules.runs import RunNotFound


async def open_run(  # noqa: PLR0913 - the columns of a run
    session: AsyncSession,
    *,
    kind: str,
    key: str,
    business_date: date,
    by: str,
    at: datetime,
    workflow: str | None = None,
) -> BulkRun:
    """This will write a run down, to be worked on; the same key gets the same run.

    With `workflow`, a run that is new has that workflow started.
    """
    known = await _run_with_key(session, key)
    if known is not None:
        return known
    run = BulkRun(key=key, kind=kind, business_date=business_date, requested_by=by, requested_at=at)
    try:
        async with session.begin_nested():
            session.add(run)
    except IntegrityError:  # somebody else asked at the same instant
        known = await _run_with_key(session, key)
        if known is None:
            raise
        return known
    if workflow is not None:
        start(session, run, workflow=workflow, at=at)
    return run


async def lock_run(session: AsyncSession, run_id: int) -> BulkRun:
    """This will read a run for changing it. Raises RunNotFound."""
    statement = select(BulkRun).where(BulkRun.id == run_id).with_for_update()
    run = (await session.exec(statement)).one_or_none()
    if run is None:
        raise RunNotFound
    return run


async def latest_run(session: AsyncSession, *, kind: str) -> BulkRun | None:
    """The newest run of a kind, whatever became of it."""
    statement = select(BulkRun).where(BulkRun.kind == kind).order_by(col(BulkRun.id).desc())
    return (await session.exec(statement.limit(1))).first()


def select_runs(*, kind: str) -> Select[Any]:
    """Every run of a kind with what its list shows."""
    columns: tuple[Any, ...] = (
        col(BulkRun.id).label("id"),
        col(BulkRun.business_date).label("business_date"),
        col(BulkRun.status).label("status"),
        col(BulkRun.changed).label("changed"),
        col(BulkRun.errors).label("errors"),
        col(BulkRun.requested_by).label("requested_by"),
        col(BulkRun.requested_at).label("requested_at"),
    )
    return select_columns(*columns).where(col(BulkRun.kind) == kind)


async def request_stop(session: AsyncSession, run_id: int) -> None:
    """This will have a run end after its current page; one that has ended stays as it is."""
    run = await lock_run(session, run_id)
    run.stop_requested = True
    session.add(run)


def start(
    session: AsyncSession, run: BulkRun, *, workflow: str, at: datetime, verb: Verb = Verb.START
) -> None:
    """This will have the run's workflow started once the transaction commits."""
    session.add(
        OutboxEntry(
            verb=verb,
            workflow=workflow,
            workflow_id=f"{run.kind}/{run.id}",
            argument={"run_id": run.id},
            created_at=at,
        )
    )


async def _run_with_key(session: AsyncSession, key: str) -> BulkRun | None:
    return (await session.exec(select(BulkRun).where(BulkRun.key == key))).one_or_none()
