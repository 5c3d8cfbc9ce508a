"""The lines of an invoice's document: what its amount is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.instalments import PARTS
from activities.templates import brl, day
from models.agreements import parts_of_instalment
from models.boleto_instructions import InvoiceRenegotiation, renegotiations_of
from models.charges import Charge, charges_on
from models.invoices import Invoice, label_of
from rules.money import ZERO

#: Documents are Portuguese.
LATE = "Multa e juros do vencimento de %(day)s"
CONTESTED = "Contestação: não devido, ou em outra conta"


async def lines_of(session: AsyncSession, invoice: Invoice) -> list[dict[str, str]]:
    """This will give an instalment's parts, another invoice's charges, or else what it is for."""
    parts = await parts_of_instalment(session, invoice.key) if invoice.agreement_id else None
    if parts is not None:
        return _parts(parts)
    late = [each for each in await renegotiations_of(session, invoice.key) if each.charges]
    renegotiated = [_renegotiated(each) for each in late]
    billed = invoice.amount - sum((each.charges for each in late), ZERO)
    charges = await charges_on(session, invoice.key)
    if charges:
        lines = [line for charge in charges for line in _charged(charge)]
        net = sum((charge.net for charge in charges), ZERO)
        return lines + renegotiated + _elsewhere(billed - net)
    described = invoice.description or label_of(invoice)
    return [{"description": described, "amount": brl(billed)}, *renegotiated]


def _renegotiated(each: InvoiceRenegotiation) -> dict[str, str]:
    described = LATE % {"day": day(each.was_due_on)}
    return {"description": described, "amount": brl(each.charges)}


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
