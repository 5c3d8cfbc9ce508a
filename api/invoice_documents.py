"""The document of an invoice: its PDF, for people and for programs."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response

from activities.documents import draw
from activities.invoice_documents import invoice_document
from activities.invoice_prints import printed_invoices
from api.dependencies import Db, Now, Principal, need
from api.documents import WHOLE
from api.files import shown_as
from models.database import Database
from models.people import record

router = APIRouter(tags=["invoices"])

See = Annotated[Principal, need("invoices:see")]
PDF = "application/pdf"


@router.get("/cobrancas/faturas/{invoice_id:int}/documento", include_in_schema=False)
async def document_page(invoice_id: int, by: See, database: Db, now: Now) -> Response:
    """The invoice as PDF, opened in the browser."""
    return await _pdf(database, invoice_id, by=by, now=now)


@router.get("/cobrancas/contas/{customer_id:int}/impressao", include_in_schema=False)
async def printed_page(
    request: Request, customer_id: int, by: See, database: Db, now: Now
) -> Response:
    """The picked invoices of a customer as one PDF, each on a page of its own."""
    asked = request.query_params.getlist("ids")
    ids = [int(each) for each in asked if each.isdecimal() and len(each) < 19]
    async with database.write() as session:
        document = await printed_invoices(
            session, customer_id=customer_id, invoice_ids=ids, at=now, has_whole_cpf=by.may(WHOLE)
        )
        for each in ids:
            subject = f"invoice/{each}"
            record(session, by.deed(at=now, ip=by.ip), "invoice.document", subject=subject)
    content = await asyncio.to_thread(draw, document)
    return Response(content, media_type=PDF, headers=shown_as(document.name))


@router.get(
    "/api/invoices/{invoice_id}/document",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The invoice as PDF"}},
)
async def read_document(invoice_id: int, by: See, database: Db, now: Now) -> Response:
    """The invoice as PDF, with boleto and Pix as its payment profile has them."""
    return await _pdf(database, invoice_id, by=by, now=now)


async def _pdf(database: Database, invoice_id: int, *, by: Principal, now: datetime) -> Response:
    async with database.write() as session:
        document = await invoice_document(session, invoice_id, at=now, has_whole_cpf=by.may(WHOLE))
        record(
            session, by.deed(at=now, ip=by.ip), "invoice.document", subject=f"invoice/{invoice_id}"
        )
    content = await asyncio.to_thread(draw, document)
    return Response(content, media_type=PDF, headers=shown_as(document.name))
