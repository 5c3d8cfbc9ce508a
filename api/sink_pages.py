"""The local box: what the embedded sink caught instead of sending it out of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from api import message_values
from api.dependencies import Config, Principal, ReadSession, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.messages import TABS
from api.rendering import page
from api.table import Badge, FilterKind, Kind, Tone
from models import message_lists
from models.sink import SinkMessage
from rules.messages import MessageNotFound

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("messages:see")]

KEPT = Listing(
    columns=(
        Column("at", N_("Chegou em"), Kind.MOMENT, is_sortable=True),
        Column("channel", N_("Canal")),
        Column("recipient", N_("Para")),
        Column("about", N_("Assunto")),
        Column("deliveries", N_("Entregas"), Kind.NUMBER),
        Column("report", N_("Relatório"), Kind.BADGE),
        Column("provider_id", N_("Identificação"), is_extra=True),
    ),
    default_sort="-at",
    filters=(
        Filter("busca", N_("Buscar")),
        Filter("canal", N_("Canal"), FilterKind.CHOICE, tuple(message_values.CHANNELS.items())),
    ),
    empty=N_("Nada chegou à caixa local ainda."),
)
REPORTS = {
    "queued": (N_("a caminho"), Tone.BLUE),
    "sent": (N_("a caminho"), Tone.BLUE),
    "delivered": (N_("entregue"), Tone.GREEN),
    "undelivered": (N_("devolvida"), Tone.RED),
}


@router.get("/mensagens/caixa")
async def box(request: Request, _by: See, session: ReadSession, settings: Config) -> Response:
    """The list of what was caught."""
    view = KEPT.view(request)
    return await view.answer(
        session,
        message_lists.select_kept(search=view.text("busca"), channel=view.text("canal")),
        "pages/messages/box.html",
        present=_shown,
        tabs=TABS,
        keeps_mail=settings.smtp.host is None,
        keeps_sms=settings.twilio.account_sid is None,
    )


@router.get("/mensagens/caixa/{kept_id:int}")
async def kept(request: Request, _by: See, session: ReadSession, kept_id: int) -> Response:
    """One message as its recipient would see it."""
    message = await session.get(SinkMessage, kept_id)
    if message is None:
        raise MessageNotFound
    return page(
        request,
        "pages/messages/kept.html",
        message=message,
        channel=message_values.channel(message.channel),
        report=_report(message.callback_status),
    )


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **row,
        "channel": message_values.channel(row["channel"]),
        "about": row["subject"] or row["text"][:80],
        "report": _report(row["callback_status"]),
        "href": f"/mensagens/caixa/{row['id']}",
        "label": row["recipient"],
    }


def _report(status: str) -> Badge | None:
    if status not in REPORTS:
        return None
    label, tone = REPORTS[status]
    return Badge(gettext(label), tone)
