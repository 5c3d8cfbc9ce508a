"""Protests: of one invoice, and every one of the house; by page and by program."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.documents import draw
from activities.protests import NewProtest, consent_letter, paid_on, record_protest, tell_outcome
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.documents import WHOLE
from api.files import shown_as
from api.forms import Day, Submitted, blank, submitted
from api.invoice_documents import PDF
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import NamedRequest
from api.panels import Key
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.database import Database
from models.invoices import label_of
from models.payments import read_invoice
from models.people import record
from models.protests import protests_of, select_protests
from rules.panels import InvoiceStatus
from rules.protests import NEXT, ProtestStage

router = APIRouter(tags=["collections"])

See = Annotated[Principal, need("protests:see")]
Act = Annotated[Principal, need("protests:see", "protests:act")]
PAGE = "/cobrancas/faturas/{invoice_id:int}/protesto"
LIST = "/cobrancas/protestos"

STAGES: Mapping[str, tuple[str, Tone]] = {
    ProtestStage.PROTOCOLLED: (N_("No cartório"), Tone.YELLOW),
    ProtestStage.PROTESTED: (N_("Protestada"), Tone.RED),
    ProtestStage.WITHDRAWN: (N_("Retirada ou paga no cartório"), Tone.GREEN),
    ProtestStage.CANCELLED: (N_("Protesto cancelado"), Tone.GREY),
}
PROTESTS = Listing(
    columns=(
        Column("customer", N_("Cliente")),
        Column("code", N_("Fatura")),
        Column("office", N_("Cartório")),
        Column("protocol", N_("Protocolo")),
        Column("protocolled_on", N_("Protocolado em"), Kind.DAY),
        Column("pay_until", N_("Devedor paga até"), Kind.DAY),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("paid", N_("Fatura quitada"), Kind.BADGE),
    ),
    default_sort="-id",
    filters=(
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(stage), label) for stage, (label, _) in STAGES.items()),
        ),
    ),
    empty=N_("Nenhum protesto. Registre um na página da fatura."),
)  # fmt: skip


class ProtestInput(BaseModel):
    """A title as the office took it."""

    model_config = ConfigDict(extra="forbid")

    office: str = Field(default="", max_length=120)
    protocol: str = Field(default="", max_length=40)
    protocolled_on: Day


class OutcomeInput(BaseModel):
    """What became of a title."""

    model_config = ConfigDict(extra="forbid")

    stage: ProtestStage


class ProtestView(BaseModel):
    """A protest as programs read it; `pay_until` is the debtor's last day at the office."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    invoice_id: int
    customer_id: int
    office: str
    protocol: str
    protocolled_on: date
    pay_until: date
    amount: Decimal
    stage: ProtestStage
    stage_on: date
    by: str


@router.get(LIST, include_in_schema=False)
async def protests_page(request: Request, _by: See, session: ReadSession) -> Response:
    """Every protest, the newest first."""
    view = PROTESTS.view(request)
    statement = select_protests(stage=view.text("situacao"))
    return await view.answer(session, statement, "pages/collections/protests.html", present=_shown)


@router.get(PAGE, include_in_schema=False)
async def protest_page(
    request: Request, invoice_id: int, by: See, session: ReadSession, today: Today
) -> Response:
    """An invoice's protests, and the form of another."""
    form = blank(ProtestInput, protocolled_on=today)
    return await _page(request, session, invoice_id, form, by)


