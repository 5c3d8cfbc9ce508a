"""Reports on carriers: each one's score card, and where inventory and invoices drift apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.carrier_filters import scope_choices
from api.contestation_chart_figures import whose
from api.contestation_numbers import Asked, filter_of
from api.dependencies import Principal, ReadSession, Today, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.rendering import page
from api.table import Badge, FilterKind, Kind, Tone
from models.carrier_scores import score_cards
from models.carriers import carrier_choices
from models.contestation_numbers import NumbersFilter
from models.line_drift import Drift, select_drift
from models.policies import load_policy
from models.rows import rows_of
from rules.contestation import ContestationPolicy

router = APIRouter(tags=["carriers"])

DRIFTS: Mapping[str, tuple[str, Tone]] = {
    Drift.UNKNOWN: (N_("Cobrada e fora do inventário"), Tone.RED),
    Drift.CANCELLED: (N_("Cobrada depois de cancelada"), Tone.YELLOW),
    Drift.UNBILLED: (N_("No inventário e não cobrada"), Tone.BLUE),
}
DRIFT_LIST = Listing(
    columns=(
        Column("number", N_("Linha"), is_sortable=True),
        Column("company", N_("Empresa")),
        Column("carrier", N_("Operadora")),
        Column("state", N_("Diferença"), Kind.BADGE),
        Column("amount", N_("Cobrado"), Kind.MONEY, is_nullable=True),
        Column("todo", N_("O que fazer")),
    ),
    default_sort="number",
    filters=(
        Filter("busca", N_("Linha ou empresa")),
        Filter(
            "diferenca", N_("Diferença"), FilterKind.CHOICE,
            tuple((str(key), text) for key, (text, _) in DRIFTS.items()), N_("Todas"),
        ),
    ),
    empty=N_("O inventário e as últimas faturas dizem o mesmo."),
)  # fmt: skip


@router.get("/operadoras/linhas/diferencas", include_in_schema=False)
async def drift_page(
    request: Request, by: Annotated[Principal, need("carriers:see")], session: ReadSession
) -> Response:
    """Lines that are billed and not in the inventory, and the reverse, as work to do."""
    view = DRIFT_LIST.view(request)
    may_act = by.may("carriers:act")
    return await view.answer(
        session,
        select_drift(search=view.text("busca"), drift=view.text("diferenca")),
        "pages/carriers/drift.html",
        present=lambda row: _drift(row, may_act=may_act),
    )


@router.get("/api/lines/drift", dependencies=[need("carriers:see")])
async def read_drift(
    session: ReadSession, drift: Drift | None = None, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Lines in which the newest invoices and the inventory differ; go on with `after`."""
    statement = select_drift(search=None, drift=drift)
    number = statement.selected_columns["id"]
    most = max(1, min(limit, 500))
    rows = await rows_of(session, statement.where(number > after).order_by(number).limit(most))
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


@router.get("/contestacoes/operadoras", include_in_schema=False)
async def scores_page(
    request: Request, by: Annotated[Principal, need("contestations:see")], session: ReadSession,
    today: Today,
) -> Response:  # fmt: skip
    """How often each carrier errs, how soon it answers, what it keeps of its word."""
    policy, asked = await load_policy(session, ContestationPolicy()), filter_of(request)
    wanted = replace(asked, scope=replace(asked.scope, team_id=None, owner=None))
    return page(
        request, "pages/contestation/scores.html", wanted=wanted, today=today,
        scores=await score_cards(session, wanted), carriers=await carrier_choices(session),
        answer_days=policy.legal_answer_days, may_see_findings=by.may("findings:see"),
        may_see_invoices=by.may("carriers:see"), narrowed=_narrowed(wanted),
        offered=await scope_choices(session),
    )  # fmt: skip


def _narrowed(wanted: NumbersFilter) -> str:
    """What the lists behind the figures are narrowed to."""
    months = {"de": wanted.since, "ate": wanted.until}
    told = {name: day.isoformat() for name, day in months.items() if day}
    return urlencode({**told, **whose(wanted.scope)})


@router.get("/api/contestations/scores", dependencies=[need("contestations:see")])
async def read_scores(
    session: ReadSession,
    today: Today,
    wanted: Asked,
) -> list[dict[str, Any]]:
    """The score card of every carrier; percentages and days as text, null where there is none.

    Of some months or companies: of their invoices, and of the contestations of these. It is the
    carrier's doing: neither team nor operator narrows it.
    """
    policy = await load_policy(session, ContestationPolicy())
    names = ("carrier", "code", "invoices", "billed", "identified", "granted", "credited",
             "repeats", "error_percent", "answer_days", "kept_percent")  # fmt: skip
    return [
        {
            **{name: _plain(getattr(each, name)) for name in names},
            "in_time_percent": _plain(
                each.in_time_percent(answer_days=policy.legal_answer_days, today=today)
            ),
        }
        for each in await score_cards(session, wanted)
    ]


def _drift(row: Mapping[str, Any], *, may_act: bool) -> Mapping[str, Any]:
    label, tone = DRIFTS[row["drift"]]
    billed = f"/operadoras/faturas/{row['invoice_id']}?busca={row['number']}"
    href, todo = {
        Drift.UNKNOWN: (billed, N_("Cadastrar ou contestar")),
        Drift.CANCELLED: (billed, N_("Contestar a cobrança")),
        Drift.UNBILLED: (f"/operadoras/linhas/{row['line_id']}", N_("Conferir se ainda existe")),
    }[row["drift"]]
    shown = {
        **row, "label": row["number"], "href": href, "state": Badge(gettext(label), tone),
        "todo": gettext(todo), "carrier": row["carrier"] or "—",
    }  # fmt: skip
    if may_act and row["drift"] == Drift.UNKNOWN:
        shown["links"] = {"todo": f"/operadoras/linhas/nova?numero={row['number']}"}
    return shown


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
