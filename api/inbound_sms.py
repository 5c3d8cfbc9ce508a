"""SMS that customers sent: each with what became of it, and the case that it went to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.case_head import place_of
from api.dependencies import ReadSession, need
from api.keyset import SortKey, fetch
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.messages import TABS
from api.table import Badge, FilterKind, Kind, Tone
from models.inbound_sms import SmsFilter, select_inbound_sms
from rules import words
from rules.business_days import at_local_time
from rules.inbound_sms import SmsOutcome

router = APIRouter(tags=["messages"])

PATH = "/mensagens/sms"
OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    SmsOutcome.JOINED: (N_("Entrou no caso"), Tone.GREEN),
    SmsOutcome.WITHOUT_CASE: (N_("Cliente sem caso aberto"), Tone.BLUE),
    SmsOutcome.OPTED_OUT: (N_("Não quer mais SMS"), Tone.YELLOW),
    SmsOutcome.STRANGER: (N_("Número desconhecido"), Tone.GREY),
}
RECEIVED = Listing(
    columns=(
        Column("received_at", N_("Recebido em"), Kind.MOMENT, is_sortable=True),
        Column("who", N_("De")),
        Column("text", N_("Texto")),
        Column("state", N_("O que aconteceu"), Kind.BADGE),
        Column("case", N_("Caso")),
        Column("sender", N_("Número"), is_extra=True),
    ),
    default_sort="-received_at",
    filters=(
        Filter("busca", N_("Cliente, número ou texto")),
        Filter(
            "situacao", N_("O que aconteceu"), FilterKind.CHOICE,
            tuple((key, label) for key, (label, _) in OUTCOMES.items()),
        ),
        Filter("desde", N_("Desde"), FilterKind.DAY),
        Filter("ate", N_("Até"), FilterKind.DAY),
    ),
    empty=N_("Nenhum SMS recebido ainda. As respostas dos clientes aparecem aqui."),
)  # fmt: skip


class SmsQuery(BaseModel):
    """Which SMS a program wants; what is left out narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    outcome: SmsOutcome | None = None
    customer_id: int | None = None
    search: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class SmsOut(BaseModel):
    """An SMS as programs read it; `case_id` is the case that it went to."""

    id: int
    received_at: datetime
    sender: str
    text: str
    outcome: SmsOutcome
    customer_id: int | None
    case_id: int | None


class SmsListOut(BaseModel):
    """A page of SMS; `next` is the cursor of the following page."""

    items: list[SmsOut]
    next: str | None


@router.get("/api/inbound-sms", dependencies=[need("messages:see")])
async def list_inbound_sms(session: ReadSession, asked: Annotated[SmsQuery, Query()]) -> SmsListOut:
    """SMS that customers sent, by identity."""
    wanted = SmsFilter(**asked.model_dump(exclude={"cursor", "limit"}))
    found = await fetch(
        session, select_inbound_sms(wanted), sort=SortKey("id"), cursor=asked.cursor,
        limit=asked.limit,
    )  # fmt: skip
    return SmsListOut(
        items=[SmsOut.model_validate(dict(row)) for row in found.rows], next=found.next
    )


@router.get(PATH, include_in_schema=False, dependencies=[need("messages:see")])
async def inbound_sms_page(request: Request, session: ReadSession) -> Response:
    """The list; a row opens the case that the SMS went to."""
    view = RECEIVED.view(request)
    return await view.answer(
        session, select_inbound_sms(_wanted(view)), "pages/messages/inbound_sms.html",
        present=_shown, tabs=TABS,
    )  # fmt: skip


def _wanted(view: View) -> SmsFilter:
    since, until = view.day("desde"), view.day("ate")
    return SmsFilter(
        search=view.text("busca"),
        outcome=view.text("situacao"),
        since=at_local_time(since, at=time.min) if since else None,
        until=at_local_time(until + timedelta(days=1), at=time.min) if until else None,
    )


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    label, tone = OUTCOMES[row["outcome"]]
    who, place = row["customer"] or row["sender"], None
    if row["case_id"] is not None:
        place = place_of(row["process"], row["case_id"], subject_id=row["subject_id"])
    return {
        **row,
        "who": who,
        "state": Badge(gettext(label), tone),
        "case": f"{gettext(words.PROCESSES[row['process']])} {row['case_id']}" if place else "",
        "href": place,
        "links": {"case": place},
        "label": who,
    }
