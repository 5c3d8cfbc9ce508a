"""Open deadlines that an older version of a calendar gave, and counting them anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from activities.deadlines import recount_deadlines
from api.case_head import place_of
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Listing
from api.rendering import redirect
from api.table import Kind
from models import deadlines
from models.calendars import HOUSE_CODES
from rules import words
from rules.business_days import CalendarKind
from rules.sentences import fill
from rules.service_words import CLOCKS

router = APIRouter(tags=["registries"])

PATH = "/cadastros/calendarios/prazos"
See = Annotated[Principal, need("registries:see")]
Edit = Annotated[Principal, need("registries:edit")]
HOUSE_NAMES = {
    CalendarKind.NATIONAL: N_("Feriados da lei"),
    CalendarKind.BANK: N_("Feriados de bancos"),
}
COUNTED = (
    Column("due_at", N_("Prazo"), Kind.MOMENT, is_sortable=True),
    Column("calendar", N_("Calendário")),
    Column("version", N_("Versão usada")),
)
TABS = ((PATH, N_("Tarefas")), (f"{PATH}?lista=processos", N_("Processos")))
TASKS = Listing(
    columns=(Column("title", N_("Tarefa")), *COUNTED),
    default_sort="due_at",
    empty=N_("Nenhuma tarefa aberta com prazo de uma versão anterior."),
)
CLOCKS_OF_CASES = Listing(
    columns=(Column("title", N_("Processo")), *COUNTED),
    default_sort="due_at",
    empty=N_("Nenhum prazo prometido de uma versão anterior."),
)


class OlderVersion(BaseModel):
    """How many open deadlines stand on a version that a calendar no longer has."""

    calendar: str
    version: str
    tasks: int
    clocks: int


class RecountedOut(BaseModel):
    """What counting anew did."""

    counted: int
    moved: int


@router.get(PATH, include_in_schema=False)
async def deadlines_page(request: Request, by: See, session: ReadSession, now: Now) -> Response:
    """The open deadlines that were counted on an older version: tasks', or cases' own."""
    older = await deadlines.older_versions(session)
    versions = {(each.calendar, each.version) for each in older}
    is_of_cases = request.query_params.get("lista") == "processos"
    listing, select, present = (
        (CLOCKS_OF_CASES, deadlines.select_clocks, _clock)
        if is_of_cases
        else (TASKS, deadlines.select_tasks, _task)
    )
    view = listing.view(request)
    return await view.answer(
        session, select(versions), "pages/calendars/deadlines.html", present=present, now=now,
        tabs=TABS, current=TABS[is_of_cases][0],
        older=[(calendar_name(each.calendar), each) for each in older],
        total=sum(each.tasks + each.clocks for each in older),
        may_edit=by.may("registries:edit"),
    )  # fmt: skip


@router.post(PATH, include_in_schema=False)
async def recount_on_page(request: Request, by: Edit, database: Db, now: Now, ip: Ip) -> Response:
    """Count them all anew, on the calendars as they stand."""
    done = await recount_deadlines(database, by.deed(at=now, ip=ip))
    told = N_("%(counted)s prazo(s) recontado(s), %(moved)s mudaram.")
    return redirect(request, PATH, told, counted=done.counted, moved=done.moved)


@router.get("/api/calendars/older-deadlines", dependencies=[need("registries:see")])
async def older_deadlines(session: ReadSession) -> list[OlderVersion]:
    """Which versions open deadlines stand on that calendars no longer have."""
    return [OlderVersion(**vars(each)) for each in await deadlines.older_versions(session)]


@router.post("/api/calendars/recount")
async def recount(by: Edit, database: Db, now: Now, ip: Ip) -> RecountedOut:
    """Count them all anew, on the calendars as they stand; again: nothing."""
    return RecountedOut(**vars(await recount_deadlines(database, by.deed(at=now, ip=ip))))


def _task(row: Mapping[str, Any]) -> Mapping[str, Any]:
    title = fill(gettext(row["title"]), row["places"])
    return {
        **row, "href": f"/tarefas/{row['id']}", "title": title, "label": title,
        "calendar": calendar_name(row["due_calendar"]), "version": row["due_version"],
    }  # fmt: skip


def _clock(row: Mapping[str, Any]) -> Mapping[str, Any]:
    process = gettext(words.PROCESSES[row["process"]])
    title = f"{process} {row['subject_id']}: {gettext(CLOCKS.get(row['kind'], row['kind']))}"
    href = place_of(row["process"], row["case_id"], subject_id=row["subject_id"])
    return {
        **row, "href": href, "title": title, "label": title, "version": row["calendar_version"],
        "calendar": calendar_name(row["calendar"]),
    }  # fmt: skip


def calendar_name(code: str) -> str:
    """What people call a calendar: the house's own two by their holidays, others by their code."""
    return gettext(HOUSE_NAMES[CalendarKind(code)]) if code in HOUSE_CODES else code
