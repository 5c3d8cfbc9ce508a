"""The classifier on demand: starting a run, watching its progress, stopping it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from activities.classification import KIND, start_classification
from api.dependencies import Db, Now, Principal, ReadSession, need
from api.language import N_
from api.panels import ROOT, Key
from api.rendering import fragment, page, redirect
from models import runs
from models.bulk import BulkRun
from models.people import audit
from rules.classification import RunNotFound, RunStatus

router = APIRouter(tags=["collections"])
pages = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need("collections.classified:see")]
Acts = Annotated[Principal, need("collections.classified:act")]
RUNS = f"{ROOT}/classificacoes"

STATUS_NAMES = {
    RunStatus.WAITING: N_("Na fila"),
    RunStatus.RUNNING: N_("Em execução"),
    RunStatus.STOPPED: N_("Parada a pedido"),
    RunStatus.FAILED: N_("Falhou"),
    RunStatus.DONE: N_("Concluída"),
}


class RunView(BaseModel):
    """A run of the classifier and how far it is; `done` and `total` are customers."""

    id: int
    status: str
    total: int
    done: int
    invoices: int
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested: bool


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


# --- pages ----------------------------------------------------------------------------------------


@pages.post(RUNS)
async def run_now(request: Request, by: Acts, database: Db, now: Now) -> Response:
    """Runs the classifier now, or leads to the run that is under way."""
    run_id = await _start(database, by, now)
    return redirect(request, f"{RUNS}/{run_id}")


@pages.get(f"{RUNS}/{{run_id}}")
async def watch(
    request: Request, run_id: Key, by: Sees, session: ReadSession, now: Now
) -> Response:
    """A run and its progress."""
    run = await _run_of(session, run_id)
    return page(
        request,
        "pages/collections/panel_run.html",
        now=now,
        progress=progress_of(run, now=now),
        may_act=by.may("collections.classified:act"),
    )


@pages.get(f"{RUNS}/{{run_id}}/andamento")
async def watch_part(run_id: Key, by: Sees, session: ReadSession, now: Now) -> HTMLResponse:
    """The progress alone, as the page asks for it again and again."""
    progress = progress_of(await _run_of(session, run_id), now=now)
    may_act = by.may("collections.classified:act")
    return HTMLResponse(
        fragment(
            "pages/collections/panel_progress.html", now=now, progress=progress, may_act=may_act
        ),
        headers={"Cache-Control": "no-store"},
    )


@pages.post(f"{RUNS}/{{run_id}}/parada")
async def stop_by_page(request: Request, run_id: Key, by: Acts, database: Db, now: Now) -> Response:
    """Has the run end after the customers it is at; what it classified stays classified."""
    await _stop(database, run_id, by, now)
    return redirect(request, f"{RUNS}/{run_id}", N_("A classificação vai parar em instantes."))


# --- JSON -----------------------------------------------------------------------------------------


@router.post("/api/collections/classifications", status_code=202)
async def start(by: Acts, database: Db, now: Now) -> RunView:
    """Runs the classifier now; a run that is under way is given instead of a second one."""
    run_id = await _start(database, by, now)
    async with database.read() as session:
        return _view(await _run_of(session, run_id))


@router.get("/api/collections/classifications/{run_id}")
async def show(run_id: Key, by: Sees, session: ReadSession) -> RunView:
    """How far a run is."""
    return _view(await _run_of(session, run_id))


@router.post("/api/collections/classifications/{run_id}/stop")
async def stop(run_id: Key, by: Acts, database: Db, now: Now) -> RunView:
    """Has a run end after the customers it is at; one that ended stays as it is."""
    await _stop(database, run_id, by, now)
    async with database.read() as session:
        return _view(await _run_of(session, run_id))


async def _start(database: Db, by: Principal, now: datetime) -> int:
    async with database.write() as session:
        run = await start_classification(session, by=by.login, at=now)
        audit(
            session, by=by.login, ip=by.ip, action="classification.start",
            subject=f"run/{run.id}", at=now,
        )  # fmt: skip
        return run.id or 0


async def _stop(database: Db, run_id: Key, by: Principal, now: datetime) -> None:
    async with database.write() as session:
        await _run_of(session, run_id)
        await runs.request_stop(session, run_id)
        audit(
            session, by=by.login, ip=by.ip, action="classification.stop",
            subject=f"run/{run_id}", at=now,
        )  # fmt: skip


async def _run_of(session: ReadSession, run_id: int) -> BulkRun:
    """The run, if it is one of the classifier's."""
    run = await session.get(BulkRun, run_id)
    if run is None or run.kind != KIND:
        raise RunNotFound
    return run


def _percent(run: BulkRun) -> int:
    if run.total == 0:
        return 100 if run.finished_at else 0
    return 100 * run.done // run.total


def _view(run: BulkRun) -> RunView:
    return RunView.model_validate({**run.model_dump(), "invoices": run.changed})


router.include_router(pages)
