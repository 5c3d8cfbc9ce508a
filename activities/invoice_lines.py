"""What an invoice's amount is made of: for its page, for programs and for its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.instalments import PARTS
from activities.templates import brl, day
from models.agreements import parts_of_instalment
from models.boleto_instructions import InvoiceRenegotiation, renegotiations_of
from models.charges import Charge, charges_on
from models.contracts import contracts_by_id
from models.invoices import Invoice, label_of
from rules.money import ZERO
from rules.plan_products import read, shares

#: Documents are Portuguese.
LATE = "Multa e juros do vencimento de %(day)s"
CONTESTED = "Contestação: não devido, ou em outra conta"


class ItemKind(StrEnum):
    """Where an item of an invoice comes from."""

    CHARGE = "charge"
    DISCOUNT = "discount"
    PART = "part"
    RENEGOTIATION = "renegotiation"
    CONTESTATION = "contestation"
    WHOLE = "whole"


@dataclass(frozen=True)
class Item:
    """A part of an invoice's amount. `since` and `through` are the days that a charge is for.

    `what` describes a charge, or is the charge a discount comes off, or the part of an instalment;
    `since` of a renegotiation is the due date that was missed.
    """

    kind: ItemKind
    what: str
    amount: Decimal
    since: date | None = None
    through: date | None = None
    contract_id: int | None = None


async def items_of(session: AsyncSession, invoice: Invoice) -> list[Item]:
    """This will give an instalment's parts, another invoice's charges, or else what it is for."""
    parts = await parts_of_instalment(session, invoice.key) if invoice.agreement_id else None
    if parts is not None:
        return _parts(parts)
    late = [each for each in await renegotiations_of(session, invoice.key) if each.charges]
    renegotiated = [_renegotiated(each) for each in late]
    billed = invoice.amount - sum((each.charges for each in late), ZERO)
    charges = await charges_on(session, invoice.key)
    if charges:
        items = [item for charge in charges for item in _charged(charge)]
        items = await _of_contracts(session, items)
        net = sum((charge.net for charge in charges), ZERO)
        return items + renegotiated + _elsewhere(billed - net)
    described = invoice.description or label_of(invoice)
    return [Item(ItemKind.WHOLE, described, billed), *renegotiated]


async def _of_contracts(session: AsyncSession, items: list[Item]) -> list[Item]:
    """With the contract that each is of, where they are of several: two may be named alike."""
    ids = {each.contract_id for each in items if each.contract_id is not None}
    if len(ids) < 2:
        return items
    codes = {each.key: each.code for each in await contracts_by_id(session, ids)}
    return [
        replace(each, what=f"{each.what} · {codes[each.contract_id]}") if each.contract_id else each
        for each in items
    ]


async def lines_of(session: AsyncSession, invoice: Invoice) -> list[dict[str, str]]:
    """This will give the items as the invoice's document says them."""
    return [_line(item) for item in await items_of(session, invoice)]


def _line(item: Item) -> dict[str, str]:
    amount = brl(item.amount)
    match item.kind:
        case ItemKind.PART:
            return {"part": item.what, "amount": amount}
        case ItemKind.DISCOUNT:
            return {"discount_of": item.what, "amount": amount}
        case ItemKind.RENEGOTIATION:
            missed = day(item.since) if item.since else ""
            return {"description": LATE % {"day": missed}, "amount": amount}
        case ItemKind.CONTESTATION:
            return {"description": CONTESTED, "amount": amount}
    line = {"description": item.what, "amount": amount}
    if item.since is not None and item.through is not None:
        line |= {"since": day(item.since), "through": day(item.through)}
    return line


def _renegotiated(each: InvoiceRenegotiation) -> Item:
    return Item(ItemKind.RENEGOTIATION, "", each.charges, since=each.was_due_on)


def _charged(charge: Charge) -> Iterator[Item]:
    last_day = charge.period_end - timedelta(days=1) if charge.period_end else None
    what, contract_id = charge.description, charge.contract_id
    for named, amount in _products(charge):
        yield Item(ItemKind.CHARGE, named, amount, charge.period_start, last_day, contract_id)
    if charge.discount:
        yield Item(ItemKind.DISCOUNT, what, -charge.discount, contract_id=contract_id)


def _products(charge: Charge) -> list[tuple[str, Decimal]]:
    """A plan made of products is told by them, anything else by itself."""
    found = shares(charge.amount, read(charge.parts))
    told = [(f"{part.name} · {charge.description}", amount) for part, amount in found if amount]
    return told or [(charge.description, charge.amount)]


def _elsewhere(difference: Decimal) -> list[Item]:
    """What a contestation took off the invoice, onto another or off the books."""
    return [Item(ItemKind.CONTESTATION, "", difference)] if difference else []


def _parts(parts: Mapping[str, str]) -> list[Item]:
    amounts = {part: Decimal(parts.get(part, "0")) for part in PARTS}
    amounts["discount"] = -amounts["discount"]
    return [Item(ItemKind.PART, part, amount) for part, amount in amounts.items() if amount]
