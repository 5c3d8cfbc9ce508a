"""Billing on demand: its runs, how far each is, what it made, what it left off and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from activities.billing import start_billing
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Listing
from api.panels import Key
from api.rendering import page, redirect
from api.runs import progress_of, progress_part, run_of, start_run, state_of, stop_run
from api.table import Kind
from models import billing, runs
from models.billing import KIND
from models.bulk import BulkRun
from rules.billing import SkipReason

router = APIRouter(tags=["billing"])
pages = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need("billing:see")]
Acts = Annotated[Principal, need("billing:act")]
PATH = "/contratos/faturamento"
SKIPPED_AT_ONCE = 500

REASONS = {
    SkipReason.COURTESY: N_("Cortesia: o contrato não é faturado"),
    SkipReason.REVIEW: N_("Aguardando conferência"),
    SkipReason.SUSPENDED: N_("Contrato suspenso: os dias sem serviço não são cobrados"),
    SkipReason.BY_COMMAND: N_("Contas agrupadas: faturadas só por comando"),
    SkipReason.CREDIT: N_("Crédito maior que as cobranças: fica para a próxima fatura"),
}
RUNS = Listing(
    columns=(
        Column("business_date", N_("Dia"), Kind.DAY),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("changed", N_("Faturas"), Kind.NUMBER),
        Column("errors", N_("Contratos com cobranças não faturadas"), Kind.NUMBER),
        Column("requested_by", N_("Por")),
        Column("requested_at", N_("Quando"), Kind.MOMENT, is_sortable=True),
    ),
    default_sort="-requested_at",
    empty=N_("Nenhum faturamento ainda. O primeiro sai amanhã às 5h, ou agora pelo botão."),
)
MADE = Listing(
    columns=(
        Column("number", N_("Fatura")),
        Column("customer", N_("Cliente")),
        Column("issue_date", N_("Emissão"), Kind.DAY),
        Column("due_date", N_("Vencimento"), Kind.DAY, is_sortable=True),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
    ),
    default_sort="due_date",
    empty=N_("Nenhuma fatura foi criada."),
)
SKIPPED = Listing(
    columns=(
        Column("contract", N_("Contrato")),
        Column("why", N_("Motivo")),
        Column("charges", N_("Cobranças"), Kind.NUMBER),
        Column("amount", N_("Valor"), Kind.MONEY),
    ),
    default_sort="id",
    empty=N_("Nenhuma cobrança ficou de fora."),
)


class BillingRunView(BaseModel):
    """A billing run and how far it is; `done` and `total` are customers, `left_off` charges."""

    id: int
    business_date: date
    status: str
    total: int
    done: int
    invoices: int
    amount: Decimal
    left_off: dict[SkipReason, int]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested: bool


class SkippedView(BaseModel):
    """Charges of a contract that a run left off; `id` is where the next page begins."""

    id: int
    contract: str
    reason: SkipReason
    charges: int
    amount: Decimal


# --- pages ----------------------------------------------------------------------------------------


@pages.get(PATH)
async def runs_page(request: Request, by: Sees, session: ReadSession) -> Response:
    """Every run, the last one first."""
    return await RUNS.view(request).answer(
        session, runs.select_runs(kind=KIND), "pages/billing/runs.html", present=_row,
        may_act=by.may("billing:act"),
    )  # fmt: skip


@pages.post(PATH)
async def bill_now(request: Request, by: Acts, database: Db, now: Now, ip: Ip) -> Response:
    """Bills now, or leads to the run that is under way."""
    run = await _start(database, by, now, ip)
    return redirect(request, f"{PATH}/{run.id}")


@pages.get(f"{PATH}/{{run_id}}")
async def watch(
    request: Request, run_id: Key, by: Sees, session: ReadSession, now: Now
) -> Response:
    """A run, how far it is, and what it left off."""
    run = await run_of(session, run_id, kind=KIND)
    return page(request, "pages/billing/run.html", now=now, **_shown(run, by, now))


@pages.get(f"{PATH}/{{run_id}}/andamento")
async def watch_part(run_id: Key, by: Sees, session: ReadSession, now: Now) -> HTMLResponse:
    """The progress alone, as the page asks for it again and again."""
    shown = _shown(await run_of(session, run_id, kind=KIND), by, now)
    return progress_part("pages/billing/progress.html", now=now, **shown)


@pages.get(f"{PATH}/{{run_id}}/faturas")
async def made_page(request: Request, run_id: Key, by: Sees, session: ReadSession) -> Response:
    """The invoices that a run made."""
    run = await run_of(session, run_id, kind=KIND)
    may_open = by.may("collections.account:see")
    return await MADE.view(request).answer(
        session, billing.select_made(run_id), "pages/billing/made.html", run=run,
        present=lambda row: _made_row(row) if may_open else dict(row),
    )  # fmt: skip


@pages.get(f"{PATH}/{{run_id}}/fora")
async def skipped_page(request: Request, run_id: Key, _by: Sees, session: ReadSession) -> Response:
    """What a run left off, and why."""
    run = await run_of(session, run_id, kind=KIND)
    return await SKIPPED.view(request).answer(
        session, billing.select_skipped(run_id), "pages/billing/skipped.html", run=run,
        present=_skipped_row,
    )  # fmt: skip


@pages.post(f"{PATH}/{{run_id}}/parada")
async def stop_by_page(
    request: Request, run_id: Key, by: Acts, database: Db, now: Now, ip: Ip
) -> Response:
    """Has the run end after the customers it is at; the invoices it made stay."""
    await _stop(database, run_id, by, now, ip)
    return redirect(request, f"{PATH}/{run_id}", N_("O faturamento vai parar em instantes."))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    state = state_of(row["status"])
    by = gettext(N_("Sistema")) if row["requested_by"] == "system" else row["requested_by"]
    return {**row, "href": f"{PATH}/{row['id']}", "state": state, "requested_by": by}


def _made_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "href": f"/cobrancas/contas/{row['customer_id']}"}


def _skipped_row(row: Mapping[str, Any]) -> dict[str, Any]:
    why = gettext(REASONS[SkipReason(row["reason"])])
    return {**row, "why": why, "amount": Decimal(row["amount"])}


def _shown(run: BulkRun, by: Principal, now: datetime) -> dict[str, Any]:
    left = [(gettext(label), run.summary[each]) for each, label in REASONS.items()
            if run.summary.get(each)]  # fmt: skip
    return {
        "progress": progress_of(run, now=now),
        "amount": Decimal(run.summary.get("amount", "0")),
        "left_off": left,
        "may_act": by.may("billing:act"),
    }


# --- JSON -----------------------------------------------------------------------------------------


@router.post("/api/billing/runs", status_code=202)
async def start(by: Acts, database: Db, now: Now, ip: Ip) -> BillingRunView:
    """Bills now; a run that is under way is given instead of a second one."""
    return _view(await _start(database, by, now, ip))


@router.get("/api/billing/runs/{run_id}", dependencies=[need("billing:see")])
async def show(run_id: Key, session: ReadSession) -> BillingRunView:
    """How far a run is, and what it made."""
    return _view(await run_of(session, run_id, kind=KIND))


@router.get("/api/billing/runs/{run_id}/skipped", dependencies=[need("billing:see")])
async def skipped(run_id: Key, session: ReadSession, after: int = 0) -> list[SkippedView]:
    """What a run left off and why, 500 rows at once; the next ones are `after` the last id."""
    await run_of(session, run_id, kind=KIND)
    rows = await billing.skipped_after(session, run_id, after=after, limit=SKIPPED_AT_ONCE)
    return [SkippedView.model_validate(dict(row)) for row in rows]


@router.post("/api/billing/runs/{run_id}/stop")
async def stop(run_id: Key, by: Acts, database: Db, now: Now, ip: Ip) -> BillingRunView:
    """Has a run end after the customers it is at; one that ended stays as it is."""
    return _view(await _stop(database, run_id, by, now, ip))


async def _start(database: Db, by: Principal, now: datetime, ip: str) -> BulkRun:
    deed = by.deed(at=now, ip=ip)
    return await start_run(database, start_billing, deed, action="billing.start")


async def _stop(database: Db, run_id: int, by: Principal, now: datetime, ip: str) -> BulkRun:
    deed = by.deed(at=now, ip=ip)
    return await stop_run(database, run_id, deed, kind=KIND, action="billing.stop")


def _view(run: BulkRun) -> BillingRunView:
    left = {each: run.summary[each] for each in SkipReason if each in run.summary}
    amount = run.summary.get("amount", "0")
    told = {"invoices": run.changed, "amount": amount, "left_off": left}
    return BillingRunView.model_validate({**run.model_dump(), **told})


router.include_router(pages)
