"""The classifier on demand: starting a run, watching its progress, stopping it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from activities.classification import KIND, start_classification
from api.dependencies import Db, Now, Principal, ReadSession, need
from api.language import N_
from api.panels import ROOT, Key
from api.rendering import page, redirect
from api.runs import progress_of, progress_part, run_of, start_run, stop_run
from models.bulk import BulkRun

router = APIRouter(tags=["collections"])
pages = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need("collections.classified:see")]
Acts = Annotated[Principal, need("collections.classified:act")]
RUNS = f"{ROOT}/classificacoes"


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


# --- pages ----------------------------------------------------------------------------------------


@pages.post(RUNS)
async def run_now(request: Request, by: Acts, database: Db, now: Now) -> Response:
    """Runs the classifier now, or leads to the run that is under way."""
    run = await _start(database, by, now)
    return redirect(request, f"{RUNS}/{run.id}")


@pages.get(f"{RUNS}/{{run_id}}")
async def watch(
    request: Request, run_id: Key, by: Sees, session: ReadSession, now: Now
) -> Response:
    """A run and its progress."""
    run = await run_of(session, run_id, kind=KIND)
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
    progress = progress_of(await run_of(session, run_id, kind=KIND), now=now)
    may_act = by.may("collections.classified:act")
    return progress_part(
        "pages/collections/panel_progress.html", now=now, progress=progress, may_act=may_act
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
    return _view(await _start(database, by, now))


@router.get("/api/collections/classifications/{run_id}")
async def show(run_id: Key, by: Sees, session: ReadSession) -> RunView:
    """How far a run is."""
    return _view(await run_of(session, run_id, kind=KIND))


@router.post("/api/collections/classifications/{run_id}/stop")
async def stop(run_id: Key, by: Acts, database: Db, now: Now) -> RunView:
    """Has a run end after the customers it is at; one that ended stays as it is."""
    return _view(await _stop(database, run_id, by, now))


async def _start(database: Db, by: Principal, now: datetime) -> BulkRun:
    deed = by.deed(at=now, ip=by.ip)
    return await start_run(database, start_classification, deed, action="classification.start")


async def _stop(database: Db, run_id: int, by: Principal, now: datetime) -> BulkRun:
    deed = by.deed(at=now, ip=by.ip)
    return await stop_run(database, run_id, deed, kind=KIND, action="classification.stop")


def _view(run: BulkRun) -> RunView:
    return RunView.model_validate({**run.model_dump(), "invoices": run.changed})


router.include_router(pages)
