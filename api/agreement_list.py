"""All agreements: the list behind the charts' figures, and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.agreements import SeesAgreements
from api.dependencies import ReadSession
from api.history_lines import OUTSIDERS
from api.keyset import SortKey, fetch
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.table import Badge, FilterKind, Kind, Tone
from models import colleagues
from models.agreement_search import AgreementFilter, select_agreements
from rules import words
from rules.agreements import AgreementStatus
from rules.business_days import ONE_DAY, at_local_time
from rules.cases import CUSTOMER, Process

router = APIRouter(tags=["agreements"])

PATH = "/cobrancas/acordos"
STATUS_WORDS = words.STAGES[Process.AGREEMENTS]
TONES = {
    AgreementStatus.IN_PROGRESS: Tone.BLUE,
    AgreementStatus.BROKEN: Tone.RED,
    AgreementStatus.FULFILLED: Tone.GREEN,
    AgreementStatus.FULFILLED_LATE: Tone.GREEN,
}
#: What became of them, as the charts count it.
OUTCOME_WORDS = {
    "pending": N_("Pendentes"),
    "fulfilled": N_("Efetivados"),
    "broken": N_("Não cumpridos"),
    "live": N_("Em vigor, cumpridos ou não"),
    "cancelled": N_("Cancelados"),
}
AGREEMENTS = Listing(
    columns=(
        Column("id", N_("Acordo"), is_sortable=True),
        Column("customer", N_("Cliente")),
        Column("made_at", N_("Feito em"), Kind.MOMENT, is_sortable=True),
        Column("made_by", N_("Operador"), Kind.PERSON),
        Column("total", N_("Total"), Kind.MONEY, is_totalled=True),
        Column("tolerance_date", N_("Tolerância"), Kind.DAY, is_sortable=True),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("ended_at", N_("Terminou em"), Kind.MOMENT, is_sortable=True, is_nullable=True),
        Column("city", N_("Cidade"), is_extra=True),
        Column("principal", N_("Principal"), Kind.MONEY, is_totalled=True, is_extra=True),
    ),
    default_sort="-id",
    filters=(
        Filter("busca", N_("Cliente")),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE, tuple(OUTCOME_WORDS.items()),
            blank=N_("Todas"),
        ),
        Filter("operador", N_("Operador"), FilterKind.CHOICE),
        Filter("cidade", N_("Cidade")),
        Filter("feito_de", N_("Feito de"), FilterKind.DAY),
        Filter("feito_ate", N_("Feito até"), FilterKind.DAY),
        Filter("tolerancia_de", N_("Tolerância de"), FilterKind.DAY, is_rare=True),
        Filter("tolerancia_ate", N_("Tolerância até"), FilterKind.DAY, is_rare=True),
        Filter("terminou_de", N_("Terminou de"), FilterKind.DAY, is_rare=True),
        Filter("terminou_ate", N_("Terminou até"), FilterKind.DAY, is_rare=True),
    ),
    empty=N_("Nenhum acordo assim."),
)  # fmt: skip


class AgreementQuery(BaseModel):
    """Which agreements a program wants; what is left out narrows nothing, untils are exclusive."""

    outcome: Literal["pending", "fulfilled", "broken", "live", "cancelled"] | None = None
    made_by: str | None = None
    city: str | None = None
    text: str | None = None
    tolerance_since: date | None = None
    tolerance_until: date | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


@router.get(PATH, include_in_schema=False)
async def agreements_page(request: Request, _by: SeesAgreements, session: ReadSession) -> Response:
    """Every agreement, the newest first."""
    view = (await _with_people(session)).view(request)
    return await view.answer(
        session, select_agreements(_wanted(view)), "pages/agreements/agreements.html",
        present=_shown,
    )  # fmt: skip


@router.get("/api/agreements")
async def list_agreements(
    _by: SeesAgreements, session: ReadSession, asked: Annotated[AgreementQuery, Query()]
) -> dict[str, Any]:
    """Agreements, the newest first; `next` is the cursor of the following page."""
    wanted = AgreementFilter(**asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, select_agreements(wanted), sort=SortKey("id", is_descending=True),
        cursor=asked.cursor, limit=asked.limit,
    )  # fmt: skip
    return {"items": [dict(row) for row in found.rows], "next": found.next}


def _wanted(view: View) -> AgreementFilter:
    outcome = view.text("situacao")
    tolerance_until = view.day("tolerancia_ate")
    return AgreementFilter(
        text=view.text("busca"),
        outcome=outcome if outcome in OUTCOME_WORDS else None,
        made_by=view.text("operador"),
        city=view.text("cidade"),
        made_since=_begins(view.day("feito_de")),
        made_until=_ends(view.day("feito_ate")),
        ended_since=_begins(view.day("terminou_de")),
        ended_until=_ends(view.day("terminou_ate")),
        tolerance_since=view.day("tolerancia_de"),
        tolerance_until=tolerance_until + ONE_DAY if tolerance_until else None,
    )


def _begins(day: date | None) -> datetime | None:
    return None if day is None else at_local_time(day, at=time.min)


def _ends(day: date | None) -> datetime | None:
    return None if day is None else at_local_time(day + ONE_DAY, at=time.min)


async def _with_people(session: AsyncSession) -> Listing:
    """The list with who made agreements in its filter: also who left, and customers."""
    names = await colleagues.names_by_login(session)
    people = (*names.items(), (CUSTOMER, OUTSIDERS[CUSTOMER]))
    filters = tuple(
        replace(each, options=people) if each.key == "operador" else each
        for each in AGREEMENTS.filters
    )
    return replace(AGREEMENTS, filters=filters)


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An agreement as a row, which leads to its page, and to the customer's account."""
    status, href = AgreementStatus(row["status"]), f"{PATH}/{row['id']}"
    return {
        **row,
        "href": href,
        "links": {"id": href, "customer": f"/cobrancas/contas/{row['customer_id']}"},
        "label": gettext(N_("Acordo %(number)s"), number=row["id"]),
        "state": Badge(gettext(STATUS_WORDS[status]), TONES.get(status, Tone.GREY)),
    }
