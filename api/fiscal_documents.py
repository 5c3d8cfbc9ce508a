"""Fiscal documents: issued and handed out as a file, authorised, cancelled. Page and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.fiscal_documents import (
    issue_one,
)
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.files import saved_as
from api.fiscal_document_commands import authorised, cancelled, document_with, export_in
from api.forms import submitted
from api.language import N_, gettext
from api.listing import Column, Filter, Listing
from api.once import Once
from api.rendering import page, redirect
from api.table import Badge, FilterKind, Kind, Tone
from models.fiscal_documents import FiscalDocument, live_kinds, select_documents
from models.invoices import Invoice, label_of
from rules.contract_words import SETUP_COMPOSITIONS
from rules.fiscal_documents import FiscalStatus

router = APIRouter(include_in_schema=False)

See = Annotated[Principal, need("billing:see")]
Act = Annotated[Principal, need("billing:act")]
PATH = "/contratos/documentos-fiscais"

STATUSES: Mapping[str, tuple[str, Tone]] = {
    FiscalStatus.ISSUED: (N_("Numerado"), Tone.BLUE),
    FiscalStatus.EXPORTED: (N_("Exportado"), Tone.YELLOW),
    FiscalStatus.AUTHORISED: (N_("Autorizado"), Tone.GREEN),
    FiscalStatus.CANCELLED: (N_("Cancelado"), Tone.GREY),
}
DOCUMENTS = Listing(
    columns=(
        Column("kind_told", N_("Documento")),
        Column("series", N_("Série"), Kind.NUMBER),
        Column("number", N_("Número"), Kind.NUMBER),
        Column("customer", N_("Cliente")),
        Column("invoice", N_("Fatura")),
        Column("issued_on", N_("Emissão"), Kind.DAY),
        Column("amount", N_("Valor"), Kind.MONEY, is_totalled=True),
        Column("state", N_("Situação"), Kind.BADGE),
        Column("access_key", N_("Chave de acesso"), is_extra=True),
    ),
    default_sort="-id",
    filters=(
        Filter("busca", N_("Cliente ou fatura")),
        Filter("tipo", N_("Documento"), FilterKind.CHOICE, tuple(SETUP_COMPOSITIONS.items())),
        Filter(
            "situacao", N_("Situação"), FilterKind.CHOICE,
            tuple((str(status), words[0]) for status, words in STATUSES.items()),
        ),
    ),
    empty=N_("Nenhum ainda. Os das faturas emitidas são numerados ao exportar."),
)  # fmt: skip


class AnswerForm(BaseModel):
    """What a person says of a document on its row."""

    access_key: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=300)


class InvoiceForm(BaseModel):
    """An invoice by its code."""

    invoice: str = Field(default="", max_length=40)


@router.get(PATH)
async def documents_page(request: Request, by: See, session: ReadSession) -> Response:
    """Every document."""
    view = DOCUMENTS.view(request)
    statement = select_documents(
        kind=view.text("tipo"), status=view.text("situacao"), search=view.text("busca")
    )
    return await view.answer(
        session, statement, "pages/fiscal_documents/documents.html", present=_row,
        may_act=by.may("billing:act"),
    )  # fmt: skip


@router.post(PATH)
async def export_on_page(by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Number what is to be numbered, and hand out what waits, as a file."""
    batch, told = await export_in(database, by.deed(at=now, ip=ip), Once(PATH, None))
    return Response(
        json.dumps(told, ensure_ascii=False, indent=2), media_type="application/json",
        headers=saved_as(f"documentos-fiscais-{batch[:8]}.json"),
    )  # fmt: skip


@router.post(PATH + "/fatura")
async def issue_on_page(request: Request, by: Act, database: Db, now: Now, ip: Ip) -> Response:
    """Number the documents of one invoice whose contract has none by itself."""
    form = await submitted(request, InvoiceForm)
    code = form.value.invoice.strip() if form.value else ""
    async with database.write() as session:
        await issue_one(session, code, deed=by.deed(at=now, ip=ip))
    return redirect(request, PATH, N_("Documentos da fatura %(code)s numerados."), code=code)


@router.get(PATH + "/{document_id:int}")
async def document_page(
    request: Request, document_id: int, by: See, session: ReadSession
) -> Response:
    """One document: its lines, and what may be said of it."""
    document = await document_with(session, document_id)
    invoice = await session.get_one(Invoice, document.invoice_id)
    return page(
        request, "pages/fiscal_documents/document.html", document=document,
        invoice=label_of(invoice),
        kind=SETUP_COMPOSITIONS[document.kind], state=_badge(document.status),
        lines=[{**each, "amount": Decimal(each["amount"])} for each in document.lines["lines"]],
        may_authorise=by.may("billing:act") and FiscalStatus(document.status).is_waiting,
        code=invoice.code,
        may_issue=by.may("billing:act") and await _is_wanting(session, document),
        may_cancel=by.may("billing:act") and document.status != FiscalStatus.CANCELLED,
    )  # fmt: skip


@router.post(PATH + "/{document_id:int}/autorizacao")
async def authorise_on_page(
    request: Request, document_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Write down what the authorities gave."""
    form = await submitted(request, AnswerForm)
    key = form.value.access_key if form.value else ""
    await authorised(database, document_id, key, by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{document_id}", N_("Documento autorizado."))


@router.post(PATH + "/{document_id:int}/cancelamento")
async def cancel_on_page(
    request: Request, document_id: int, by: Act, database: Db, now: Now, ip: Ip
) -> Response:
    """Void a document."""
    form = await submitted(request, AnswerForm)
    reason = form.value.reason if form.value else ""
    await cancelled(database, document_id, reason, by.deed(at=now, ip=ip))
    return redirect(request, f"{PATH}/{document_id}", N_("Documento cancelado."))


async def _is_wanting(session: AsyncSession, document: FiscalDocument) -> bool:
    """Whether a void document has nobody in its place yet."""
    if document.status != FiscalStatus.CANCELLED:
        return False
    live = await live_kinds(session, [document.invoice_id])
    return (document.invoice_id, document.kind) not in live


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = gettext(SETUP_COMPOSITIONS[row["kind"]])
    return {
        **row, "label": f"{kind} {row['number']}", "href": f"{PATH}/{row['id']}",
        "kind_told": kind, "state": _badge(row["status"]),
    }  # fmt: skip


def _badge(status: str) -> Badge:
    text, tone = STATUSES[status]
    return Badge(gettext(text), tone)
