"""Customers as they are listed, and what stands on a customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contestations import Contestation
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice
from models.tickets import Ticket
from rules.panels import InvoiceStatus

T = TypeVar("T", Contract, Ticket, Contestation)

#: The newest so many of each kind stand on the page.
SHOWN = 12


def select_customers(*, search: str | None, city: str | None, document: str | None) -> Select[Any]:
    """Customers; the search looks into names and the beginning of codes and bare documents."""
    statement: Any = select_columns(
        col(Customer.id),
        col(Customer.name),
        col(Customer.code),
        col(Customer.document),
        col(Customer.city),
        col(Customer.uf),
        col(Customer.email),
        col(Customer.mobile),
        col(Customer.created_at),
    )
    if search:
        found = [
            col(Customer.name).icontains(search, autoescape=True),
            col(Customer.code).istartswith(search, autoescape=True),
        ]
        if document:
            found.append(col(Customer.document).startswith(document, autoescape=True))
        statement = statement.where(or_(*found))
    if city:
        statement = statement.where(col(Customer.city).icontains(city, autoescape=True))
    found_rows: Select[Any] = statement
    return found_rows


async def contracts_of(session: AsyncSession, customer_id: int) -> Sequence[Contract]:
    """A customer's contracts, the newest first."""
    return await _newest(session, Contract, customer_id)


async def tickets_of(session: AsyncSession, customer_id: int) -> Sequence[Ticket]:
    """A customer's tickets, the newest first."""
    return await _newest(session, Ticket, customer_id)


async def contestations_of(session: AsyncSession, customer_id: int) -> Sequence[Contestation]:
    """What the customer contests, or we for them, the newest first."""
    return await _newest(session, Contestation, customer_id)


async def invoices_of(session: AsyncSession, customer_id: int) -> Sequence[Invoice]:
    """A customer's invoices, those due last first."""
    statement = select(Invoice).where(Invoice.customer_id == customer_id)
    newest = statement.order_by(col(Invoice.due_date).desc(), col(Invoice.id).desc())
    return (await session.exec(newest.limit(SHOWN))).all()


async def owed_by(session: AsyncSession, customer_id: int) -> tuple[int, Decimal]:
    """How many invoices of a customer are open, and what is left of them."""
    statement = select(func.count(), func.sum(Invoice.open_amount)).where(
        Invoice.customer_id == customer_id, Invoice.status == InvoiceStatus.OPEN
    )
    count, amount = (await session.exec(statement)).one()
    return count, amount or Decimal(0)


async def _newest(session: AsyncSession, table: type[T], customer_id: int) -> Sequence[T]:
    columns: Any = table
    statement = select(table).where(columns.customer_id == customer_id)
    return (await session.exec(statement.order_by(col(columns.id).desc()).limit(SHOWN))).all()
