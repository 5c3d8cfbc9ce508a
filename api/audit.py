"""The audit trail: who did or saw what, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import ReadSession, need
from api.language import N_
from api.listing import Column, Filter, Listing
from api.table import FilterKind, Kind
from models import trail
from rules.business_days import at_local_time

router = APIRouter(include_in_schema=False)

TRAIL = Listing(
    columns=(
        Column("at", N_("Quando"), Kind.MOMENT, is_sortable=True),
        Column("by", N_("Quem")),
        Column("action", N_("Ação")),
        Column("subject", N_("Sobre")),
        Column("details", N_("Detalhes")),
        Column("ip", N_("Endereço"), is_extra=True),
    ),
    default_sort="-at",
    filters=(
        Filter("busca", N_("Ação ou assunto")),
        Filter("quem", N_("Quem")),
        Filter("desde", N_("Desde"), FilterKind.DAY),
        Filter("ate", N_("Até"), FilterKind.DAY),
    ),
    empty=N_("Nada foi registrado ainda."),
)


@router.get("/pessoas/auditoria", dependencies=[need("audit:see")])
async def trail_page(request: Request, session: ReadSession) -> Response:
    """The trail, the latest first."""
    view = TRAIL.view(request)
    until = view.day("ate")
    statement = trail.select_entries(
        search=view.text("busca"),
        by=view.text("quem"),
        since=_start_of(view.day("desde")),
        until=_start_of(until + timedelta(days=1) if until else None),
    )
    return await view.answer(session, statement, "pages/people/audit.html", present=_shown)


def _start_of(day: date | None) -> datetime | None:
    return at_local_time(day, at=time()) if day else None


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    details = json.dumps(row["details"], ensure_ascii=False) if row["details"] else ""
    return {**row, "details": details}
