"""What is asked of fiscal documents, for pages and programs alike: each a transaction."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.fiscal_documents import authorise, batch_told, cancel, hand_out, issue_all
from api.once import Once
from models.database import Database
from models.fiscal_documents import FiscalDocument
from models.people import Deed
from rules.fiscal_documents import FiscalDocumentNotFound, FiscalKind, FiscalStatus


class FiscalDocumentView(BaseModel):
    """A fiscal document as programs read it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: FiscalKind
    series: int
    number: int
    invoice_id: int
    customer_id: int
    issued_on: date
    amount: Decimal
    lines: dict[str, Any]
    note: str
    status: FiscalStatus
    batch: str
    access_key: str
    reason: str


async def export_in(database: Database, deed: Deed, once: Once) -> tuple[str, list[dict[str, Any]]]:
    """This will number what is to be numbered, and hand out what waits. Refuses NothingToExport.

    The same request again gets the same batch: who is in it is read anew, and kept nowhere else.
    """

    async def work(session: AsyncSession) -> dict[str, Any]:
        return {"batch": await hand_out(session, deed=deed)}

    await issue_all(database, deed=deed)
    batch = str((await once.do(database, deed, work))["batch"])
    async with database.read() as session:
        return batch, await batch_told(session, batch)


async def authorised(
    database: Database, document_id: int, access_key: str, deed: Deed
) -> FiscalDocumentView:
    """This will write down that the authorities took a document, as activities do."""
    async with database.write() as session:
        document = await authorise(session, document_id, access_key=access_key, deed=deed)
        return FiscalDocumentView.model_validate(document)


async def cancelled(
    database: Database, document_id: int, reason: str, deed: Deed
) -> FiscalDocumentView:
    """This will void a document, as activities do."""
    async with database.write() as session:
        document = await cancel(session, document_id, reason=reason, deed=deed)
        return FiscalDocumentView.model_validate(document)


async def document_with(session: AsyncSession, document_id: int) -> FiscalDocument:
    """The document of a number. Refuses FiscalDocumentNotFound."""
    document = await session.get(FiscalDocument, document_id)
    if document is None:
        raise FiscalDocumentNotFound
    return document
