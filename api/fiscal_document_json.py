"""Fiscal documents for programs: issued, handed out, authorised, cancelled."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.fiscal_documents import batch_told, issue_one
from api.dependencies import Db, Ip, Now, Principal, ReadSession, need
from api.fiscal_document_commands import (
    FiscalDocumentView,
    authorised,
    cancelled,
    document_with,
    export_in,
)
from api.inputs import Input
from api.once import NamedRequest
from models.fiscal_documents import FiscalDocument, select_documents
from models.rows import rows_of
from rules.fiscal_documents import FiscalKind, FiscalStatus

router = APIRouter(tags=["billing"])

Act = Annotated[Principal, need("billing:act")]
MOST = 500


class AuthorisationInput(Input):
    """What the authorities gave; the key is an NFCom's, other kinds may have none."""

    access_key: str = Field(default="", max_length=60)


class CancellationInput(Input):
    """Why a document is void."""

    reason: str = Field(default="", max_length=300)


class InvoiceInput(Input):
    """An invoice by its code."""

    invoice: str = Field(min_length=1, max_length=40)


@router.get("/api/fiscal-documents", dependencies=[need("billing:see")])
async def list_documents(
    session: ReadSession,
    kind: FiscalKind | None = None,
    status: FiscalStatus | None = None,
    after: Annotated[int, Query(ge=0, description="the id of the last one read")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[dict[str, Any]]:
    """Documents in order, so many at a time."""
    statement = select_documents(kind=kind, status=status, search=None)
    key = col(FiscalDocument.id)
    following = statement.where(key > after).order_by(key).limit(limit)
    return [dict(row) for row in await rows_of(session, following)]


@router.post("/api/fiscal-documents", status_code=201)
async def create_documents(
    asked: InvoiceInput, by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Number the documents of one invoice whose contract has none by itself."""
    deed = by.deed(at=now, ip=ip)

    async def work(session: AsyncSession) -> dict[str, Any]:
        return {"count": await issue_one(session, asked.invoice, deed=deed)}

    return await once.do(database, deed, work)


@router.get("/api/fiscal-documents/{document_id}", dependencies=[need("billing:see")])
async def read_document(session: ReadSession, document_id: int) -> FiscalDocumentView:
    """One document with its lines."""
    return FiscalDocumentView.model_validate(await document_with(session, document_id))


@router.post("/api/fiscal-documents/export")
async def export_documents(
    by: Act, database: Db, now: Now, ip: Ip, once: NamedRequest
) -> dict[str, Any]:
    """Number what is to be numbered, and hand out what waits, once. Refuses NothingToExport."""
    batch, told = await export_in(database, by.deed(at=now, ip=ip), once)
    return {"batch": batch, "documents": told}


@router.get("/api/fiscal-documents/batches/{batch}", dependencies=[need("billing:see")])
async def read_batch(session: ReadSession, batch: str) -> list[dict[str, Any]]:
    """A batch once more; none of that name: empty."""
    return await batch_told(session, batch)


@router.post("/api/fiscal-documents/{document_id}/authorisation")
async def create_authorisation(
    document_id: int, asked: AuthorisationInput, by: Act, database: Db, now: Now, ip: Ip
) -> FiscalDocumentView:
    """Write down that the authorities took a document."""
    return await authorised(database, document_id, asked.access_key, by.deed(at=now, ip=ip))


@router.post("/api/fiscal-documents/{document_id}/cancellation")
async def create_cancellation(
    document_id: int, asked: CancellationInput, by: Act, database: Db, now: Now, ip: Ip
) -> FiscalDocumentView:
    """Void a document; its number stays used."""
    return await cancelled(database, document_id, asked.reason, by.deed(at=now, ip=ip))