@router.post(PAGE, include_in_schema=False)
async def record_on_page(
    request: Request, invoice_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Records that the invoice went to protest."""
    form = await submitted(request, ProtestInput)
    if form.value:
        with form.refusals():
            async with database.write() as session:
                deed = by.deed(at=now, ip=ip)
                await record_protest(session, invoice_id, _new(form.value), deed=deed)
            return redirect(request, _path(invoice_id), N_("Protesto registrado."))
    async with database.read() as session:
        return await _page(request, session, invoice_id, form, by)


@router.post(LIST + "/{protest_id:int}/resultado", include_in_schema=False)
async def outcome_on_page(
    request: Request, protest_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Writes down what became of a title."""
    form = await submitted(request, OutcomeInput)
    if form.value is None:
        return redirect(request, LIST, N_("Escolha uma das opções."))
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        protest = await tell_outcome(session, protest_id, form.value.stage, deed=deed)
    return redirect(request, _path(protest.invoice_id), N_("Resultado registrado."))


@router.get(LIST + "/{protest_id:int}/anuencia", include_in_schema=False)
async def consent_page(protest_id: int, by: Act, database: Db, now: Now) -> Response:
    """The letter of consent as PDF."""
    return await _letter(database, protest_id, by=by, now=now)


@router.get("/api/invoices/{invoice_id}/protests")
async def list_protests(invoice_id: Key, _by: See, session: ReadSession) -> list[ProtestView]:
    """The protests of an invoice, the newest first. Refuses PaidInvoiceNotFound."""
    await read_invoice(session, invoice_id)
    return [ProtestView.model_validate(each) for each in await protests_of(session, invoice_id)]


@router.post("/api/invoices/{invoice_id}/protests", status_code=201)
async def create_protest(
    invoice_id: Key, asked: ProtestInput, by: Act, database: Db, now: Now, ip: Ip,
    once: NamedRequest,
) -> ProtestView:  # fmt: skip
    """Records that an invoice went to protest."""
    deed = by.deed(at=now, ip=ip)

    async def keep(session: AsyncSession) -> ProtestView:
        made = await record_protest(session, invoice_id, _new(asked), deed=deed)
        return ProtestView.model_validate(made)

    return ProtestView.model_validate(await once.do(database, deed, keep))


@router.post("/api/protests/{protest_id}/outcome")
async def record_outcome(
    protest_id: Key, asked: OutcomeInput, by: Act, database: Db, now: Now, ip: Ip
) -> ProtestView:
    """Writes down what became of a title: protested, withdrawn or paid, cancelled."""
    async with database.write() as session:
        deed = by.deed(at=now, ip=ip)
        return ProtestView.model_validate(
            await tell_outcome(session, protest_id, asked.stage, deed=deed)
        )


@router.get(
    "/api/protests/{protest_id}/consent",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The letter as PDF"}},
)
async def read_consent(protest_id: Key, by: Act, database: Db, now: Now) -> Response:
    """The letter with which a paid debtor has the protest cancelled."""
    return await _letter(database, protest_id, by=by, now=now)


async def _letter(database: Database, protest_id: int, *, by: Principal, now: datetime) -> Response:
    async with database.write() as session:
        letter = await consent_letter(session, protest_id, at=now, has_whole_cpf=by.may(WHOLE))
        deed = by.deed(at=now, ip=by.ip)
        record(session, deed, "protest.consent", subject=f"protest/{protest_id}")
    content = await asyncio.to_thread(draw, letter)
    return Response(content, media_type=PDF, headers=shown_as(letter.name))


async def _page(
    request: Request, session: AsyncSession, invoice_id: int, form: Submitted[Any], by: Principal
) -> Response:
    invoice = await read_invoice(session, invoice_id)
    found = await protests_of(session, invoice_id)
    return page(
        request, "pages/invoices/protest.html", status=form.status, invoice=invoice, form=form,
        label=label_of(invoice), may_act=by.may("protests:act"),
        is_paid=await paid_on(session, invoice) is not None,
        may_record=invoice.status == InvoiceStatus.OPEN
        and not any(ProtestStage(each.stage).is_live for each in found),
        protests=[(each, _badge(each.stage), _next(each.stage)) for each in found],
    )  # fmt: skip


def _new(asked: ProtestInput) -> NewProtest:
    return NewProtest(asked.office, asked.protocol, asked.protocolled_on)


def _path(invoice_id: int) -> str:
    return f"/cobrancas/faturas/{invoice_id}/protesto"


def _next(stage: str) -> list[tuple[str, str]]:
    """What may become of a title that stands so."""
    possible = NEXT.get(ProtestStage(stage), ())
    return [(str(each), gettext(STAGES[each][0])) for each in possible]


def _badge(stage: str) -> Badge:
    label, tone = STAGES[stage]
    return Badge(gettext(label), tone)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    paid = row["status"] == InvoiceStatus.SETTLED
    return {
        **row, "href": _path(row["invoice_id"]), "label": row["code"],
        "state": _badge(row["stage"]),
        "paid": Badge(gettext("Sim"), Tone.GREEN) if paid else Badge(gettext("Não"), Tone.GREY),
    }  # fmt: skip
