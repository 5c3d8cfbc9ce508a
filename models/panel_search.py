"""Who and what is meant by the words of a panel's filter: looked up once, then known by id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select, union
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collections import Standing
from models.customers import Customer
from models.folding import fold
from models.invoices import Invoice
from models.panels import Wanted, has_name
from models.rows import rows_of
from rules.panels import Panel

#: More than this are not listed by id: a page of them fills before all are looked at.
MOST_LISTED = 5_000


async def look_up(session: AsyncSession, panel: Panel, wanted: Wanted) -> Wanted:
    """This will put customers, invoices and cities in the place of the words that mean them."""
    if wanted.city:
        cities = await _cities(session, panel, wanted.city)
        wanted = replace(wanted, city=None, cities=cities)
    if wanted.text:
        wanted = await _listed(session, panel, wanted, wanted.text)
    return wanted


async def _listed(session: AsyncSession, panel: Panel, wanted: Wanted, words: str) -> Wanted:
    found = await rows_of(session, _customers(panel, words).limit(MOST_LISTED + 1))
    if len(found) > MOST_LISTED:
        return wanted
    customers = tuple(row["id"] for row in found)
    invoices: tuple[int, ...] = ()
    if not panel.lists_customers:
        invoices = tuple(row["id"] for row in await rows_of(session, _invoices(words)))
    return replace(wanted, text=None, customers=customers, invoices=invoices)


async def _cities(session: AsyncSession, panel: Panel, words: str) -> tuple[str, ...]:
    """The cities of the panel that begin so, accents and case aside."""
    every: Any = select(col(Standing.city).label("city")).where(col(Standing.panel) == int(panel))
    begins = fold(words) or ""
    found = await rows_of(session, every.distinct())
    return tuple(row["city"] for row in found if (fold(row["city"]) or "").startswith(begins))


def _customers(panel: Panel, words: str) -> Any:
    """By name; by digits of their CPF or CNPJ, however punctuated; by their own code."""
    in_panel = col(Standing.panel) == int(panel)
    by_name: Any = select(col(Standing.customer_id).label("id")).where(in_panel, has_name(words))
    bare = "".join(each for each in words.upper() if each.isalnum())
    if len(bare) < 3 or not any(each.isdigit() for each in bare):
        return by_name
    by_document = select(col(Customer.id)).where(col(Customer.document).contains(bare))
    by_code = select(col(Customer.id)).where(col(Customer.code) == words)
    return union(by_name, by_document, by_code)


def _invoices(words: str) -> Any:
    """By the number the customer sees, or by the code."""
    number: Any = select(col(Invoice.id).label("id")).where(col(Invoice.number) == words)
    return union(number, select(col(Invoice.id)).where(col(Invoice.code) == words))
