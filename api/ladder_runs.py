"""The ladder's runs: what tomorrow would bring, running it now, watching it, stopping it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from activities.ladder import KIND, start_ladder
from activities.ladder_preview import preview_of_day, take_out
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.ladder_forms import ACTIONS
from api.ladders import PATH, preview_json
from api.language import N_, gettext
from api.rendering import page, redirect
from api.runs import Progress, progress_of, progress_part, run_of, start_run, stop_run
from models import runs
from models.bulk import BulkRun
from models.people import record

router = APIRouter(tags=["ladders"])

Sees = Annotated[Principal, need("ladders:see")]
Edits = Annotated[Principal, need("ladders:edit")]
RUNS = f"{PATH}/execucoes"
TOMORROW = f"{PATH}/amanha"


class LadderRunView(BaseModel):
    """A run of the ladder and how far it is; `done` and `total` are customers."""

    id: int
    status: str
    business_date: str
    total: int
    done: int
    steps: int
    summary: dict[str, Any]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested: bool


# --- pages ----------------------------------------------------------------------------------------


@router.get(TOMORROW, include_in_schema=False)
async def tomorrow_page(
    request: Request, by: Sees, session: ReadSession, now: Now, today: Today
) -> Response:
    """The dry run of tomorrow: who would be written to, suspended, forwarded."""
    found = await preview_of_day(session, at=now, today=today)
    latest = await runs.latest_run(session, kind=KIND)
    return page(
        request, "pages/ladder/tomorrow.html", now=now, found=found, latest=latest,
        action_words=ACTIONS, may_edit=by.may("ladders:edit"),
    )  # fmt: skip


@router.post(f"{TOMORROW}/retirada", include_in_schema=False)
async def take_out_by_page(
    request: Request, by: Edits, database: Db, now: Now, today: Today, ip: Ip
) -> Response:
    """Keeps the picked invoices out of tomorrow; what remains comes a day later."""
    sent = await request.form()
    ids = sorted({int(str(each)) for each in sent.getlist("ids") if str(each).isdecimal()})
    async with database.write() as session:
        take_out(session, ids, today=today, by=by.login, at=now)
        record(session, by.deed(at=now, ip=ip), "ladder.take_out", subject="ladder", invoices=ids)
    return redirect(request, TOMORROW, N_("%(n)s fatura(s) fora de amanhã."), n=len(ids))


@router.post(RUNS, include_in_schema=False)
async def run_now(request: Request, by: Edits, database: Db, now: Now, ip: Ip) -> Response:
    """Runs the ladder now, or leads to the run that is under way."""
    run = await _start(database, by, now, ip)
    return redirect(request, f"{RUNS}/{run.number}")


@router.get(f"{RUNS}/{{run_id:int}}", include_in_schema=False)
async def watch(
    request: Request, run_id: int, by: Sees, session: ReadSession, now: Now
) -> Response:
    """A run and its progress."""
    run = await run_of(session, run_id, kind=KIND)
    return page(request, "pages/ladder/run.html", now=now, **_shown(run, by, now))


@router.get(f"{RUNS}/{{run_id:int}}/andamento", include_in_schema=False)
async def watch_part(run_id: int, by: Sees, session: ReadSession, now: Now) -> HTMLResponse:
    """The progress alone, as the page asks for it again and again."""
    shown = _shown(await run_of(session, run_id, kind=KIND), by, now)
    return progress_part("pages/ladder/progress.html", now=now, **shown)


@router.post(f"{RUNS}/{{run_id:int}}/parada", include_in_schema=False)
async def stop_by_page(
    request: Request, run_id: int, by: Edits, database: Db, now: Now, ip: Ip
) -> Response:
    """Has the run end after the customers it is at."""
    await _stop(database, run_id, by, now, ip)
    return redirect(request, f"{RUNS}/{run_id}", N_("A régua vai parar em instantes."))


# --- JSON -----------------------------------------------------------------------------------------


@router.get("/api/ladder-preview")
async def preview(_by: Sees, session: ReadSession, now: Now, today: Today) -> dict[str, Any]:
    """What all ladders would do tomorrow; nothing is changed."""
    return preview_json(await preview_of_day(session, at=now, today=today))


@router.post("/api/ladder-runs", status_code=202)
async def start(by: Edits, database: Db, now: Now, ip: Ip) -> LadderRunView:
    """Runs the ladder now; a run that is under way is given instead of a second one."""
    return _view(await _start(database, by, now, ip))


@router.get("/api/ladder-runs/{run_id}", dependencies=[need("ladders:see")])
async def show(run_id: int, session: ReadSession) -> LadderRunView:
    """How far a run is, and what it did."""
    return _view(await run_of(session, run_id, kind=KIND))


@router.post("/api/ladder-runs/{run_id}/stop")
async def stop(run_id: int, by: Edits, database: Db, now: Now, ip: Ip) -> LadderRunView:
    """Has a run end after the customers it is at; one that ended stays as it is."""
    return _view(await _stop(database, run_id, by, now, ip))


async def _start(database: Db, by: Principal, now: datetime, ip: str) -> BulkRun:
    deed = by.deed(at=now, ip=ip)
    return await start_run(database, start_ladder, deed, action="ladder.start")


async def _stop(database: Db, run_id: int, by: Principal, now: datetime, ip: str) -> BulkRun:
    deed = by.deed(at=now, ip=ip)
    return await stop_run(database, run_id, deed, kind=KIND, action="ladder.stop")


def _shown(run: BulkRun, by: Principal, now: datetime) -> dict[str, Any]:
    progress: Progress = progress_of(run, now=now)
    done = [
        (gettext(label), run.summary[action])
        for action, (label, _, _) in ACTIONS.items()
        if run.summary.get(action)
    ]
    return {"progress": progress, "done": done, "may_act": by.may("ladders:edit")}


def _view(run: BulkRun) -> LadderRunView:
    told = {**run.model_dump(), "business_date": run.business_date.isoformat()}
    return LadderRunView.model_validate({**told, "steps": run.changed})
