"""The list of tickets: those due first on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import Now, ReadSession
from api.inbox_lists import PRIORITY_TONES, due_badge
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.stage_chips import chips_of
from api.table import Badge, FilterKind, Kind, Tone
from api.ticket_commands import See
from models import colleagues, ticket_lists
from models.stage_tallies import tally_stages
from models.ticket_lists import TicketFilter, select_tickets
from models.tickets import Ticket
from rules import service_words, words
from rules.business_days import at_local_time
from rules.cases import Process
from rules.tasks import Priority
from rules.tickets import WORKED, TicketStage

router = APIRouter(include_in_schema=False)

TONES = {
    TicketStage.OPEN: Tone.RED,
    TicketStage.IN_PROGRESS: Tone.BLUE,
    TicketStage.WAITING_CUSTOMER: Tone.YELLOW,
    TicketStage.RESOLVED: Tone.GREEN,
}
STAGE_WORDS = words.STAGES[Process.TICKETS]
TICKETS = Listing(
    columns=(
        Column("next_due_at", N_("Prazo"), Kind.BADGE, is_sortable=True, is_nullable=True),
        Column("protocol", N_("Protocolo"), is_sortable=True),
        Column("subject", N_("Assunto")),
        Column("customer", N_("Cliente")),
        Column("stage_label", N_("Situação"), Kind.BADGE),
        Column("priority", N_("Prioridade"), Kind.BADGE, is_sortable=True),
        Column("owner", N_("Responsável"), is_sortable=True, is_nullable=True),
        Column("late", N_("SLA"), Kind.BADGE),
        Column("opened_at", N_("Aberto em"), Kind.MOMENT, is_sortable=True),
        Column("category", N_("Categoria"), is_extra=True),
        Column("channel", N_("Canal"), is_extra=True),
        Column("requester_email", N_("E-mail"), is_extra=True),
        Column("reopened", N_("Reaberturas"), Kind.NUMBER, is_extra=True),
    ),
    default_sort="next_due_at",
    filters=(
        Filter("busca", N_("Protocolo, assunto ou cliente")),
        Filter(
            "etapa",
            N_("Situação"),
            FilterKind.CHOICE,
            (*STAGE_WORDS.items(), ("todas", N_("Todas"))),
            blank=N_("Em aberto"),
        ),
        Filter(
            "prioridade",
            N_("Prioridade"),
            FilterKind.CHOICE,
            tuple((str(value), label) for value, label in words.PRIORITIES.items()),
            blank=N_("Todas"),
        ),
        Filter("responsavel", N_("Responsável"), FilterKind.CHOICE),
        Filter("categoria", N_("Categoria"), FilterKind.CHOICE, blank=N_("Todas")),
        Filter(
            "sla",
            N_("SLA"),
            FilterKind.CHOICE,
            (("estourado", N_("Só com prazo descumprido")),),
            blank=N_("Todos"),
        ),
        Filter("desde", N_("Aberto desde"), FilterKind.DAY),
    ),
    empty=N_("Nenhum chamado aqui. Chegam por e-mail, por integração ou pelo botão acima."),
)


@router.get("/chamados")
async def tickets_page(request: Request, by: See, session: ReadSession, now: Now) -> Response:
    """Tickets, those due first on top."""
    view = await list_view(request, session)
    names = await colleagues.names_by_login(session)
    return await view.answer(
        session,
        select_tickets(wanted_of(view, now=now)),
        "pages/tickets/tickets.html",
        present=lambda row: _shown(row, names, now=now),
        may_act=by.may("tickets:act"),
        people=await colleagues.workers(session),
        priorities=[(value, gettext(label)) for value, label in words.PRIORITIES.items()],
        chips=chips_of(
            view,
            await tally_stages(session, Ticket, (*WORKED, TicketStage.RESOLVED)),
            labels=STAGE_WORDS,
            is_open=WORKED,
            beside=(TicketStage.RESOLVED,),
        ),
    )


async def list_view(request: Request, session: AsyncSession) -> View:
    """What the address asks of the list."""
    return (await _with_choices(session)).view(request)


def wanted_of(view: View, *, now: datetime) -> TicketFilter:
    """The tickets that the address asks for."""
    stage, priority = view.text("etapa"), view.text("prioridade") or ""
    category, since = view.text("categoria") or "", view.day("desde")
    return TicketFilter(
        now=now,
        stage=None if stage == "todas" else stage,
        is_worked=stage is None,
        priority=int(priority) if priority.isdecimal() else None,
        owner=view.text("responsavel"),
        category_id=int(category) if category.isdecimal() else None,
        is_breached=view.text("sla") == "estourado",
        text=view.text("busca"),
        opened_since=at_local_time(since, at=datetime.min.time()) if since else None,
    )


async def _with_choices(session: AsyncSession) -> Listing:
    """The list with the people and categories of today in its filters."""
    categories = await ticket_lists.category_choices(session)
    options = {
        "responsavel": tuple(await colleagues.workers(session)),
        "categoria": tuple((str(key), name) for key, name in categories),
    }
    filters = tuple(replace(f, options=options.get(f.key, f.options)) for f in TICKETS.filters)
    return replace(TICKETS, filters=filters)


def _shown(row: Mapping[str, Any], names: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
    """A ticket as a row: words, colours, and its page."""
    stage = TicketStage(row["stage"])
    due = row["next_due_at"]
    return {
        **row,
        "href": f"/chamados/{row['id']}",
        "links": {"protocol": f"/chamados/{row['id']}", "next_due_at": None},
        "label": f"{row['protocol']} {row['subject']}",
        "next_due_at": due_badge(due, now=now) if due and stage in WORKED else None,
        "customer": row["customer"] or row["requester"] or row["requester_email"],
        "stage_label": Badge(gettext(STAGE_WORDS[stage]), TONES.get(stage, Tone.GREY)),
        "priority": Badge(
            gettext(words.PRIORITIES[row["priority"]]), PRIORITY_TONES[Priority(row["priority"])]
        ),
        "owner": names.get(row["owner"] or "", row["owner"]),
        "late": Badge(gettext(N_("prazo descumprido")), Tone.RED) if row["breached_at"] else None,
        "channel": gettext(service_words.TICKET_CHANNELS[row["channel"]]),
    }
