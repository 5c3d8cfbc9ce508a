"""The lists behind the figures of what collecting brings: the same rows that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Select

from api.account_tables import CONTACT_CHANNELS
from api.dependencies import Principal, ReadSession, Today, need
from api.language import N_, gettext
from api.listing import Column, Filter, Listing, View
from api.message_values import PURPOSES
from api.panels import CHARTS_SEE, ROOT
from api.payment_words import SOURCES
from api.recovery_tables import LISTS, OUTSIDE, PANEL_OF_STAGE, told_band
from api.table import FilterKind, Kind
from models import recovery_lists as rows
from models.recovery_lists import Days
from rules.messages import Channel
from rules.payments import PaymentSource
from rules.recovery import BANDS
from rules.words import CHANNELS, INVOICE_STAGES

router = APIRouter(include_in_schema=False)

Sees = Annotated[Principal, need(CHARTS_SEE, "collections.account:see")]

STAGES = tuple(str(stage) for stage in PANEL_OF_STAGE if stage is not None)
CUSTOMER, NUMBER = Column("customer", N_("Cliente")), Column("number", N_("Fatura"))
DUE = Column("due_date", N_("Vencimento"), Kind.DAY, is_sortable=True)
AMOUNT = Column("amount", N_("Valor"), Kind.MONEY, is_sortable=True, is_totalled=True)
DAYS = (
    Filter("desde", N_("Desde"), FilterKind.DAY),
    Filter("ate", N_("Até"), FilterKind.DAY),
)
#: Where these lists are opened from.
WHENCE = (N_("Resultados da cobrança"), f"{ROOT}/resultados")
EMPTY = N_("Nada a mostrar neste período.")

OPEN = Listing(
    columns=(CUSTOMER, NUMBER, DUE, Column("stage_told", N_("Etapa")), AMOUNT),
    default_sort="due_date",
    filters=(
        Filter("faixa", N_("Atraso"), FilterKind.CHOICE, blank=N_("Todos")),
        Filter(
            "etapa", N_("Etapa"), FilterKind.CHOICE,
            tuple((str(stage or OUTSIDE), label) for stage, label in PANEL_OF_STAGE.items()),
            blank=N_("Todas"),
        ),
    ),
    empty=N_("Nenhuma fatura vencida em aberto."),
)  # fmt: skip
REACHED = Listing(
    columns=(
        CUSTOMER, NUMBER, DUE, Column("taken_on", N_("Mensagem"), Kind.DAY, is_sortable=True),
        Column("settled_on", N_("Liquidada em"), Kind.DAY, is_sortable=True, is_nullable=True),
        AMOUNT,
    ),
    default_sort="-taken_on",
    filters=(
        Filter("passo", N_("Passo nº"), FilterKind.NUMBER),
        Filter(
            "canal", N_("Meio"), FilterKind.CHOICE,
            tuple((str(each), CHANNELS[each]) for each in Channel), blank=N_("Todos"),
        ),
        Filter(
            "so", N_("Mostrar"), FilterKind.CHOICE, (("pagas", N_("Pagas em até 7 dias")),),
            blank=N_("Todas"),
        ),
    ),
    empty=EMPTY,
)  # fmt: skip
RECOVERED = Listing(
    columns=(
        CUSTOMER, NUMBER, DUE, Column("paid_on", N_("Pago em"), Kind.DAY, is_sortable=True),
        Column("source_told", N_("Origem")), AMOUNT,
    ),
    default_sort="-paid_on", filters=DAYS, empty=EMPTY,
)  # fmt: skip
SENT = Listing(
    columns=(
        Column("at", N_("Enviada"), Kind.MOMENT, is_sortable=True), CUSTOMER,
        Column("channel_told", N_("Meio")), Column("purpose_told", N_("Finalidade")),
    ),
    default_sort="-at", filters=DAYS, empty=EMPTY,
)  # fmt: skip
CONTACTS = Listing(
    columns=(
        Column("at", N_("Quando"), Kind.MOMENT, is_sortable=True), CUSTOMER,
        Column("channel_told", N_("Meio")), Column("subject", N_("Assunto")),
        Column("by", N_("Operador"), Kind.PERSON),
    ),
    default_sort="-at", filters=DAYS, empty=EMPTY,
)  # fmt: skip


@router.get(f"{LISTS}/em-aberto")
async def open_invoices(request: Request, by: Sees, session: ReadSession, today: Today) -> Response:
    """Late invoices of an age and a stage."""
    bands = tuple((str(number), told_band(band)) for number, band in enumerate(BANDS))
    view = _with_options(OPEN, "faixa", bands).view(request)
    number, stage = view.number("faixa"), view.text("etapa")
    statement = rows.select_open(
        BANDS[number] if number is not None and 0 <= number < len(BANDS) else None,
        stages=(() if stage is None else STAGES if stage == OUTSIDE else (stage,)),
        is_among=stage != OUTSIDE, today=today,
    )  # fmt: skip
    return await _answer(view, session, statement, N_("Faturas vencidas em aberto"), by=by)


@router.get(f"{LISTS}/alcancadas")
async def reached(request: Request, by: Sees, session: ReadSession, today: Today) -> Response:
    """Invoices that a step of the ladder reached, and whether they were paid soon after."""
    view = REACHED.view(request)
    statement = rows.select_reached(
        step_id=view.number("passo"), channel=view.text("canal"),
        is_cured=view.text("so") == "pagas", today=today,
    )  # fmt: skip
    return await _answer(view, session, statement, N_("Faturas alcançadas em 90 dias"), by=by)


@router.get(f"{LISTS}/recuperado")
async def recovered(request: Request, by: Sees, session: ReadSession) -> Response:
    """Payments of invoices in collections."""
    view = RECOVERED.view(request)
    statement = rows.select_recovered(_days(view))
    return await _answer(view, session, statement, N_("Recuperado"), by=by)


@router.get(f"{LISTS}/enviadas")
async def sent(request: Request, by: Sees, session: ReadSession) -> Response:
    """Messages of collections that left for customers."""
    view = SENT.view(request)
    return await _answer(
        view, session, rows.select_sent(_days(view)), N_("Mensagens enviadas"), by=by
    )


@router.get(f"{LISTS}/contatos")
async def contacts(request: Request, by: Sees, session: ReadSession) -> Response:
    """Contacts with customers."""
    view = CONTACTS.view(request)
    return await _answer(view, session, rows.select_contacts(_days(view)), N_("Contatos"), by=by)


async def _answer(
    view: View, session: ReadSession, statement: Select[Any], title: str, *, by: Principal
) -> Response:
    return await view.answer(
        session, statement, "pages/charts/result_list.html", present=partial(_shown, by=by),
        title=title, whence=WHENCE,
    )  # fmt: skip


def _days(view: View) -> Days:
    return Days(view.day("desde"), view.day("ate"))


def _with_options(listing: Listing, key: str, options: tuple[tuple[str, str], ...]) -> Listing:
    filters = tuple(
        Filter(each.key, each.label, each.kind, options, each.blank) if each.key == key else each
        for each in listing.filters
    )
    return Listing(listing.columns, listing.default_sort, filters, empty=listing.empty)


def _shown(row: Mapping[str, Any], *, by: Principal) -> dict[str, Any]:
    account = f"{ROOT}/contas/{row['customer_id']}"
    told: dict[str, Any] = {**row, "label": row["customer"], "href": account}
    if "number" in row:
        sees = by.may("invoices:see")
        invoice = f"{ROOT}/faturas/{row['invoice_id']}" if sees else account
        told |= {"href": invoice, "links": {"customer": account, "number": invoice}}
    if "stage" in row:
        told["stage_told"] = gettext(INVOICE_STAGES.get(row["stage"], PANEL_OF_STAGE[None]))
    if "source" in row:
        told["source_told"] = gettext(SOURCES[PaymentSource(row["source"])])
    if "channel" in row:
        words = {**CONTACT_CHANNELS, **CHANNELS}
        told["channel_told"] = gettext(words.get(row["channel"], row["channel"]))
    if "purpose" in row:
        told["purpose_told"] = gettext(PURPOSES.get(row["purpose"], row["purpose"]))
        told["href"] = f"/mensagens/{row['id']}" if by.may("messages:see") else account
    return told
