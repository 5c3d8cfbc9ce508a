"""What of an invoice's charges is on each of its fiscal documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models import fiscal_documents as rows
from models.charges import Charge
from models.contracts import Contract
from rules.fiscal_documents import FiscalKind, kind_of
from rules.money import ZERO
from rules.plan_products import read, shares


@dataclass(frozen=True)
class FiscalLine:
    """What of a charge is on a document; `product` is that of a plan made of several."""

    charge: Charge
    contract: Contract
    amount: Decimal
    product: str = ""


Lines = Mapping[FiscalKind, Sequence[FiscalLine]]


async def lines_by_invoice(
    session: AsyncSession, invoice_ids: Sequence[int]
) -> Mapping[int, Lines]:
    """This will give the lines of invoices by the kind of document that they belong on."""
    found: dict[int, dict[FiscalKind, list[FiscalLine]]] = defaultdict(dict)
    for charge, contract in await rows.charged_lines(session, invoice_ids):
        for kind, line in _lines_of(charge, contract):
            found[charge.invoice_id or 0].setdefault(kind, []).append(line)
    return found


def _lines_of(charge: Charge, contract: Contract) -> list[tuple[FiscalKind, FiscalLine]]:
    """A charge is a line; a plan's is one for each product, on the document that it belongs on."""
    kind = kind_of(
        charge.kind, is_telecom=contract.telecom_service, setup=contract.setup_composition
    )
    parts = shares(charge.net, read(charge.parts))
    if not parts:
        return [(kind, FiscalLine(charge, contract, charge.net))]
    return [
        (FiscalKind(part.fiscal or kind), FiscalLine(charge, contract, amount, part.name))
        for part, amount in parts
        if amount
    ]


def total_of(lines: Sequence[FiscalLine]) -> Decimal:
    """What lines come to."""
    return sum((line.amount for line in lines), ZERO)


def told(line: FiscalLine) -> dict[str, Any]:
    """A line as its document keeps it."""
    charge = line.charge
    what = f"{line.product} · {charge.description}" if line.product else charge.description
    said = {"description": what, "amount": str(line.amount)}
    if charge.period_start and charge.period_end:
        said |= {"since": charge.period_start.isoformat(), "until": charge.period_end.isoformat()}
    return said
