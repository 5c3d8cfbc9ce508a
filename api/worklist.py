"""The worklist of collections: whom to call next and why, and who is aside. Page and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import keyset
from api.account_frame import SeesAccounts
from api.dependencies import Now, ReadSession, Today
from api.inputs import Input
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.panel_rows import earliest, latest, overdue_range
from api.panels import ROOT
from api.table import Badge, FilterKind, Kind, Tone
from api.worklist_rows import account_row, as_json, as_of, shown_to, to_work
from models import colleagues
from models.worklist import Sought, looked_up, select_aside, select_worklist, worklist_totals
from rules import words
from rules.cases import Process
from rules.worklist import WORKED, Aside

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
        Column("held", N_("Em atendimento"), Kind.BADGE),
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


class NextInput(Input):
    """How the worklist is narrowed from which the next account is taken."""

    text: str | None = Field(None, max_length=160)
    stage: str | None = Field(None, max_length=20)
    owner: str | None = Field(None, max_length=60)
    due_from: date | None = None
    due_to: date | None = None
    amount_from: Decimal | None = Field(None, ge=0, le=10**13, decimal_places=2)
    amount_to: Decimal | None = Field(None, ge=0, le=10**13, decimal_places=2)

    def sought(self) -> Sought:
        """The filter as models know it."""
        asked = self.model_dump(include=set(NextInput.model_fields))
        return Sought(**{key: value or None for key, value in asked.items()})


class WorklistQuery(NextInput):
    """How the worklist is narrowed; it comes in the order in which it is to be worked."""

    cursor: str | None = Field(None, max_length=600)
    limit: int = Field(50, ge=1, le=500)


@router.get(PATH, include_in_schema=False)
async def worklist_page(
    request: Request, by: SeesAccounts, session: ReadSession, today: Today, now: Now
) -> Response:
    """The accounts to be worked, those that promise most first."""
    view = (await _with_people(WORKLIST, session)).view(request)
    shown = await shown_to(session, by, today)
    owed = shown.reckoned.owed
    sought = await looked_up(session, owed, sought_by(view, today=today))
    return await view.answer(
        session, select_worklist(owed, sought, today=today, now=now),
        "pages/collections/worklist.html", present=partial(to_work, shown=shown), is_aside=False,
        totals=await worklist_totals(session, owed, sought, today=today), as_of=as_of(shown),
    )  # fmt: skip


@router.get(PATH + "/fora", include_in_schema=False)
async def aside_page(
    request: Request, by: SeesAccounts, session: ReadSession, today: Today
) -> Response:
    """The accounts that nobody is to call today, and why."""
    view = (await _with_people(AWAY, session)).view(request)
    shown = await shown_to(session, by, today)
    owed = shown.reckoned.owed
    sought = await looked_up(session, owed, sought_by(view, today=today))
    statement = select_aside(owed, sought, today=today)

    def present(row: Mapping[str, Any]) -> dict[str, Any]:
        why = Badge(gettext(ASIDE[row["why"]]), Tone.YELLOW)
        return {**account_row(row, by=by, today=today, debts=shown.debts), "why": why}

    return await view.answer(
        session, statement, "pages/collections/worklist.html", present=present, is_aside=True,
        as_of=as_of(shown),
    )  # fmt: skip


@router.get("/api/collections/worklist")
async def list_worklist(
    by: SeesAccounts,
    session: ReadSession,
    today: Today,
    now: Now,
    asked: Annotated[WorklistQuery, Query()],
) -> dict[str, Any]:
    """Accounts in the order in which they are to be worked, each with its chance and its reason."""
    shown = await shown_to(session, by, today)
    sought = await looked_up(session, shown.reckoned.owed, asked.sought())
    found = await keyset.fetch(
        session, select_worklist(shown.reckoned.owed, sought, today=today, now=now),
        sort=WORKLIST.sort_key(WORKLIST.default_sort), cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    rows = [as_json(dict(row), shown) for row in found.rows]
    return {"rows": rows, "next": found.next, "previous": found.previous}


async def _with_people(listing: Listing, session: AsyncSession) -> Listing:
    people = tuple(await colleagues.workers(session))
    named = (replace(f, options=people) if f.key == "responsavel" else f for f in listing.filters)
    return replace(listing, filters=tuple(named), family=(PATH, PATH + "/fora"))


def sought_by(view: View, *, today: date) -> Sought:
    """The filter of a page as models know it."""
    due = overdue_range(view.number("atraso_de"), view.number("atraso_ate"), today=today)
    return Sought(
        text=view.text("busca"), stage=view.text("etapa"), owner=view.text("responsavel"),
        due_from=latest(due[0]), due_to=earliest(due[1]),
        amount_from=view.amount("valor_de"), amount_to=view.amount("valor_ate"),
    )  # fmt: skip
