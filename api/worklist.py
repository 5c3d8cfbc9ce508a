"""The worklist of collections: whom to call next and why, and who is aside. Page and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import keyset
from api.account_frame import SeesAccounts
from api.case_head import visible_processes
from api.dependencies import Principal, ReadSession, Today
from api.documents import shown_document
from api.language import N_, gettext, ngettext
from api.listing import Column, Filter, Listing, View
from api.panel_rows import earliest, latest, overdue_badge, overdue_range
from api.panels import ROOT
from api.recovery_tables import told_band
from api.rendering import redirect
from api.table import Badge, FilterKind, Kind, Tone
from models import colleagues
from models.policies import load_policy
from models.rows import rows_of
from models.worklist import Sought, select_aside, select_worklist, worklist_totals
from models.worklist_kept import worklist_amounts
from rules import words
from rules.cases import Process
from rules.worklist import WORKED, Aside, WorklistPolicy, band_of, chance_of

router = APIRouter(tags=["collections"])

PATH = f"{ROOT}/fila"
STAGES = tuple((str(each), words.STAGES[Process.COLLECTIONS][each]) for each in WORKED)
ASIDE: Mapping[str, str] = {
    Aside.CONTESTATION: N_("Contestada"),
    Aside.EXCEPTION: N_("Contrato em exceção"),
    Aside.MARK: N_("Cliente marcado"),
    Aside.PROMISE: N_("Promessa em vigor"),
    Aside.CONTACTED: N_("Já contatado hoje"),
}
FILTERS = (
    Filter("busca", N_("Cliente ou CPF/CNPJ")),
    Filter("etapa", N_("Etapa"), FilterKind.CHOICE, STAGES, blank=N_("Todas")),
    Filter("responsavel", N_("Responsável"), FilterKind.CHOICE),
    Filter("atraso_de", N_("Atraso de (dias)"), FilterKind.NUMBER),
    Filter("atraso_ate", N_("Atraso até (dias)"), FilterKind.NUMBER),
    Filter("valor_de", N_("Valor de"), FilterKind.AMOUNT),
    Filter("valor_ate", N_("Valor até"), FilterKind.AMOUNT),
)
BY_NAME = ("searched_name", "id")
ACCOUNT = (
    Column("customer", N_("Cliente"), is_sortable=True, order=BY_NAME),
    Column("document", N_("CPF/CNPJ"), is_extra=True),
    Column("city", N_("Cidade"), is_extra=True),
    Column("stage_label", N_("Etapa"), Kind.BADGE),
    Column("invoices", N_("Faturas"), Kind.NUMBER, is_totalled=True, is_extra=True),
    Column("due_date", N_("Vencimento mais antigo"), Kind.DAY, is_sortable=True, is_extra=True),
    Column("overdue", N_("Atraso"), Kind.BADGE),
    Column("amount", N_("Valor"), Kind.MONEY, is_sortable=True, is_totalled=True),
)
AFTERWARDS = (
    Column("operator", N_("Responsável"), Kind.PERSON),
    Column("next", N_("Próxima ação"), Kind.MOMENT),
    Column("next_label", N_("O que vem"), is_extra=True),
    Column("contacted_at", N_("Último contato"), Kind.AGO, is_extra=True),
)
WORKLIST = Listing(
    columns=(
        *ACCOUNT,
        Column("expected", N_("Esperado"), Kind.MONEY, is_sortable=True, is_totalled=True),
        Column("why", N_("Por que nesta ordem")),
        *AFTERWARDS,
    ),
    default_sort="-expected",
    filters=FILTERS,
    empty=N_("Ninguém a procurar agora: quem deve está fora da fila, ou nada está em cobrança."),
)
AWAY = Listing(
    columns=(*ACCOUNT, Column("why", N_("Por que fora da fila"), Kind.BADGE), *AFTERWARDS),
    default_sort="-amount",
    filters=FILTERS,
    empty=N_("Ninguém está fora da fila."),
)


class WorklistQuery(BaseModel):
    """How the worklist is narrowed; it comes in the order in which it is to be worked."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, max_length=160)
    stage: str | None = Field(None, max_length=20)
    owner: str | None = Field(None, max_length=60)
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = Field(None, ge=0, le=10**13, decimal_places=2)
    amount_to: Decimal | None = Field(None, ge=0, le=10**13, decimal_places=2)
    cursor: str | None = Field(None, max_length=600)
    limit: int = Field(50, ge=1, le=500)

    def sought(self) -> Sought:
        """The filter as models know it."""
        asked = self.model_dump(exclude={"cursor", "limit"})
        return Sought(**{key: value or None for key, value in asked.items()})


@router.get(PATH, include_in_schema=False)
async def worklist_page(
    request: Request, by: SeesAccounts, session: ReadSession, today: Today
) -> Response:
    """The accounts to be worked, those that promise most first."""
    view = (await _with_people(WORKLIST, session)).view(request)
    policy = await load_policy(session, WorklistPolicy())
    sought, owed = _sought(view, today=today), await worklist_amounts(session, policy, today=today)
    show = partial(_shown, by=by, today=today)

    def present(row: Mapping[str, Any]) -> dict[str, Any]:
        return {**show(row), "why": _reason(row, policy, today)}

    return await view.answer(
        session, select_worklist(owed, sought, today=today), "pages/collections/worklist.html",
        present=present, is_aside=False,
        totals=await worklist_totals(session, owed, sought, today=today),
    )  # fmt: skip


