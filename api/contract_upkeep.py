"""The nightly scan of contracts: its runs, how far each is, what it did; started now, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select as select_columns

from activities.contract_upkeep import KIND, start_upkeep
from api.dependencies import Principal, ReadSession, need
from api.forms import Key
from api.language import N_, gettext
from api.listing import Column, Listing
from api.run_routes import RunKind, add_run_routes
from api.runs import run_of, state_of
from api.table import Kind
from models import runs
from models.bulk import BulkRun
from models.rows import rows_of
from models.upkeep_lists import select_done

router = APIRouter(tags=["contracts"])

Sees = Annotated[Principal, need("billing:see")]
Acts = Annotated[Principal, need("billing:act")]
PATH = "/contratos/rotina"


class Figure(StrEnum):
    """What a scan does, as its counts are called (activities/contract_upkeep.py, STEPS)."""

    EXTENDED = "extended"
    QUEUED = "queued"
    READJUSTED = "readjusted"
    OVERDUE = "overdue"
    PROMISES = "promises"
    FREED = "freed"


FIGURES = {
    Figure.EXTENDED: N_("Contratos com contas geradas à frente"),
    Figure.QUEUED: N_("Contratos na fila de renovação"),
    Figure.READJUSTED: N_("Reajustes abertos"),
    Figure.OVERDUE: N_("Faturas vencidas contadas a outros sistemas"),
    Figure.PROMISES: N_("Promessas cumpridas ou não"),
    Figure.FREED: N_("Clientes avisados do fim da fidelidade"),
}
AT_ONCE = 500
DONE = Listing(
    columns=(
        Column("name", N_("Contrato ou fatura")),
        Column("customer", N_("Cliente")),
        Column("at", N_("Quando"), Kind.MOMENT),
    ),
    default_sort="id",
    empty=N_("Nada disso nesta execução."),
)
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


class DoneView(BaseModel):
    """What a scan did something to; `id` is the contract's, invoice's or promise's own."""

    id: int
    name: str | None
    customer: str
    at: datetime


@router.get(PATH, include_in_schema=False)
async def runs_page(request: Request, by: Sees, session: ReadSession) -> Response:
    """Every scan, the last one first."""
    return await RUNS.view(request).answer(
        session, runs.select_runs(kind=KIND), "pages/contracts/upkeep_runs.html", present=_row,
        may_act=by.may("billing:act"), path=PATH,
    )  # fmt: skip


@router.get(f"{PATH}/{{run_id}}/feito/{{figure}}", include_in_schema=False)
async def done_page(
    request: Request, run_id: Key, figure: Figure, _by: Sees, session: ReadSession
) -> Response:
    """What a figure of a scan counts."""
    run = await run_of(session, run_id, kind=KIND)
    return await DONE.view(request).answer(
        session, select_done(run, figure), "pages/contracts/upkeep_done.html", present=_done,
        run=run, path=PATH, title=gettext(FIGURES[figure]),
    )  # fmt: skip


@router.get("/api/contract-upkeep/runs/{run_id}/done/{figure}", dependencies=[need("billing:see")])
async def list_done(
    run_id: Key, figure: Figure, session: ReadSession, after: Annotated[int, Query(ge=0)] = 0
) -> list[DoneView]:
    """What a figure of a scan counts, 500 at once; the next ones are `after` the last id."""
    run = await run_of(session, run_id, kind=KIND)
    found = select_done(run, figure).subquery()
    wanted = select_columns(found).where(found.c.id > after).order_by(found.c.id).limit(AT_ONCE)
    return [DoneView.model_validate(dict(row)) for row in await rows_of(session, wanted)]


def _done(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "name": row["name"] or gettext(N_("Promessa")), "label": row["customer"]}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    by = gettext(N_("Sistema")) if row["requested_by"] == "system" else row["requested_by"]
    state = state_of(row["status"])
    return {**row, "href": f"{PATH}/{row['id']}", "state": state, "requested_by": by}


def _shown(run: BulkRun) -> dict[str, Any]:
    return {
        "figures": [
            (gettext(label), run.summary.get(name, 0), f"{PATH}/{run.id}/feito/{name}")
            for name, label in FIGURES.items()
        ]
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
