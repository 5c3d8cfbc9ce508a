"""Bulk runs as people see them: what became of one, how far it is, starting and stopping it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from api.language import N_, gettext
from api.rendering import fragment
from api.table import Badge, Tone
from models import runs
from models.bulk import BulkRun
from models.database import Database
from models.people import Deed, record
from rules.runs import RunNotFound, RunStatus

STATUS_NAMES = {
    RunStatus.WAITING: N_("Na fila"),
    RunStatus.RUNNING: N_("Em execução"),
    RunStatus.STOPPED: N_("Parada a pedido"),
    RunStatus.FAILED: N_("Falhou"),
    RunStatus.DONE: N_("Concluída"),
}
TONES = {
    RunStatus.WAITING: Tone.GREY,
    RunStatus.RUNNING: Tone.BLUE,
    RunStatus.STOPPED: Tone.YELLOW,
    RunStatus.FAILED: Tone.RED,
    RunStatus.DONE: Tone.GREEN,
}

Start = Callable[..., Awaitable[BulkRun]]


@dataclass(frozen=True)
class Progress:
    """How a run goes: `rate` customers a second; `left` until it ends, None while unknown."""

    run: BulkRun
    name: str
    percent: int
    rate: int
    left: timedelta | None
    is_under_way: bool


def progress_of(run: BulkRun, *, now: datetime) -> Progress:
    """This will work out the rate of a run and the time it still needs."""
    status = RunStatus(run.status)
    end = run.finished_at or now
    passed = (end - (run.started_at or end)).total_seconds()
    rate = run.done / passed if passed > 0 else 0
    is_known = rate > 0 and run.finished_at is None
    return Progress(
        run=run,
        name=STATUS_NAMES[status],
        percent=_percent(run),
        rate=round(rate),
        left=timedelta(seconds=round((run.total - run.done) / rate)) if is_known else None,
        is_under_way=run.finished_at is None,
    )


def state_of(run_status: str) -> Badge:
    """Where a run stands, as a word on its colour."""
    status = RunStatus(run_status)
    return Badge(gettext(STATUS_NAMES[status]), TONES[status])


async def run_of(session: AsyncSession, run_id: int, *, kind: str) -> BulkRun:
    """This will read a run of that kind. Refuses any other (RunNotFound)."""
    run = await session.get(BulkRun, run_id)
    if run is None or run.kind != kind:
        raise RunNotFound
    return run


async def start_run(session: AsyncSession, start: Start, deed: Deed, *, action: str) -> BulkRun:
    """This will start a run, or give the one under way, and write the deed into the trail."""
    run = await start(session, by=deed.by, at=deed.at)
    record(session, deed, action, subject=f"run/{run.id}")
    return run


async def stop_run(
    database: Database, run_id: int, deed: Deed, *, kind: str, action: str
) -> BulkRun:
    """This will have a run end after the page it is at; one that has ended stays as it is."""
    async with database.write() as session:
        run = await run_of(session, run_id, kind=kind)
        await runs.request_stop(session, run_id)
        record(session, deed, action, subject=f"run/{run_id}")
    return run


def progress_part(template: str, **values: Any) -> HTMLResponse:
    """The progress alone, as a page asks for it again and again."""
    return HTMLResponse(fragment(template, **values), headers={"Cache-Control": "no-store"})


def _percent(run: BulkRun) -> int:
    if run.total == 0:
        return 100 if run.finished_at else 0
    return 100 * run.done // run.total
