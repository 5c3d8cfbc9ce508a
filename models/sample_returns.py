"""Open invoices, for whoever makes a return file to train with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from models.payment_profiles import default_profile
from models.registries import PaymentProfile
from rules.contracts import ContractStage
from rules.panels import InvoiceStatus


@dataclass(frozen=True)
class OfferedInvoice:
    """An invoice that can be paid: whose, at which bank ("": its profile names none), and how the
    contract stands that it is of, if it is of one."""

    invoice: Invoice
    customer: str
    bank: str
    contract_id: int | None
    contract: str
    stage: str


async def open_invoices(
    session: AsyncSession, *, search: str, only_blocked: bool, chosen: Collection[int], limit: int
) -> Sequence[OfferedInvoice]:
    """Invoices that can be paid: those chosen already, then those looked for, those due first
    before the others; `only_blocked`: of contracts without service for them, contract by contract.
    The search is of a number, a code or a name."""
    statement = _offered()
    if search:
        begins = [
            column.startswith(search, autoescape=True)
            for column in (col(Invoice.number), col(Invoice.code), col(Contract.code))
        ]
        statement = statement.where(or_(*begins, holds(Customer.name, search)))
    if only_blocked:
        blocked = col(Contract.stage) == ContractStage.BLOCKED
        statement = statement.where(blocked).order_by(col(Contract.id).desc())
    others = statement.where(col(Invoice.id).not_in(chosen)).limit(limit)
    rows = [
        row
        for each in (_offered().where(col(Invoice.id).in_(chosen)), others)
        for row in await session.exec(each.order_by(col(Invoice.due_date), col(Invoice.id)))
    ]
    default = await default_profile(session)
    bank = default.bank if default else ""
    return [
        OfferedInvoice(
            row[0], row[1], bank if row[0].payment_profile_id is None else row[2] or "", row[3],
            row[4] or "", row[5] or "",
        )
        for row in rows
    ]  # fmt: skip


def _offered() -> Any:
    return (
        select_columns(
            Invoice, col(Customer.name), col(PaymentProfile.bank), col(Contract.id),
            col(Contract.code), col(Contract.stage),
        )
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .outerjoin(PaymentProfile, col(PaymentProfile.id) == col(Invoice.payment_profile_id))
        .where(col(Invoice.status) == InvoiceStatus.OPEN)
    )  # fmt: skip


async def open_invoices_among(session: AsyncSession, ids: Collection[int]) -> dict[int, Invoice]:
    """Those of these invoices that can be paid, by identity."""
    statement: Any = select_columns(Invoice).where(
        col(Invoice.id).in_(ids), col(Invoice.status) == InvoiceStatus.OPEN
    )
    return {row[0].key: row[0] for row in await session.exec(statement)}


async def open_invoice_called(session: AsyncSession, called: str) -> int | None:
    """The invoice that can be paid and has this code or number; None where there is no such one,
    or several."""
    statement: Any = select_columns(col(Invoice.id)).where(
        (col(Invoice.code) == called) | (col(Invoice.number) == called),
        col(Invoice.status) == InvoiceStatus.OPEN,
    )
    found = [row[0] for row in await session.exec(statement.limit(2))]
    return found[0] if len(found) == 1 else None
