"""The filters of cases: the same fields above the list and above the numbers that open it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from api.case_head import visible_processes
from api.dependencies import PermissionDenied, Principal
from api.language import N_
from api.listing import Filter, Listing, View
from api.table import FilterKind
from models import case_choices, colleagues
from models.case_filter import CaseFilter, Marks, When
from rules import words
from rules.business_days import at_local_time

PROCESS = Filter("processo", N_("Processo"), FilterKind.CHOICE, tuple(words.PROCESSES.items()))
#: Where they have a meaning: a case without a customer has no city, and only contestations have
#: a carrier; they are left out when one is asked for.
SHARED = (
    Filter("equipe", N_("Equipe"), FilterKind.CHOICE, blank=N_("Todas")),
    Filter("responsavel", N_("Responsável"), FilterKind.CHOICE),
    Filter("cidade", N_("Cidade")),
    Filter("plano", N_("Plano"), FilterKind.CHOICE),
    Filter("operadora", N_("Operadora"), FilterKind.CHOICE, blank=N_("Todas"), is_rare=True),
    Filter("desde", N_("Abertos desde"), FilterKind.DAY, is_rare=True),
    Filter("ate", N_("Abertos até"), FilterKind.DAY, is_rare=True),
)
PRESSING = {
    When.BREACHED: N_("Prazo descumprido"),
    When.OVERDUE: N_("Em atraso"),
    When.DUE_TODAY: N_("Vence hoje"),
    When.DUE_WEEK: N_("Vence em 7 dias"),
    When.TODAY: N_("Anda hoje"),
    When.WEEK: N_("Anda em 7 dias"),
}


async def with_choices(listing: Listing, session: AsyncSession) -> Listing:
    """The list with the teams, people, plans and carriers of today in its filters."""
    found = await case_choices.choices(session)
    options = {
        "equipe": tuple((str(i), name) for i, name in await colleagues.house_teams(session)),
        "responsavel": tuple(await colleagues.workers(session)),
        "plano": tuple((str(i), name) for i, name in found.plans),
        "operadora": tuple((str(i), name) for i, name in found.carriers),
    }
    filters = tuple(replace(f, options=options.get(f.key, f.options)) for f in listing.filters)
    return replace(listing, filters=filters)


def processes_for(by: Principal, wanted: str | None) -> tuple[str, ...]:
    """The processes asked for that this person may see. Refuses when there is none.

    Whoever manages and sees the cases of no process sees their pages, with nothing on them.
    """
    visible = visible_processes(by)
    chosen = visible if wanted is None else tuple(p for p in visible if p == wanted)
    if not chosen and (wanted is not None or not by.may("management:see")):
        raise PermissionDenied
    return chosen


def shared_filter(view: View, *, by: Principal, marks: Marks) -> CaseFilter:
    """What the filters shared by list and numbers ask for."""
    since, until = view.day("desde"), view.day("ate")
    return CaseFilter(
        processes=processes_for(by, view.text("processo")),
        team_id=_identity(view, "equipe"),
        owner=view.text("responsavel"),
        city=view.text("cidade"),
        plan_id=_identity(view, "plano"),
        carrier_id=_identity(view, "operadora"),
        opened_from=at_local_time(since, at=time.min) if since else None,
        opened_before=day_ends(until) if until else None,
        marks=marks,
    )


def marks_of(now: datetime, today: date) -> Marks:
    """The instants between late, today and this week."""
    return Marks(now, day_ends(today), day_ends(today, days=7))


def day_ends(today: date, *, days: int = 1) -> datetime:
    """The instant at which so many days have passed, today included."""
    return at_local_time(today + timedelta(days=days), at=time.min)


def _identity(view: View, key: str) -> int | None:
    chosen = view.text(key) or ""
    return int(chosen) if chosen.isdecimal() else None
