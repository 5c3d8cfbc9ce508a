"""Invoices that go along with an e-mail as PDF: which are offered, and which were picked."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel.ext.asyncio.session import AsyncSession

from api.dependencies import PermissionDenied, Principal
from api.language import brl, day, gettext
from models.customers import Customer
from models.invoices import Invoice, label_of, open_invoices_of
from rules.messages import Channel

SEE = "invoices:see"
MOST_OFFERED = 24


async def offered(
    session: AsyncSession, customer: Customer, channel: Channel, *, by: Principal
) -> list[tuple[int, str]]:
    """The customer's open invoices with their words; none by SMS, or without the permission."""
    if channel != Channel.EMAIL or not by.may(SEE):
        return []
    invoices = await open_invoices_of(session, customer.id or 0, most=MOST_OFFERED)
    return [(each.key, _told(each)) for each in invoices]


def picked(invoice_ids: Iterable[int], channel: Channel, *, by: Principal) -> list[int]:
    """The invoices that go along; only with an e-mail. Refuses who may not see invoices."""
    ids = sorted(set(invoice_ids))
    if ids and not by.may(SEE):
        raise PermissionDenied
    return ids if channel == Channel.EMAIL else []


def _told(invoice: Invoice) -> str:
    return gettext(
        "Fatura %(number)s, vencimento %(due_date)s, %(amount)s",
        number=label_of(invoice),
        due_date=day(invoice.due_date),
        amount=brl(invoice.open_amount),
    )
