"""Carriers' invoices as they are listed, and the charges of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Centavos
from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem, counted
from models.carrier_scope import EVERYBODY, Scope, of_customer
from models.carriers import Carrier, CarrierAccount
from models.customers import Customer
from models.findings import Finding
from models.folding import any_holds


class InvoiceKind(StrEnum):
    """What a file of an invoice is; the value stands in addresses."""

    ISSUED = "emitida"
    PREVIEW = "previa"
    REPLACED = "substituida"


@dataclass(frozen=True)
class InvoiceFilter:
    """What the list of invoices is narrowed to; None narrows nothing.

    Without a kind it holds what was issued and previews: what was replaced would count twice.
    """

    carrier: str | None = None
    company: str | None = None
    search: str | None = None
    month: date | None = None
    since: date | None = None
    until: date | None = None
    kind: InvoiceKind | None = None
    scope: Scope = EVERYBODY


def select_invoices(wanted: InvoiceFilter) -> Select[Any]:
    """The invoices that are wanted, with what their findings come to."""
    found = (
        select_columns(
            col(Finding.invoice_id).label("invoice_id"),
            func.count().label("findings"),
            func.sum(col(Finding.difference)).label("overcharged"),
        )
        .where(col(Finding.difference) > 0)
        .group_by(col(Finding.invoice_id))
        .subquery()
    )
    columns: tuple[Any, ...] = (
        col(CarrierInvoice.id).label("id"),
        col(CarrierInvoice.number).label("number"),
        col(CarrierInvoice.month).label("month"),
        col(CarrierInvoice.issue_date).label("issue_date"),
        col(CarrierInvoice.due_date).label("due_date"),
        col(CarrierInvoice.total).label("total"),
        col(CarrierInvoice.charges).label("charges"),
        col(CarrierInvoice.audited_at).label("audited_at"),
        col(CarrierInvoice.is_preview).label("is_preview"),
        col(CarrierInvoice.replaced_by_id).label("replaced_by_id"),
        col(CarrierAccount.number).label("account"),
        col(Carrier.name).label("carrier"),
        col(Customer.name).label("company"),
        func.coalesce(found.c.findings, 0).label("findings"),
        func.coalesce(found.c.overcharged, 0, type_=Centavos()).label("overcharged"),
    )
    statement = (
        select_columns(*columns)
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
        .outerjoin(found, found.c.invoice_id == col(CarrierInvoice.id))
    )
    return statement.where(*_conditions(wanted))


def _conditions(wanted: InvoiceFilter) -> list[Any]:
    month, is_replaced = col(CarrierInvoice.month), col(CarrierInvoice.replaced_by_id).is_not(None)
    kinds: dict[InvoiceKind | None, Any] = {
        InvoiceKind.ISSUED: and_(*counted()),
        InvoiceKind.PREVIEW: col(CarrierInvoice.is_preview),
        InvoiceKind.REPLACED: is_replaced,
    }
    found = [kinds.get(wanted.kind, ~is_replaced)]
    found += of_customer(wanted.scope, col(CarrierAccount.customer_id))
    if wanted.carrier:
        found.append(col(Carrier.code) == wanted.carrier)
    if wanted.company:
        found.append(col(Customer.code) == wanted.company)
    if wanted.month:
        found.append(month == wanted.month)
    if wanted.since:
        found.append(month >= wanted.since)
    if wanted.until:
        found.append(month <= wanted.until)
    if wanted.search:
        places = (CarrierInvoice.number, CarrierAccount.number, Customer.name)
        found.append(any_holds(places, wanted.search))
    return found


async def others_of_month(
    session: AsyncSession, invoice: CarrierInvoice
) -> Sequence[CarrierInvoice]:
    """The other invoices of an account's month that count beside one that does."""
    statement = select(CarrierInvoice).where(
        CarrierInvoice.account_id == invoice.account_id, CarrierInvoice.month == invoice.month,
        CarrierInvoice.id != invoice.id, *counted(),
    )  # fmt: skip
    is_counted = not invoice.is_preview and invoice.replaced_by_id is None
    found = await session.exec(statement.order_by(col(CarrierInvoice.id)))
    return found.all() if is_counted else ()


def select_items(invoice_id: int, *, search: str | None, kind: str | None) -> Select[Any]:
    """The charges of an invoice by line and label."""
    names = ("id", "number", "kind", "code", "description", "quantity", "amount", "net_amount")
    columns = [
        *(getattr(CarrierInvoiceItem, name) for name in names),
        col(CarrierInvoiceItem.count).label("times"),
    ]
    statement = select_columns(*columns).where(col(CarrierInvoiceItem.invoice_id) == invoice_id)
    if search:
        statement = statement.where(col(CarrierInvoiceItem.number).contains(search))
    if kind:
        statement = statement.where(col(CarrierInvoiceItem.kind) == kind)
    return statement
