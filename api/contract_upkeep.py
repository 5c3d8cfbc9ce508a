"""The nightly scan of contracts: its runs, how far each is, what it did; started now, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from activities.contract_upkeep import KIND, start_upkeep
from api.dependencies import Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Listing
from api.run_routes import RunKind, add_run_routes
from api.runs import state_of
from api.table import Kind
from models import runs
from models.bulk import BulkRun

router = APIRouter(tags=["contracts"])

Sees = Annotated[Principal, need("billing:see")]
Acts = Annotated[Principal, need("billing:act")]
PATH = "/contratos/rotina"

FIGURES = {
    "extended": N_("Contratos com contas geradas à frente"),
    "queued": N_("Contratos na fila de renovação"),
    "readjusted": N_("Reajustes abertos"),
    "overdue": N_("Faturas vencidas contadas a outros sistemas"),
    "promises": N_("Promessas cumpridas ou não"),
    "freed": N_("Clientes avisados do fim da fidelidade"),
}
RUNS = Listing(
    columns=(
        Column("business_date", N_("Dia"), Kind.DAY),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("changed", N_("Alterações"), Kind.NUMBER),
        Column("requested_by", N_("Por"), Kind.PERSON),
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


@router.get(PATH, include_in_schema=False)
async def runs_page(request: Request, by: Sees, session: ReadSession) -> Response:
    """Every scan, the last one first."""
    return await RUNS.view(request).answer(
        session, runs.select_runs(kind=KIND), "pages/contracts/upkeep_runs.html", present=_row,
        may_act=by.may("billing:act"), path=PATH,
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    by = gettext(N_("Sistema")) if row["requested_by"] == "system" else row["requested_by"]
    state = state_of(row["status"])
    return {**row, "href": f"{PATH}/{row['id']}", "state": state, "requested_by": by}


def _shown(run: BulkRun) -> dict[str, Any]:
    return {
        "figures": [(gettext(label), run.summary.get(name, 0)) for name, label in FIGURES.items()]
    }


add_run_routes(
    router,
    RunKind(
        kind=KIND, action="contract_upkeep", path=PATH, api_path="/api/contract-upkeep/runs",
        see="billing:see", act="billing:act", start=start_upkeep,
        page="pages/contracts/upkeep_run.html", progress="pages/contracts/upkeep_progress.html",
        stopping=N_("A rotina vai parar em instantes."), view=UpkeepRunView,
        told=lambda _run: {}, shown=_shown,
    ),
)  # fmt: skip
