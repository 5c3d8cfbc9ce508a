"""The inbox's lists: columns, filters, and a task as a row of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from api import language
from api.dependencies import Principal
from api.documents import shown_document
from api.language import N_, gettext, told
from api.listing import Column, Filter, Listing, View
from api.table import Badge, FilterKind, Kind, Tone
from models import colleagues
from models.inbox import InboxFilter, InboxView
from rules import words
from rules.business_days import local_date, local_time
from rules.tasks import Priority

PATHS = {
    InboxView.MINE: "/tarefas",
    InboxView.TEAM: "/tarefas/equipe",
    InboxView.UNASSIGNED: "/tarefas/livres",
    InboxView.ALL: "/tarefas/todas",
    InboxView.FINISHED: "/tarefas/finalizadas",
}
VIEWS = {path: view for view, path in PATHS.items()} | {"/": InboxView.MINE}

PRIORITY_TONES = {Priority.HIGH: Tone.RED, Priority.NORMAL: Tone.GREY, Priority.LOW: Tone.BLUE}

TITLE = Column("title", N_("Tarefa"), is_sortable=True)
WHAT = (
    Column("customer", N_("Cliente"), is_sortable=True, is_nullable=True),
    Column("document_shown", N_("CPF ou CNPJ")),
    Column("process_label", N_("Processo"), Kind.BADGE),
)
EXTRA = (
    Column("reason", N_("Motivo"), is_extra=True),
    Column("created_at", N_("Criada em"), Kind.MOMENT, is_sortable=True, is_extra=True),
    Column("team", N_("Equipe"), is_extra=True),
)
FILTERS = (
    Filter("busca", N_("Tarefa ou cliente")),
    Filter("processo", N_("Processo"), FilterKind.CHOICE, tuple(words.PROCESSES.items())),
    Filter("equipe", N_("Equipe"), FilterKind.CHOICE, blank=N_("Todas")),
    Filter("responsavel", N_("Responsável"), FilterKind.CHOICE),
    Filter(
        "prioridade",
        N_("Prioridade"),
        FilterKind.CHOICE,
        tuple((str(value), label) for value, label in words.PRIORITIES.items()),
        blank=N_("Todas"),
    ),
)
OPEN_LIST = Listing(
    columns=(
        Column("due_at", N_("Prazo"), Kind.BADGE, is_sortable=True),
        TITLE,
        Column("progress", N_("Lista")),
        *WHAT,
        Column("assignee", N_("Responsável"), is_sortable=True, is_nullable=True),
        Column("priority", N_("Prioridade"), Kind.BADGE, is_sortable=True),
        Column("consequence", N_("Se ninguém agir")),
        *EXTRA,
        Column("due_exactly", N_("Prazo exato"), Kind.MOMENT, is_extra=True),
        Column("snoozed_until", N_("Adiada até"), Kind.MOMENT, is_extra=True),
    ),
    default_sort="due_at",
    filters=(
        *FILTERS,
        Filter(
            "atraso",
            N_("Atraso"),
            FilterKind.CHOICE,
            (("sim", N_("Só atrasadas")),),
            blank=N_("Todas"),
        ),
        Filter(
            "adiadas",
            N_("Adiadas"),
            FilterKind.CHOICE,
            (("sim", N_("Mostrar também")),),
            blank=N_("Não mostrar"),
        ),
    ),
    empty=N_("Nenhuma tarefa aqui. Quando um processo precisar de você, ela aparece nesta lista."),
    family=tuple(VIEWS),
)
FINISHED_LIST = Listing(
    columns=(
        TITLE,
        Column("finished_at", N_("Finalizada em"), Kind.MOMENT, is_sortable=True),
        Column("state", N_("Como"), Kind.BADGE),
        Column("finished_by", N_("Por"), is_sortable=True),
        Column("result_label", N_("Resultado")),
        *WHAT,
        *EXTRA,
    ),
    default_sort="-finished_at",
    filters=(*FILTERS, Filter("desde", N_("Finalizada desde"), FilterKind.DAY)),
    empty=N_("Nenhuma tarefa finalizada ainda."),
    family=tuple(VIEWS),
)


async def with_people(listing: Listing, session: AsyncSession) -> Listing:
    """The list with the teams and people of today in its filters."""
    teams = await colleagues.house_teams(session)
    people = await colleagues.active_people(session)
    options = {"equipe": tuple((str(i), name) for i, name in teams), "responsavel": tuple(people)}
    filters = tuple(replace(f, options=options.get(f.key, f.options)) for f in listing.filters)
    return replace(listing, filters=filters)


def presented(
    row: Mapping[str, Any], *, names: Mapping[str, str], by: Principal, now: datetime
) -> Mapping[str, Any]:
    """A task as a row: words, colours, and the document as this person may see it."""
    document = row["document"]
    title = told(row["title"], row["places"])
    return {
        **row,
        "title": title,
        "consequence": told(row["consequence"], row["places"]),
        "href": f"/tarefas/{row['id']}",
        "links": {"title": f"/tarefas/{row['id']}", "due_at": None},
        "label": title,
        "due_at": due_badge(row["due_at"], now=now) if row["finished_at"] is None else None,
        "due_exactly": row["due_at"],
        "document_shown": shown_document(document, by=by) if document else None,
        "process_label": Badge(gettext(words.PROCESSES.get(row["process"], row["process"]))),
        "assignee": names.get(row["assignee"] or "", row["assignee"]),
        "finished_by": names.get(row["finished_by"] or "", row["finished_by"]),
        "priority": Badge(
            gettext(words.PRIORITIES[row["priority"]]), PRIORITY_TONES[Priority(row["priority"])]
        ),
        "progress": f"{row['items_done']}/{row['items_all']}" if row["items_all"] else None,
        "state": status_badge(row["status"]),
        "result_label": gettext(words.TASK_RESULTS.get(row["result"], row["result"])),
    }


def due_badge(due_at: datetime, *, now: datetime) -> Badge:
    """By when, in colour and in words: late since when, today at what time, or the day."""
    if due_at < now:
        ago = language.ago(due_at, now=now)
        return Badge(gettext(N_("vencido %(ago)s"), ago=ago), Tone.RED)
    if local_date(due_at) == local_date(now):
        hour = f"{local_time(due_at):%H:%M}"
        return Badge(gettext(N_("hoje, %(hour)s"), hour=hour), Tone.YELLOW)
    return Badge(language.moment(due_at))


def status_badge(status: str) -> Badge:
    """Open, concluded or cancelled."""
    tone = {"concluded": Tone.GREEN, "cancelled": Tone.GREY}.get(status, Tone.BLUE)
    return Badge(gettext(words.stage_label("tasks", status)), tone)


def filter_of(
    view: View,
    which: InboxView,
    *,
    by: Principal,
    team_ids: tuple[int, ...],
    stands_in_for: tuple[str, ...],
    now: datetime,
    since: datetime | None,
) -> InboxFilter:
    """What the address asks for."""
    team, priority = view.text("equipe") or "", view.text("prioridade") or ""
    return InboxFilter(
        by=by.login,
        team_ids=team_ids,
        stands_in_for=stands_in_for,
        now=now,
        view=which,
        process=view.text("processo"),
        team_id=int(team) if team.isdecimal() else None,
        assignee=view.text("responsavel"),
        priority=int(priority) if priority.isdecimal() else None,
        is_overdue=view.text("atraso") == "sim",
        shows_snoozed=view.text("adiadas") == "sim",
        text=view.text("busca"),
        finished_since=since,
    )
