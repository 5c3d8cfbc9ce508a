"""The list of a client's own tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import Now, ReadSession
from api.inbox_lists import PRIORITY_TONES
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.own_tickets import PATH, Own
from api.table import Badge, FilterKind, Kind, Tone
from api.ticket_list import STAGE_WORDS, TONES
from models.ticket_lists import TicketFilter, select_tickets
from rules import words
from rules.tasks import Priority
from rules.tickets import TicketStage

router = APIRouter(include_in_schema=False)

OWN = Listing(
    columns=(
        Column("protocol", N_("Protocolo"), is_sortable=True),
        Column("subject", N_("Assunto")),
        Column("stage_label", N_("Situação"), Kind.BADGE),
        Column("priority", N_("Prioridade"), Kind.BADGE),
        Column("requester", N_("Quem pede")),
        Column("opened_at", N_("Aberto em"), Kind.MOMENT, is_sortable=True),
    ),
    default_sort="-opened_at",
    filters=(
        Filter("busca", N_("Protocolo ou assunto")),
        Filter(
            "etapa", N_("Situação"), FilterKind.CHOICE, tuple(STAGE_WORDS.items()),
            blank=N_("Todas"),
        ),
    ),
    empty=N_("Nenhum chamado ainda. Abra o primeiro pelo botão acima, ou escreva ao suporte."),
)  # fmt: skip


@router.get(PATH)
async def own_tickets_page(request: Request, by: Own, session: ReadSession, now: Now) -> Response:
    """The company's tickets, the newest first."""
    view = OWN.view(request)
    wanted = TicketFilter(
        now=now, stage=view.text("etapa"), customer_id=by.company_id, text=view.text("busca")
    )
    statement = select_tickets(wanted)
    return await view.answer(session, statement, "pages/tickets/own_list.html", present=_shown)


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    stage, priority = TicketStage(row["stage"]), Priority(row["priority"])
    return {
        **row,
        "href": f"{PATH}/{row['id']}",
        "label": f"{row['protocol']} {row['subject']}",
        "stage_label": Badge(gettext(STAGE_WORDS[stage]), TONES.get(stage, Tone.GREY)),
        "priority": Badge(gettext(words.PRIORITIES[priority]), PRIORITY_TONES[priority]),
    }
