"""Protests on pages: of one invoice, and every one of the house."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.documents import draw
from activities.protest_tasks import paid_on
from activities.protests import NewProtest, consent_letter, record_protest, tell_outcome
from api.dependencies import Db, Ip, Now, Principal, ReadSession, Today, need
from api.documents import WHOLE
from api.files import shown_as
from api.forms import Day, Submitted, blank, submitted
from api.inputs import Input
from api.invoice_documents import PDF
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
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
        Filter(
            "quitada", N_("Fatura quitada"), FilterKind.CHOICE,
            (("sim", N_("Sim")), ("nao", N_("Não"))),
        ),
    ),
    empty=N_("Nenhum protesto. Registre um na página da fatura."),
)  # fmt: skip


class ProtestInput(Input):
    """A title as the office took it."""

    office: str = Field(default="", max_length=120)
    protocol: str = Field(default="", max_length=40)
    protocolled_on: Day


class OutcomeInput(Input):
    """What became of a title."""

    stage: ProtestStage


@router.get(LIST, include_in_schema=False)
async def protests_page(request: Request, _by: See, session: ReadSession) -> Response:
    """Every protest, the newest first."""
    view = PROTESTS.view(request)
    paid = {"sim": True, "nao": False}.get(view.text("quitada") or "")
    statement = select_protests(stage=view.text("situacao"), is_paid=paid)
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
                await record_protest(session, invoice_id, new_protest(form.value), deed=deed)
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
    return await letter_of(database, protest_id, by=by, now=now)


async def letter_of(
    database: Database, protest_id: int, *, by: Principal, now: datetime
) -> Response:
    """The letter of consent as a file, and on the trail."""
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


def new_protest(asked: ProtestInput) -> NewProtest:
    """A title as it was told."""
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
    paid = row["is_paid"]
    return {
        **row, "href": _path(row["invoice_id"]), "label": row["code"],
        "state": _badge(row["stage"]),
        "paid": Badge(gettext("Sim"), Tone.GREEN) if paid else Badge(gettext("Não"), Tone.GREY),
    }  # fmt: skip
