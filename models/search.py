"""The search over everything: numbers by their beginning through indexes, names by any part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.customers import Customer
from models.folding import holds
from models.invoices import Invoice
from models.tasks import Task

#: So many of each kind are shown.
LIMIT = 20
#: Of a list's search; a name that more have says nothing.
MOST_CALLED = 5_000
#: Beyond every letter: the upper end of a range of words that begin alike.
LAST = "\U0010ffff"


async def find_customers(session: AsyncSession, text: str) -> Sequence[Customer]:
    """Customers with this code, CPF or CNPJ (or its beginning), or with this in their name.

    Accents may be left out: where the name as typed finds too few, it is compared without them.
    """
    bare = "".join(c for c in text.upper() if c.isalnum())
    found = list(await _customers(session, _begins(session, Customer.code, text)))
    if len(bare) >= 3:
        found += await _customers(session, _begins(session, Customer.document, bare))
    is_exact = any(text.upper() == each.code.upper() for each in found)
    if len(text) >= 2 and not bare.isdigit() and not is_exact:
        found += await _named(session, text)
    return list({customer.id: customer for customer in found}.values())[:LIMIT]


async def customers_called(session: AsyncSession, text: str) -> set[int]:
    """Who has this in their name, or begins so in code, CPF or CNPJ: the first thousands of them.

    For narrowing a list that is short already.
    """
    bare = "".join(c for c in text.upper() if c.isalnum())
    called = holds(Customer.name, text) | _begins(session, Customer.code, text)
    if len(bare) >= 3:
        called |= _begins(session, Customer.document, bare)
    statement = select(Customer.id).where(called).limit(MOST_CALLED)
    return {each for each in await session.exec(statement) if each is not None}


async def _named(session: AsyncSession, text: str) -> Sequence[Customer]:
    name = col(Customer.name)
    found = await _customers(session, name.icontains(text, autoescape=True))
    if len(found) >= LIMIT or len(text) < 3:
        return found
    return [*found, *await _customers(session, holds(Customer.name, text))]


def _begins(session: AsyncSession, column: Any, text: str) -> ColumnElement[bool]:
    """What an index can answer: on SQLite ranges, as its LIKE ignores case and the index not."""
    spellings = {text, text.upper()}
    if session.get_bind().dialect.name != "sqlite":
        return or_(*(col(column).startswith(each, autoescape=True) for each in spellings))
    return or_(*(and_(col(column) >= each, col(column) < each + LAST) for each in spellings))


async def _customers(session: AsyncSession, condition: ColumnElement[bool]) -> Sequence[Customer]:
    statement = select(Customer).where(condition).order_by(col(Customer.name), col(Customer.id))
    return (await session.exec(statement.limit(LIMIT))).all()


async def find_invoices(session: AsyncSession, text: str) -> Sequence[tuple[Invoice, str]]:
    """Invoices whose number or code is or begins with the text, with their customer's name."""
    statement: Any = sqlalchemy.select(Invoice, col(Customer.name)).join(
        Customer, col(Customer.id) == Invoice.customer_id
    )
    found: dict[int, tuple[Invoice, str]] = {}
    for column in (Invoice.number, Invoice.code):
        limited = statement.where(_begins(session, column, text)).order_by(col(column)).limit(LIMIT)
        for invoice, name in await session.exec(limited):
            found[invoice.key] = (invoice, name)
    return list(found.values())[:LIMIT]


async def find_agreements(session: AsyncSession, text: str) -> Sequence[tuple[Agreement, str]]:
    """The agreement of this number, with its customer's name."""
    if not text.isdigit() or len(text) > 18:
        return ()
    statement: Any = (
        sqlalchemy.select(Agreement, col(Customer.name))
        .join(Customer, col(Customer.id) == Agreement.customer_id)
        .where(col(Agreement.id) == int(text))
    )
    return [(agreement, name) for agreement, name in await session.exec(statement)]


async def find_tasks(session: AsyncSession, text: str) -> Sequence[Task]:
    """Open tasks, the most pressing first, whose title has the text."""
    statement = (
        select(Task)
        .where(col(Task.finished_at).is_(None), holds(Task.title, text))
        .order_by(col(Task.due_at), col(Task.id))
        .limit(LIMIT)
    )
    return (await session.exec(statement)).all()
