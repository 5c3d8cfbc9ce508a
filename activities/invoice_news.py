"""News of an invoice: whoever waits for what becomes of it looks again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.bureau import BureauRecord
from models.cases import Case, is_case_of
from models.invoices import Invoice
from rules.cases import Process


async def tell_concerned(
    session: AsyncSession, invoice: Invoice, *, news_id: str, at: datetime
) -> None:
    """This will have the customer's collections, the invoice's agreement and its bureau record look
    again."""
    await session.flush()
    records = select(BureauRecord.id).where(BureauRecord.invoice_id == invoice.id)
    concerned = select(Case).where(
        or_(
            is_case_of(Process.COLLECTIONS, invoice.customer_id),
            is_case_of(Process.AGREEMENTS, invoice.agreement_id),
            (col(Case.process) == Process.BUREAU) & col(Case.subject_id).in_(records),
        )
    )
    for case in await session.exec(concerned):
        outbox.tell_case(session, case, news_id=news_id, at=at)
