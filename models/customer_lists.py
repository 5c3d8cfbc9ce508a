"""Customers as they are listed, and what stands on a customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contestations import Contestation
from models.contracts import Contract
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from models.tickets import Ticket
from rules.panels import InvoiceStatus

T = TypeVar("T", Contract, Ticket, Contestation)

#: The newest so many of each kind stand on the page.
SHOWN = 12
#: Fewer characters begin too many documents.
SHORTEST_DOCUMENT = 3


def select_customers(*, search: str | None, city: str | None) -> Select[Any]:
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
        statement = statement.where(_found(search))
    if city:
        statement = statement.where(holds(Customer.city, city))
    found_rows: Select[Any] = statement
    return found_rows


async def customers_after(
    session: AsyncSession, last: int, *, search: str | None, limit: int
) -> Sequence[Customer]:
    """Customers whose identity is greater than the last one seen, found as the list finds them."""
    statement = select(Customer).where(col(Customer.id) > last)
    if search:
        statement = statement.where(_found(search))
    return (await session.exec(statement.order_by(col(Customer.id)).limit(limit))).all()


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


def _found(search: str) -> ColumnElement[bool]:
    """In a name, or at the beginning of a code or of a CPF or CNPJ, punctuated or not."""
    places = [
        holds(Customer.name, search),
        col(Customer.code).istartswith(search, autoescape=True),
    ]
    bare = "".join(c for c in search.upper() if c.isalnum())
    if len(bare) >= SHORTEST_DOCUMENT:
        places.append(col(Customer.document).startswith(bare, autoescape=True))
    return or_(*places)


async def _newest(session: AsyncSession, table: type[T], customer_id: int) -> Sequence[T]:
    columns: Any = table
    statement = select(table).where(columns.customer_id == customer_id)
    return (await session.exec(statement.order_by(col(columns.id).desc()).limit(SHOWN))).all()