@router.get(PATH + "/fora", include_in_schema=False)
async def aside_page(
    request: Request, by: SeesAccounts, session: ReadSession, today: Today
) -> Response:
    """The accounts that nobody is to call today, and why."""
    view = (await _with_people(AWAY, session)).view(request)
    policy = await load_policy(session, WorklistPolicy())
    owed = await worklist_amounts(session, policy, today=today)
    statement = select_aside(owed, _sought(view, today=today), today=today)
    show = partial(_shown, by=by, today=today)

    def present(row: Mapping[str, Any]) -> dict[str, Any]:
        return {**show(row), "why": Badge(gettext(ASIDE[row["why"]]), Tone.YELLOW)}

    return await view.answer(
        session, statement, "pages/collections/worklist.html", present=present, is_aside=True
    )


@router.get(PATH + "/proxima", include_in_schema=False)
async def next_account(
    request: Request, by: SeesAccounts, session: ReadSession, today: Today
) -> Response:
    """Opens the account to work next: nobody's or one's own; the filter of the list holds."""
    view = (await _with_people(WORKLIST, session)).view(request)
    view.check()
    sought = replace(_sought(view, today=today), nobodys_or=by.login)
    policy = await load_policy(session, WorklistPolicy())
    owed = await worklist_amounts(session, policy, today=today)
    statement = select_worklist(owed, sought, today=today)
    first = await rows_of(session, keyset.keyset(statement, sort=view.sort, cursor=None, limit=1))
    if not first:
        return redirect(request, PATH, N_("Ninguém a procurar agora."))
    return RedirectResponse(f"{ROOT}/contas/{first[0]['id']}/comentarios", 303)


@router.get("/api/collections/worklist")
async def list_worklist(
    by: SeesAccounts,
    session: ReadSession,
    today: Today,
    asked: Annotated[WorklistQuery, Query()],
) -> dict[str, Any]:
    """Accounts in the order in which they are to be worked, each with its chance and its reason."""
    policy = await load_policy(session, WorklistPolicy())
    owed = await worklist_amounts(session, policy, today=today)
    found = await keyset.fetch(
        session, select_worklist(owed, asked.sought(), today=today),
        sort=WORKLIST.sort_key(WORKLIST.default_sort), cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    rows = [_as_json(dict(row), policy, today, by=by) for row in found.rows]
    return {"rows": rows, "next": found.next, "previous": found.previous}


async def _with_people(listing: Listing, session: AsyncSession) -> Listing:
    people = tuple(await colleagues.active_people(session))
    named = (replace(f, options=people) if f.key == "responsavel" else f for f in listing.filters)
    return replace(listing, filters=tuple(named), family=(PATH, PATH + "/fora"))


def _sought(view: View, *, today: date) -> Sought:
    due = overdue_range(view.number("atraso_de"), view.number("atraso_ate"), today=today)
    return Sought(
        text=view.text("busca"), stage=view.text("etapa"), owner=view.text("responsavel"),
        due_from=latest(due[0]), due_to=earliest(due[1]),
        amount_from=view.amount("valor_de"), amount_to=view.amount("valor_ate"),
    )  # fmt: skip


def _shown(row: Mapping[str, Any], *, by: Principal, today: date) -> dict[str, Any]:
    account = f"{ROOT}/contas/{row['id']}"
    label, at = _next(row)
    sees_cases = row["case_id"] and Process.COLLECTIONS in visible_processes(by)
    return {
        **row,
        "href": account,
        "label": row["customer"],
        "document": shown_document(row["document"], by=by),
        "stage_label": Badge(gettext(words.stage_label(Process.COLLECTIONS, row["stage"] or ""))),
        "overdue": overdue_badge(row["due_date"], today=today),
        "next_label": label,
        "next": at,
        "links": {
            "customer": account,
            "next": at and sees_cases and f"/casos/{row['case_id']}",
        },
    }


def _next(row: Mapping[str, Any]) -> tuple[str, Any]:
    """What comes first: a task that somebody has, or what happens by itself."""
    step, task = row["next_at"], row["task_due"]
    if task is not None and (step is None or task <= step):
        return gettext("Tarefa"), task
    label, _ = words.next_step_words(Process.COLLECTIONS, row["next_kind"])
    return gettext(label), step


def _reason(row: Mapping[str, Any], policy: WorklistPolicy, today: date) -> str:
    band = band_of(row["due_date"], today=today)
    chance = chance_of(band, row["broken"], policy)
    told = gettext("%(chance)s %% de chance: %(age)s", chance=chance, age=told_band(band))
    if not row["broken"]:
        return told
    broken = ngettext(
        "%(num)s promessa não cumprida", "%(num)s promessas não cumpridas", row["broken"]
    )
    return f"{told}; {broken}"


def _as_json(
    row: Mapping[str, Any], policy: WorklistPolicy, today: date, *, by: Principal
) -> dict[str, Any]:
    chance = chance_of(band_of(row["due_date"], today=today), row["broken"], policy)
    return {
        "customer_id": row["id"], "customer": row["customer"],
        "document": shown_document(row["document"], by=by), "city": row["city"], "uf": row["uf"],
        "stage": row["stage"], "owner": row["operator"], "invoices": row["invoices"],
        "oldest_due": row["due_date"], "amount": str(row["amount"]),
        "expected": str(row["expected"]), "chance_percent": chance,
        "broken_promises": row["broken"], "reason": _reason(row, policy, today),
        "last_contact_at": row["contacted_at"], "next_kind": row["next_kind"],
        "next_at": row["next_at"], "task_due_at": row["task_due"],
    }  # fmt: skip
