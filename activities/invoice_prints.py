"""Several invoices of a customer on paper, as one document."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.documents import Document, pictures
from activities.invoice_documents import TEMPLATE, invoice_document, picked_invoices
from rules.agreement_terms import NoInvoicePicked


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
