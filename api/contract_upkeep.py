"""The nightly scan of contracts: its runs, how far each is, what it did; started now, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from activities.contract_upkeep import KIND, start_upkeep
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Listing
from api.panels import Key
from api.rendering import page, redirect
from api.runs import progress_of, progress_part, run_of, start_run, state_of, stop_run
from api.table import Kind
from models import runs
from models.bulk import BulkRun

router = APIRouter(tags=["contracts"])
pages = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need("billing:see")]
Acts = Annotated[Principal, need("billing:act")]
PATH = "/contratos/rotina"

FIGURES = {
    "extended": N_("Contratos com contas geradas à frente"),
    "queued": N_("Contratos na fila de renovação"),
    "readjusted": N_("Reajustes abertos"),
    "overdue": N_("Faturas vencidas contadas a outros sistemas"),
}
RUNS = Listing(
    columns=(
        Column("business_date", N_("Dia"), Kind.DAY),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("changed", N_("Alterações"), Kind.NUMBER),
        Column("requested_by", N_("Por")),
        Column("requested_at", N_("Quando"), Kind.MOMENT, is_sortable=True),
    ),
    default_sort="-requested_at",
    empty=N_("Nenhuma rotina ainda. A primeira sai amanhã às 4h, ou agora pelo botão."),
)


class UpkeepRunView(BaseModel):
    """A scan and how far it is; `done` and `total` are its steps."""

    id: int
    business_date: date
    status: str
    total: int
    done: int
    summary: dict[str, int]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested: bool


# --- pages ----------------------------------------------------------------------------------------


@pages.get(PATH)
async def runs_page(request: Request, by: Sees, session: ReadSession) -> Response:
    """Every scan, the last one first."""
    return await RUNS.view(request).answer(
        session, runs.select_runs(kind=KIND), "pages/contracts/upkeep_runs.html", present=_row,
        may_act=by.may("billing:act"), path=PATH,
    )  # fmt: skip


@pages.post(PATH)
async def run_now(request: Request, by: Acts, database: Db, now: Now, ip: Ip) -> Response:
    """Looks through the contracts now, or leads to the scan that is under way."""
    run = await _start(database, by, now, ip)
    return redirect(request, f"{PATH}/{run.id}")


@pages.get(f"{PATH}/{{run_id}}")
async def watch(
    request: Request, run_id: Key, by: Sees, session: ReadSession, now: Now
) -> Response:
    """A scan, and how far it is."""
    run = await run_of(session, run_id, kind=KIND)
    return page(request, "pages/contracts/upkeep_run.html", now=now, **_shown(run, by, now))


@pages.get(f"{PATH}/{{run_id}}/andamento")
async def watch_part(run_id: Key, by: Sees, session: ReadSession, now: Now) -> HTMLResponse:
    """The progress alone, as the page asks for it again and again."""
    shown = _shown(await run_of(session, run_id, kind=KIND), by, now)
    return progress_part("pages/contracts/upkeep_progress.html", now=now, **shown)


@pages.post(f"{PATH}/{{run_id}}/parada")
async def stop_by_page(
    request: Request, run_id: Key, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Has the scan end after the page it is at."""
    await _stop(database, run_id, by, now, ip)
    return redirect(request, f"{PATH}/{run_id}", N_("A rotina vai parar em instantes."))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    by = gettext(N_("Sistema")) if row["requested_by"] == "system" else row["requested_by"]
    state = state_of(row["status"])
    return {**row, "href": f"{PATH}/{row['id']}", "state": state, "requested_by": by}


def _shown(run: BulkRun, by: Principal, now: datetime) -> dict[str, Any]:
    figures = [(gettext(label), run.summary.get(name, 0)) for name, label in FIGURES.items()]
    progress = progress_of(run, now=now)
    return {
        "progress": progress, "figures": figures, "path": PATH,
        "may_act": by.may("billing:act"),
    }  # fmt: skip


# --- JSON -----------------------------------------------------------------------------------------


@router.post("/api/contract-upkeep/runs", status_code=202)
async def start(by: Acts, database: Db, now: Now, ip: Ip) -> UpkeepRunView:
    """Looks through the contracts now; a scan under way is given instead of a second one."""
    return _view(await _start(database, by, now, ip))


@router.get("/api/contract-upkeep/runs/{run_id}", dependencies=[need("billing:see")])
async def show(run_id: Key, session: ReadSession) -> UpkeepRunView:
    """How far a scan is, and what it did."""
    return _view(await run_of(session, run_id, kind=KIND))


@router.post("/api/contract-upkeep/runs/{run_id}/stop")
async def stop(run_id: Key, by: Acts, database: Db, now: Now, ip: Ip) -> UpkeepRunView:
    """Has a scan end after the page it is at; one that ended stays as it is."""
    return _view(await _stop(database, run_id, by, now, ip))


async def _start(database: Db, by: Principal, now: datetime, ip: str) -> BulkRun:
    deed = by.deed(at=now, ip=ip)
    return await start_run(database, start_upkeep, deed, action="contract_upkeep.start")


async def _stop(database: Db, run_id: int, by: Principal, now: datetime, ip: str) -> BulkRun:
    deed = by.deed(at=now, ip=ip)
    return await stop_run(database, run_id, deed, kind=KIND, action="contract_upkeep.stop")


def _view(run: BulkRun) -> UpkeepRunView:
    return UpkeepRunView.model_validate(run.model_dump())


router.include_router(pages)
