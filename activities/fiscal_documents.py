"""Fiscal documents: numbered when they are handed out, and told of by whoever sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.fiscal_lines import FiscalLine, lines_by_invoice, told, total_of
from models import fiscal_documents as rows
from models.database import Database
from models.fiscal_documents import FiscalDocument, FiscalSeries
from models.invoices import Invoice
from models.payments import invoice_id_of, read_invoice
from models.people import Deed, record
from models.policies import load_policy
from rules import fiscal_documents as rules
from rules.business_days import local_date
from rules.fiscal_documents import FiscalKind, FiscalStatus
from rules.messages import Supplier
from rules.money import ZERO

#: Invoices of one transaction.
PAGE = 500


async def issue_all(database: Database, *, deed: Deed) -> int:
    """This will number a document for every invoice that is to have one; gives how many.

    Page by page: what a crash leaves off is issued the next time, and nothing twice.
    """
    last, count = 0, 0
    while True:
        async with database.write() as session:
            series = await rows.series_in_use(session)
            if not series:
                return count
            since = min(each.since for each in series.values())
            found = await rows.invoices_without(session, since=since, after=last, limit=PAGE)
            count += await _issue(session, found, series, deed=deed)
        if len(found) < PAGE:
            return count
        last = found[-1].key


async def issue_one(session: AsyncSession, invoice_code: str, *, deed: Deed) -> int:
    """This will number the documents that one invoice lacks: none by itself, or one was void.

    Gives how many. Refuses an unknown invoice, and FiscalDocumentsKnown, NotFiscal.
    """
    invoice = await read_invoice(session, await invoice_id_of(session, invoice_code))
    count = 0
    if invoice.status in rows.BILLED:
        count = await _issue(session, [invoice], await rows.series_in_use(session), deed=deed)
    if not count and await rows.live_kinds(session, [invoice.key]):
        raise rules.FiscalDocumentsKnown(invoice=invoice_code)
    if not count:
        raise rules.NotFiscal(invoice=invoice_code)
    record(session, deed, "fiscal_document.make", subject=f"invoice/{invoice.key}")
    return count


async def hand_out(session: AsyncSession, *, deed: Deed) -> str:
    """This will put every document that waits into a batch; gives its name.

    Refuses NothingToExport.
    """
    batch = uuid4().hex
    statement = (
        update(FiscalDocument)
        .where(col(FiscalDocument.status) == FiscalStatus.ISSUED)
        .values(status=FiscalStatus.EXPORTED, batch=batch)
    )
    count = int((await session.exec(statement)).rowcount)
    if not count:
        raise rules.NothingToExport
    record(session, deed, "fiscal_document.export", subject=f"batch/{batch}", count=count)
    return batch


async def batch_told(session: AsyncSession, batch: str) -> list[dict[str, Any]]:
    """What a program that sends fiscal documents is told of a batch."""
    supplier = await load_policy(session, Supplier())
    issuer = {"name": supplier.name, "document": supplier.document, "address": supplier.address}
    return [
        {
            "id": document.id, "kind": document.kind, "series": document.series,
            "number": document.number, "issued_on": document.issued_on.isoformat(),
            "amount": str(document.amount), "lines": document.lines["lines"],
            "note": document.note, "issuer": issuer,
            "taker": {
                "code": customer.code, "name": customer.name, "document": customer.document,
                "email": customer.email, "address": customer.street, "city": customer.city,
                "uf": customer.uf, "postal_code": customer.postal_code,
            },
            "invoice": {"code": invoice.code, "due_date": invoice.due_date.isoformat()},
        }
        for document, customer, invoice in await rows.in_batch(session, batch)
    ]  # fmt: skip


async def authorise(
    session: AsyncSession, document_id: int, *, access_key: str, deed: Deed
) -> FiscalDocument:
    """This will write down that the authorities took a document; the same key again: nothing.

    From then on its invoice has a fiscal document, which agreements look at. Refuses
    FiscalDocumentNotFound, and as rules.fiscal_documents.check_authorised.
    """
    document = await rows.document_of(session, document_id)
    access_key = rules.read_access_key(access_key)
    if document.status == FiscalStatus.AUTHORISED and document.access_key == access_key:
        return document
    rules.check_authorised(
        document.status, access_key=access_key, kind=document.kind, number=document.number
    )
    document.status, document.access_key = FiscalStatus.AUTHORISED, access_key
    invoice = await session.get_one(Invoice, document.invoice_id)
    invoice.fiscal_document_issued = True
    session.add_all([document, invoice])
    record(session, deed, "fiscal_document.record", subject=f"invoice/{invoice.key}")
    return document


async def cancel(
    session: AsyncSession, document_id: int, *, reason: str, deed: Deed
) -> FiscalDocument:
    """This will void a document; its number stays used. Cancelled already: nothing.

    An invoice without another authorised one has none any more, and may be agreed upon again.
    """
    document = await rows.document_of(session, document_id)
    if document.status == FiscalStatus.CANCELLED:
        return document
    if not reason.strip():
        raise rules.FiscalCancelReason
    was_authorised = document.status == FiscalStatus.AUTHORISED
    document.status, document.reason = FiscalStatus.CANCELLED, reason.strip()[:300]
    session.add(document)
    if was_authorised:
        invoice = await session.get_one(Invoice, document.invoice_id)
        invoice.fiscal_document_issued = await rows.has_authorised(session, invoice.key)
        session.add(invoice)
    record(session, deed, "fiscal_document.cancel", subject=f"invoice/{document.invoice_id}")
    return document


async def _issue(
    session: AsyncSession,
    invoices: Sequence[Invoice],
    series: Mapping[str, FiscalSeries],
    *,
    deed: Deed,
) -> int:
    """An invoice is passed over while a kind that it needs has no series of its time."""
    lines = await lines_by_invoice(session, [each.key for each in invoices])
    live = await rows.live_kinds(session, [each.key for each in invoices])
    documents = []
    for invoice in invoices:
        wanted = {
            kind: found
            for kind, found in lines[invoice.key].items()
            if total_of(found) > ZERO and (invoice.key, kind) not in live
        }
        if all(_is_of_time(series.get(kind), invoice) for kind in wanted):
            documents += [
                _document(session, invoice, kind, found, series[kind], by=deed.by, at=deed.at)
                for kind, found in sorted(wanted.items())
            ]
    session.add_all(documents)
    return len(documents)


def _is_of_time(series: FiscalSeries | None, invoice: Invoice) -> bool:
    return (
        series is not None
        and invoice.issue_date is not None
        and (series.since <= invoice.issue_date)
    )


def _document(  # noqa: PLR0913 - what it is of, its number, who and when
    session: AsyncSession,
    invoice: Invoice,
    kind: FiscalKind,
    lines: Sequence[FiscalLine],
    series: FiscalSeries,
    *,
    by: str,
    at: datetime,
) -> FiscalDocument:
    return FiscalDocument(
        series_id=series.id or 0, kind=kind, series=series.series,
        number=rows.take_number(session, series), invoice_id=invoice.key,
        customer_id=invoice.customer_id, issued_on=local_date(at), amount=total_of(lines),
        lines={"lines": [told(line) for line in lines]},
        note=next((each.contract.fiscal_note for each in lines if each.contract.fiscal_note), ""),
        at=at, by=by,
    )  # fmt: skip
