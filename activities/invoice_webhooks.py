"""What other systems are told of invoices: issued, paid, overdue (models/webhooks.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import String, cast, exists, literal
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.invoices import Invoice
from models.rows import in_parts, read_rows
from models.webhooks import BusinessEvent, Happening, announce_all, endpoints_for
from rules.business_days import next_business_day
from rules.panels import InvoiceStatus
from rules.webhooks import BusinessEventKind

TOLD = (
    col(Invoice.id), col(Invoice.code), col(Invoice.number), col(Invoice.customer_id),
    col(Invoice.due_date), col(Invoice.amount), col(Invoice.open_amount),
)  # fmt: skip
#: How far back an invoice is told as overdue: a standstill is made up for, an old debt is no news.
BACK = 10
#: Invoices of one transaction.
PAGE = 1_000


def invoice_happening(invoice: Mapping[str, Any], **more: Any) -> Happening:
    """What is told of an invoice, given its row."""
    about = {
        "invoice": invoice["code"], "number": invoice.get("number"),
        "due_date": invoice["due_date"].isoformat(), "amount": str(invoice["amount"]), **more,
    }  # fmt: skip
    return Happening(f"invoice/{invoice['id']}", invoice["customer_id"], about)


async def announce_issued(session: AsyncSession, codes: Sequence[str], *, at: datetime) -> None:
    """This will tell of invoices that were made, if anybody listens."""
    kind = BusinessEventKind.INVOICE_ISSUED
    if codes and await endpoints_for(session, kind):
        rows = await in_parts(session, TOLD, col(Invoice.code), codes)
        told = [invoice_happening(row._mapping) for row in rows]
        await announce_all(session, kind, told, at=at)


async def announce_overdue(session: AsyncSession, *, today: date, at: datetime) -> int:
    """This will tell, once each, of a page of open invoices whose last day to pay has passed; how
    many they were. None left, or nobody listens: 0."""
    kind = BusinessEventKind.INVOICE_OVERDUE
    rows = await _overdue(session, today) if await endpoints_for(session, kind) else []
    late = [invoice_happening(row, open_amount=str(row["open_amount"])) for row in rows]
    await announce_all(session, kind, late, at=at)
    return len(late)


async def _overdue(session: AsyncSession, today: date) -> list[Mapping[str, Any]]:
    """Those not told yet; a due date that is no business day is met on the next one."""
    calendar = await load_calendar(session)
    days = [today - timedelta(days=back) for back in range(1, BACK + 1)]
    passed = [day for day in days if next_business_day(day, calendar=calendar) < today]
    subject = literal("invoice/") + cast(col(Invoice.id), String)
    is_told = exists().where(
        col(BusinessEvent.subject) == subject,
        col(BusinessEvent.kind) == BusinessEventKind.INVOICE_OVERDUE,
    )
    statement = sqlalchemy.select(*TOLD).where(
        col(Invoice.status) == InvoiceStatus.OPEN, col(Invoice.due_date).in_(passed), ~is_told
    )
    rows = await read_rows(session, statement.order_by(col(Invoice.id)).limit(PAGE))
    return [row._mapping for row in rows]
