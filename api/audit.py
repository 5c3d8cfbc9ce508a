"""The audit trail: who did or saw what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.table import FilterKind, Kind
from api.trail_told import told_details, told_policy
from models import trail
from models.colleagues import names_by_login
from rules.business_days import at_local_time
from rules.policies import BY_NAME
from rules.trail_words import AREAS, DEEDS, SUBJECTS, words_of

router = APIRouter(include_in_schema=False)

DONE, SEEN = "feito", "visto"
TRAIL = Listing(
    columns=(
        Column("at", N_("Quando"), Kind.MOMENT, is_sortable=True),
        Column("by", N_("Quem"), Kind.PERSON),
        Column("told", N_("Ação")),
        Column("subject", N_("Sobre")),
        Column("details", N_("Detalhes")),
        Column("action", N_("Código"), is_extra=True),
        Column("ip", N_("Endereço"), is_extra=True),
    ),
    default_sort="-at",
    filters=(
        Filter("busca", N_("Ação ou assunto")),
        Filter("quem", N_("Quem")),
        Filter(
            "tipo",
            N_("O que"),
            FilterKind.CHOICE,
            ((DONE, N_("O que se fez")), (SEEN, N_("O que se viu"))),
            blank=N_("Tudo"),
        ),
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
        called=_called(view.text("busca")),
        by=view.text("quem"),
        only_sights={DONE: False, SEEN: True}.get(view.text("tipo") or ""),
        since=_start_of(view.day("desde")),
        until=_start_of(until + timedelta(days=1) if until else None),
    )
    people = await names_by_login(session)
    return await view.answer(
        session, statement, "pages/people/audit.html", present=partial(_shown, people=people)
    )


def _start_of(day: date | None) -> datetime | None:
    return at_local_time(day, at=time()) if day else None


def _called(search: str | None) -> tuple[list[str], list[str]]:
    """The areas and the deeds whose words hold what is searched for."""
    if not search:
        return [], []
    wanted = search.casefold()
    areas, deeds = (
        [name for name, words in kind.items() if wanted in gettext(words).casefold()]
        for kind in (AREAS, DEEDS)
    )
    return areas, deeds


def _shown(row: Mapping[str, Any], *, people: Mapping[str, str]) -> Mapping[str, Any]:
    told = words_of(row["action"])
    kind, _, number = row["subject"].partition("/")
    name, page = SUBJECTS.get(kind) or (AREAS.get(kind, ""), "")
    return {
        **row,
        "told": f"{gettext(told[0])}: {gettext(told[1])}" if told else row["action"],
        "subject": f"{gettext(name)} {number}" if name else row["subject"],
        "details": _details(row["details"], kind, number, people),
        "links": {"subject": page % number} if page and number.isdecimal() else {},
    }


def _details(details: Mapping[str, Any], kind: str, number: str, people: Mapping[str, str]) -> str:
    """A policy that there is no more, or was another kind of value then, is told like the rest."""
    setting = BY_NAME.get(number) if kind == "policy" else None
    if setting is not None:
        with suppress(KeyError, TypeError, ValueError):
            return told_policy(setting, details, people=people)
    return told_details(details, kind=kind, people=people)
