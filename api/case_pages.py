"""Cases of every process for people: the list behind each number, and any single one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api import case_head, history, history_lines
from api.case_filters import PRESSING, PROCESS, SHARED, marks_of, shared_filter, with_choices
from api.cases import next_words, visible_case
from api.dependencies import Now, Principal, ReadSession, Today, need
from api.documents import shown_document
from api.language import N_, gettext, told
from api.listing import Column, Filter, Listing
from api.rendering import fragment, page
from api.table import Badge, FilterKind, Kind, Tone
from models import case_list, colleagues
from models import history as stored
from models.case_filter import When
from rules import words

router = APIRouter(include_in_schema=False)

SignedIn = Annotated[Principal, need()]

CASES = Listing(
    columns=(
        Column("title", N_("Caso")),
        Column("customer", N_("Cliente")),
        Column("process_label", N_("Processo")),
        Column("stage_label", N_("Situação"), Kind.BADGE),
        Column("stage_since", N_("Desde"), Kind.AGO, is_sortable=True),
        Column("owner", N_("Responsável"), is_sortable=True, is_nullable=True),
        Column("team", N_("Equipe"), is_extra=True),
        Column("next_label", N_("Próximo passo")),
        Column("next_at", N_("Quando"), Kind.MOMENT, is_sortable=True, is_nullable=True),
        Column("due_at", N_("Prazo"), Kind.MOMENT, is_sortable=True, is_nullable=True),
        Column("late", N_("Atraso"), Kind.BADGE),
        Column("opened_at", N_("Aberto em"), Kind.MOMENT, is_sortable=True, is_extra=True),
        Column("document_shown", N_("CPF ou CNPJ"), is_extra=True),
    ),
    default_sort="next_at",
    filters=(
        Filter("busca", N_("Cliente")),
        PROCESS,
        Filter(
            "etapa",
            N_("Etapa"),
            FilterKind.CHOICE,
            tuple({s: t for stages in words.STAGES.values() for s, t in stages.items()}.items()),
            blank=N_("Todas"),
        ),
        Filter("prazo", N_("Prazo"), FilterKind.CHOICE, tuple(PRESSING.items())),
        *SHARED,
        Filter(
            "encerrados",
            N_("Mostrar"),
            FilterKind.CHOICE,
            (("sim", N_("Só encerrados")), ("todos", N_("Abertos e encerrados"))),
            blank=N_("Só abertos"),
        ),
    ),
    empty=N_("Nenhum caso por aqui. Casos nascem da classificação, de acordos e de tarefas."),
)
#: What a page need not be read again for: the letter that was written on it left.
LETTER_LEFT = {"message_queued", "message_sent", "message_delivered"}
IS_CLOSED = {"sim": True, "todos": None}


@router.get("/casos")
async def cases_page(
    request: Request, by: SignedIn, session: ReadSession, now: Now, today: Today
) -> Response:
    """The cases behind a number."""
    view = (await with_choices(CASES, session)).view(request)
    names = await colleagues.names_by_login(session)
    pressing = view.text("prazo")
    wanted = replace(
        shared_filter(view, by=by, marks=marks_of(now, today)),
        stage=view.text("etapa"),
        text=view.text("busca"),
        when=When(pressing) if pressing in PRESSING else None,
        is_closed=IS_CLOSED.get(view.text("encerrados") or "", False),
    )

    def present(row: Mapping[str, Any]) -> Mapping[str, Any]:
        return shown_case(row, names, by=by, now=now)

    return await view.answer(
        session, case_list.select_cases(wanted), "pages/cases/cases.html", present=present
    )


@router.get("/casos/{case_id:int}")
async def case_page(
    request: Request, by: SignedIn, session: ReadSession, now: Now, case_id: int
) -> Response:
    """Any case: where it stands, what comes next, and its history."""
    case = await visible_case(session, case_id, by=by)
    return page(
        request,
        "pages/cases/case.html",
        now=now,
        head=await case_head.head_of(session, case, by=by, now=now),
        history=await history.history_of_cases(request, session, [case_id]),
    )


@router.get("/casos/{case_id:int}/novidade")
async def case_news(
    by: SignedIn, session: ReadSession, now: Now, case_id: int, vista: int
) -> HTMLResponse:
    """What an open page of the case says once its history went on after the line `vista`."""
    case = await visible_case(session, case_id, by=by)
    since = await stored.events_after(session, case_id, vista, limit=history.SIZE)
    newest = next((each for each in since if each.kind not in LETTER_LEFT), None)
    if newest is None:
        return HTMLResponse("")
    line = history_lines.tell(case.process, newest, await colleagues.names_by_login(session))
    return HTMLResponse(fragment("pages/cases/_news.html", now=now, line=line))


def _task(row: Mapping[str, Any]) -> str:
    return told(row["task"], row["places"]) if row["task"] else ""


def shown_case(
    row: Mapping[str, Any], names: Mapping[str, str], *, by: Principal, now: datetime
) -> Mapping[str, Any]:
    """A listed case as a row: words, colours, and the page where it is worked."""
    process = gettext(words.PROCESSES[row["process"]])
    title = _task(row) or row["customer"] or f"{process} {row['subject_id']}"
    return {
        **row,
        "title": title,
        "label": f"{title}, {process}",
        "href": case_head.place_of(row["process"], row["id"], subject_id=row["subject_id"]),
        "process_label": process,
        "stage_label": Badge(gettext(words.stage_label(row["process"], row["stage"])), Tone.BLUE),
        "owner": names.get(row["owner"] or "", row["owner"]),
        "next_label": gettext(next_words(row)[0]),
        "late": None if row["closed_at"] else _late(row, now),
        "document_shown": shown_document(row["document"], by=by) if row["document"] else None,
    }


def _late(row: Mapping[str, Any], now: datetime) -> Badge | None:
    if row["breached_at"] is not None:
        return Badge(gettext(N_("prazo descumprido")), Tone.RED)
    if row["due_at"] is not None and row["due_at"] < now:
        return Badge(gettext(N_("vencido")), Tone.YELLOW)
    return None
