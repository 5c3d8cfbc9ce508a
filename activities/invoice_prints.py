"""Several invoices of a customer on paper, one by one or as one document."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.documents import Document, Drawn, draw, pictures
from activities.invoice_documents import TEMPLATE, invoice_document
from models.agreements import invoices_of_customer
from models.database import Database
from models.invoices import Invoice
from rules.agreement_terms import InvoiceNotOfAccount, NoInvoicePicked
from rules.invoice_documents import check_count


async def printed_invoices(
    session: AsyncSession,
    *,
    customer_id: int,
    invoice_ids: Collection[int],
    at: datetime,
    has_whole_cpf: bool,
) -> Document:
    """This will collect a customer's picked invoices as one document, the oldest first.

    Refuses none at all (NoInvoicePicked) and what picked_invoices refuses.
    """
    each = [
        await invoice_document(session, invoice.key, at=at, has_whole_cpf=has_whole_cpf)
        for invoice in await picked_invoices(session, customer_id, invoice_ids)
    ]
    if not each:
        raise NoInvoicePicked
    values = [{**one.values, "pictures": pictures(one)} for one in each]
    return Document(TEMPLATE, "faturas.pdf", {"invoices": values})


async def draw_invoices(
    database: Database, *, customer_id: int, invoice_ids: Collection[int], at: datetime
) -> list[Drawn]:
    """This will give documents of a customer's invoices for the customer, the oldest first.

    Refuses what picked_invoices refuses.
    """
    async with database.write() as session:
        documents = [
            await invoice_document(session, each.key, at=at, has_whole_cpf=True)
            for each in await picked_invoices(session, customer_id, invoice_ids)
        ]
    return [Drawn(each.name, await asyncio.to_thread(draw, each)) for each in documents]


async def picked_invoices(
    session: AsyncSession, customer_id: int, invoice_ids: Collection[int]
) -> Sequence[Invoice]:
    """This will read invoices whose documents are wanted, the oldest first.

    Refuses too many (TooManyInvoices) and any that is not the customer's (InvoiceNotOfAccount).
    """
    check_count(len(invoice_ids))
    invoices = await invoices_of_customer(
        session, customer_id=customer_id, invoice_ids=list(invoice_ids)
    )
    for unknown in set(invoice_ids) - {invoice.key for invoice in invoices}:
        raise InvoiceNotOfAccount(invoice=unknown)
    return invoices
