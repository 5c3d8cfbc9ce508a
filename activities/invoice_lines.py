"""The lines of an invoice's document: what its amount is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.instalments import PARTS
from activities.templates import brl, day
from models.agreements import parts_of_instalment
from models.charges import Charge, charges_on
from models.invoices import Invoice, label_of

#: Documents are Portuguese.
CONTESTED = "Contestação: não devido, ou em outra conta"


async def lines_of(session: AsyncSession, invoice: Invoice) -> list[dict[str, str]]:
    """This will give an instalment's parts, another invoice's charges, or else what it is for."""
    parts = await parts_of_instalment(session, invoice.key) if invoice.agreement_id else None
    if parts is not None:
        return _parts(parts)
    charges = await charges_on(session, invoice.key)
    if charges:
        lines = [line for charge in charges for line in _charged(charge)]
        return lines + _elsewhere(invoice.amount - sum(charge.net for charge in charges))
    described = invoice.description or label_of(invoice)
    return [{"description": described, "amount": brl(invoice.amount)}]


def _charged(charge: Charge) -> Iterator[dict[str, str]]:
    line = {"description": charge.description, "amount": brl(charge.amount)}
    if charge.period_start is not None and charge.period_end is not None:
        last_day = charge.period_end - timedelta(days=1)
        line |= {"since": day(charge.period_start), "through": day(last_day)}
    yield line
    if charge.discount:
        yield {"discount_of": charge.description, "amount": brl(-charge.discount)}


def _elsewhere(difference: Decimal) -> list[dict[str, str]]:
    """What a contestation took off the invoice, onto another or off the books."""
    return [{"description": CONTESTED, "amount": brl(difference)}] if difference else []


def _parts(parts: Mapping[str, str]) -> list[dict[str, str]]:
    amounts = {part: Decimal(parts.get(part, "0")) for part in PARTS}
    amounts["discount"] = -amounts["discount"]
    return [{"part": part, "amount": brl(amount)} for part, amount in amounts.items() if amount]
