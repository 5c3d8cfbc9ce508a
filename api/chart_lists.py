"""The lists behind the figures of charts 1, 6 and 7: the same rows that were counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.account_tables import CONTACT_CHANNELS
from api.case_head import place_of
from api.chart_figures import LISTS
from api.dependencies import Principal, ReadSession, need
from api.history_lines import OUTSIDERS, tell
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.message_values import PURPOSES
from api.panels import CHARTS_PATH, CHARTS_SEE, ROOT
from api.table import Badge, FilterKind, Kind, Tone
from models import chart_lists as rows
from models.cases import CaseEvent
from models.chart_lists import CONTACT, InteractionFilter
from models.colleagues import names_by_login
from models.recovery_lists import Days
from rules.cases import CUSTOMER
from rules.messages import Channel
from rules.words import CHANNELS

router = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need(CHARTS_SEE, "collections.account:see")]
Shown = Callable[[Mapping[str, Any]], Mapping[str, Any]]

WHENCE = (N_("Gráficos de cobrança"), CHARTS_PATH)
MOVEMENTS: Mapping[str, tuple[str, Tone]] = {
    "registered": (N_("Inclusão"), Tone.RED),
    "removed": (N_("Remoção"), Tone.GREEN),
}
AT = Column("at", N_("Quando"), Kind.MOMENT, is_sortable=True)
CUSTOMERS = Column("customer", N_("Cliente"))
OPERATOR = Column("by", N_("Operador"), Kind.PERSON)
PEOPLE = Filter("operador", N_("Operador"), FilterKind.CHOICE)
DAYS = (
    Filter("desde", N_("Desde"), FilterKind.DAY),
    Filter("ate", N_("Até"), FilterKind.DAY),
)
EMPTY = N_("Nada a mostrar neste período.")

INTERACTIONS = Listing(
    columns=(
        AT, CUSTOMERS, Column("channel_told", N_("Meio")), Column("about_told", N_("Assunto")),
        OPERATOR,
    ),
    default_sort="-at",
    filters=(
        Filter(
            "canal", N_("Meio"), FilterKind.CHOICE,
            (*((str(each), CHANNELS[each]) for each in Channel),
             (CONTACT, N_("Comentário ou contato"))),
        ),
        PEOPLE,
        Filter(
            "so", N_("Mostrar"), FilterKind.CHOICE, (("cobranca", N_("Só da cobrança")),),
            blank=N_("Todas"),
        ),
        *DAYS,
    ),
    empty=EMPTY,
)  # fmt: skip
EVENTS = Listing(
    columns=(AT, OPERATOR, Column("told", N_("O que se fez")), CUSTOMERS),
    default_sort="-at", filters=(PEOPLE, *DAYS), empty=EMPTY,
)  # fmt: skip
BUREAU = Listing(
    columns=(
        AT, CUSTOMERS, Column("number", N_("Fatura")),
        Column("kind_told", N_("Movimento"), Kind.BADGE), Column("details", N_("Detalhes")),
        OPERATOR,
    ),
    default_sort="-at",
    filters=(
        Filter(
            "registro", N_("Movimento"), FilterKind.CHOICE,
            tuple((kind, label) for kind, (label, _) in MOVEMENTS.items()),
        ),
        *DAYS,
    ),
    empty=EMPTY,
)  # fmt: skip


@router.get(f"{LISTS}/interacoes")
async def interactions(request: Request, by: Sees, session: ReadSession) -> Response:
    """Messages that left for customers, and contacts with them."""
    view = (await _with_people(INTERACTIONS, session)).view(request)
    wanted = InteractionFilter(
        days=_days(view), channel=view.text("canal"), by=view.text("operador"),
        is_collecting=view.text("so") == "cobranca",
    )  # fmt: skip
    present = partial(_interaction, by=by)
    return await _answer(view, session, rows.select_interactions(wanted), N_("Interações"), present)


@router.get(f"{LISTS}/eventos")
async def events(request: Request, _by: Sees, session: ReadSession) -> Response:
    """What people did in cases of collections."""
    view = (await _with_people(EVENTS, session)).view(request)
    statement = rows.select_events(_days(view), by=view.text("operador"))
    present = partial(_event, names=await names_by_login(session))
    return await _answer(view, session, statement, N_("Eventos de cobrança"), present)


@router.get(f"{LISTS}/spc")
async def movements(request: Request, by: Sees, session: ReadSession) -> Response:
    """Invoices that were registered at the bureau, and removed from it."""
    view = BUREAU.view(request)
    statement = rows.select_movements(_days(view), kind=view.text("registro"))
    present = partial(_movement, by=by)
    return await _answer(view, session, statement, N_("Movimentos do SPC"), present)


async def _answer(
    view: View, session: ReadSession, statement: Any, title: str, present: Shown
) -> Response:
    return await view.answer(
        session, statement, "pages/charts/result_list.html", present=present, title=title,
        whence=WHENCE,
    )  # fmt: skip


def _days(view: View) -> Days:
    return Days(view.day("desde"), view.day("ate"))


async def _with_people(listing: Listing, session: ReadSession) -> Listing:
    """The list with everybody in its filter: also who left, and customers."""
    people = (*(await names_by_login(session)).items(), (CUSTOMER, OUTSIDERS[CUSTOMER]))
    filters = tuple(
        replace(each, options=people) if each is PEOPLE else each for each in listing.filters
    )
    return replace(listing, filters=filters)


def _interaction(row: Mapping[str, Any], *, by: Principal) -> dict[str, Any]:
    account = f"{ROOT}/contas/{row['customer_id']}"
    words = {**CONTACT_CHANNELS, **CHANNELS}
    is_contact, about = row["kind"] == CONTACT, row["about"]
    letter = f"/mensagens/{row['key']}" if by.may("messages:see") else account
    return {
        **row, "label": row["customer"],
        "href": f"{account}/comentarios" if is_contact else letter,
        "links": {"customer": account},
        "channel_told": gettext(words.get(row["channel"], row["channel"])),
        "about_told": about if is_contact else gettext(PURPOSES.get(about, about)),
    }  # fmt: skip


def _event(row: Mapping[str, Any], *, names: Mapping[str, str]) -> dict[str, Any]:
    stored = CaseEvent(**{name: row[name] for name in EVENT_FIELDS})
    place = place_of(row["process"], row["case_id"], subject_id=row["subject_id"])
    return {
        **row, "label": row["customer"] or "—", "href": place,
        "links": {"told": place, "customer": f"{ROOT}/contas/{row['customer_id']}"},
        "told": tell(row["process"], stored, names).sentence,
    }  # fmt: skip


EVENT_FIELDS = ("id", "case_id", "at", "by", "kind", "parameters")


def _movement(row: Mapping[str, Any], *, by: Principal) -> dict[str, Any]:
    account = f"{ROOT}/contas/{row['customer_id']}"
    invoice = f"{ROOT}/faturas/{row['invoice_id']}" if by.may("invoices:see") else account
    label, tone = MOVEMENTS[row["kind"]]
    return {
        **row, "label": row["customer"], "href": invoice,
        "links": {"customer": account, "number": invoice},
        "kind_told": Badge(gettext(label), tone),
    }  # fmt: skip
