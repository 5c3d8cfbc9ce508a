"""What statements are made from: invoices, what they are made of, payments and agreements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, type_coerce
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement, AgreementInvoice, Role
from models.base import Centavos
from models.boleto_instructions import InvoiceRenegotiation
from models.charges import Charge
from models.invoices import Invoice, InvoiceEvent, label_of
from models.payments import Payment
from models.rows import in_parts
from rules.business_days import local_date
from rules.charges import PENDING
from rules.collection_stages import CollectionStage
from rules.panels import InvoiceStatus
from rules.statements import (
    StatedAgreement,
    StatedCharge,
    StatedInvoice,
    StatedPayment,
    StatedRenegotiation,
)


@dataclass(frozen=True)
class Stated:
    """The facts of a statement; `to_be_billed` is what charges without an invoice come to."""

    invoices: list[StatedInvoice]
    payments: list[StatedPayment]
    agreements: list[StatedAgreement]
    to_be_billed: Decimal


async def stated_of_customer(session: AsyncSession, customer_id: int) -> Stated:
    """All of a customer's."""
    own = col(Invoice.customer_id) == customer_id
    made = select(Agreement).where(Agreement.customer_id == customer_id)
    pending = col(Charge.customer_id) == customer_id
    return await _stated(session, own, made, pending)


async def stated_of_contract(session: AsyncSession, contract_id: int) -> Stated:
    """A contract's invoices, whole where they hold charges of other contracts too."""
    holding = select(Charge.invoice_id).where(
        Charge.contract_id == contract_id, col(Charge.invoice_id).is_not(None)
    )
    own = or_(col(Invoice.contract_id) == contract_id, col(Invoice.id).in_(holding))
    made = (
        select(Agreement)
        .join(AgreementInvoice, col(AgreementInvoice.agreement_id) == col(Agreement.id))
        .where(col(AgreementInvoice.invoice_id).in_(select(Invoice.id).where(own)))
        .distinct()
    )
    return await _stated(session, own, made, col(Charge.contract_id) == contract_id)


async def _stated(session: AsyncSession, own: Any, made: Any, pending: Any) -> Stated:
    invoices = (await session.exec(select(Invoice).where(own))).all()
    ids = [invoice.key for invoice in invoices]
    charges = await _charges(session, ids)
    replaced = await _replaced(session, ids)
    ended = await _last_seen(
        session, [i.key for i in invoices if i.status == InvoiceStatus.CANCELLED]
    )
    renegotiated = await _renegotiated(session, ids)
    agreements = (await session.exec(made)).all()
    return Stated(
        [
            replace(
                _invoice(each, charges.get(each.key, []), replaced, ended),
                renegotiations=tuple(renegotiated.get(each.key, ())),
            )
            for each in invoices
        ],
        await _payments(session, ids),
        [StatedAgreement(a.id or 0, local_date(a.made_at), a.status, a.total) for a in agreements],
        await _pending(session, pending),
    )


def _invoice(
    invoice: Invoice,
    charges: list[Charge],
    replaced: dict[int, tuple[int, date]],
    ended: dict[int, date],
) -> StatedInvoice:
    agreement, replaced_on = replaced.get(invoice.key, (None, None))
    status = InvoiceStatus(invoice.status)
    if invoice.collection_stage == CollectionStage.REPLACED:  # suspended, as some houses show it
        status = InvoiceStatus.REPLACED
    closed = {
        InvoiceStatus.REPLACED: replaced_on,
        InvoiceStatus.CANCELLED: ended.get(invoice.key),
        InvoiceStatus.SETTLED: invoice.settled_on,
    }
    return StatedInvoice(
        invoice.key, label_of(invoice), invoice.issue_date or invoice.due_date, invoice.due_date,
        invoice.amount, invoice.open_amount, status, description=invoice.description,
        closed_on=closed.get(status),
        agreement=agreement if status == InvoiceStatus.REPLACED else None,
        is_grouped=len({charge.contract_id for charge in charges}) > 1,
        charges=tuple(StatedCharge(charge.description, charge.net) for charge in charges),
    )  # fmt: skip


async def _charges(session: AsyncSession, ids: Collection[int]) -> dict[int, list[Charge]]:
    found: dict[int, list[Charge]] = defaultdict(list)
    statement = select(Charge).where(col(Charge.invoice_id).in_(ids)).order_by(col(Charge.id))
    for charge in await session.exec(statement):
        found[charge.invoice_id or 0].append(charge)
    return found


async def _renegotiated(
    session: AsyncSession, ids: Collection[int]
) -> dict[int, list[StatedRenegotiation]]:
    found: dict[int, list[StatedRenegotiation]] = defaultdict(list)
    statement = select(InvoiceRenegotiation).where(col(InvoiceRenegotiation.invoice_id).in_(ids))
    for row in await session.exec(statement.order_by(col(InvoiceRenegotiation.id))):
        told = StatedRenegotiation(local_date(row.at), row.due_on, row.charges)
        found[row.invoice_id].append(told)
    return found


async def _payments(session: AsyncSession, ids: list[int]) -> list[StatedPayment]:
    names = ("invoice_id", "source", "paid_on", "amount", "applied", "discount", "charges")
    columns = [*(col(getattr(Payment, name)) for name in names), col(Payment.reversed_at)]
    rows = await in_parts(session, columns, col(Payment.invoice_id), ids)
    return [_payment(dict(zip((*names, "reversed_at"), row, strict=True))) for row in rows]


def _payment(told: dict[str, Any]) -> StatedPayment:
    reversed_at = told.pop("reversed_at")
    return StatedPayment(**told, reversed_on=local_date(reversed_at) if reversed_at else None)


async def _replaced(session: AsyncSession, ids: list[int]) -> dict[int, tuple[int, date]]:
    """The last agreement that took each invoice in, and since when."""
    statement: Any = (
        select_columns(col(AgreementInvoice.invoice_id), col(Agreement.id), col(Agreement.made_at))
        .join(Agreement, col(Agreement.id) == col(AgreementInvoice.agreement_id))
        .where(
            col(AgreementInvoice.invoice_id).in_(ids), col(AgreementInvoice.role) == Role.ORIGINAL
        )
        .order_by(col(Agreement.id))
    )
    return {row[0]: (row[1], local_date(row[2])) for row in await session.exec(statement)}


async def _last_seen(session: AsyncSession, ids: Collection[int]) -> dict[int, date]:
    """When the last thing happened to each invoice: to a cancelled one, that."""
    if not ids:
        return {}
    statement: Any = (
        select_columns(col(InvoiceEvent.invoice_id), func.max(col(InvoiceEvent.at)))
        .where(col(InvoiceEvent.invoice_id).in_(ids))
        .group_by(col(InvoiceEvent.invoice_id))
    )
    return {row[0]: local_date(row[1]) for row in await session.exec(statement)}


async def _pending(session: AsyncSession, which: Any) -> Decimal:
    net = type_coerce(func.sum(col(Charge.amount) - col(Charge.discount)), Centavos())
    statement = select(net).where(which, col(Charge.status).in_(PENDING))
    return (await session.exec(statement)).one() or Decimal("0.00")
