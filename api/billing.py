"""Billing on demand: its runs, how far each is, what it made, what it left off and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from activities.billing import start_billing
from api.dependencies import Principal, ReadSession, need
from api.forms import Key
from api.language import N_, gettext
from api.listing import Column, Listing
from api.run_routes import RunKind, add_run_routes
from api.runs import run_of, state_of
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
        Column("requested_by", N_("Por"), Kind.PERSON),
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


@pages.get(f"{PATH}/{{run_id}}/faturas")
async def made_page(request: Request, run_id: Key, by: Sees, session: ReadSession) -> Response:
    """The invoices that a run made."""
    run = await run_of(session, run_id, kind=KIND)
    return await MADE.view(request).answer(
        session, billing.select_made(run_id), "pages/billing/made.html", run=run,
        present=_made_row,
    )  # fmt: skip


@pages.get(f"{PATH}/{{run_id}}/fora")
async def skipped_page(request: Request, run_id: Key, _by: Sees, session: ReadSession) -> Response:
    """What a run left off, and why."""
    run = await run_of(session, run_id, kind=KIND)
    return await SKIPPED.view(request).answer(
        session, billing.select_skipped(run_id), "pages/billing/skipped.html", run=run,
        present=_skipped_row,
    )  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    state = state_of(row["status"])
    by = gettext(N_("Sistema")) if row["requested_by"] == "system" else row["requested_by"]
    return {**row, "href": f"{PATH}/{row['id']}", "state": state, "requested_by": by}


def _made_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row, "href": f"/cobrancas/faturas/{row['id']}", "label": row["number"],
        "links": {"customer": f"/clientes/{row['customer_id']}"},
    }  # fmt: skip


def _skipped_row(row: Mapping[str, Any]) -> dict[str, Any]:
    why = gettext(REASONS[SkipReason(row["reason"])])
    return {**row, "why": why, "amount": Decimal(row["amount"])}


def _shown(run: BulkRun) -> dict[str, Any]:
    left = [(gettext(label), run.summary[each]) for each, label in REASONS.items()
            if run.summary.get(each)]  # fmt: skip
    return {"amount": Decimal(run.summary.get("amount", "0")), "left_off": left}


# --- JSON -----------------------------------------------------------------------------------------


@router.get("/api/billing/runs/{run_id}/skipped", dependencies=[need("billing:see")])
async def skipped(run_id: Key, session: ReadSession, after: int = 0) -> list[SkippedView]:
    """What a run left off and why, 500 rows at once; the next ones are `after` the last id."""
    await run_of(session, run_id, kind=KIND)
    rows = await billing.skipped_after(session, run_id, after=after, limit=SKIPPED_AT_ONCE)
    return [SkippedView.model_validate(dict(row)) for row in rows]


def _told(run: BulkRun) -> dict[str, Any]:
    left = {each: run.summary[each] for each in SkipReason if each in run.summary}
    return {
        "invoices": run.changed, "amount": run.summary.get("amount", "0"), "left_off": left,
    }  # fmt: skip


add_run_routes(
    router,
    RunKind(
        kind=KIND, action="billing", path=PATH, api_path="/api/billing/runs",
        see="billing:see", act="billing:act", start=start_billing,
        page="pages/billing/run.html", progress="pages/billing/progress.html",
        stopping=N_("O faturamento vai parar em instantes."), view=BillingRunView,
        told=_told, shown=_shown,
    ),
)  # fmt: skip
router.include_router(pages)
