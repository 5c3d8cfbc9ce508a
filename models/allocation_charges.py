"""The charges behind a cost centre's share of a month: of its lines, and of what is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem
from models.lines import Line, LineHolder
from models.rows import read_rows
from rules.cost_allocation import Holding, ShareOf
from rules.money import ZERO


@dataclass(frozen=True)
class BilledDays:
    """An invoice and the days that it bills, both ends counted."""

    invoice_id: int
    first: date
    last: date


@dataclass(frozen=True)
class ChargesWanted:
    """What is wanted of some invoices of a company: a centre's lines' charges, or nobody's.

    `part` None: both; `cost_centre` tells whose lines, and nothing of what is shared.
    """

    customer_id: int
    invoices: Sequence[BilledDays]
    cost_centre: str
    part: ShareOf | None = None
    search: str | None = None


def select_charges(wanted: ChargesWanted) -> Select[Any]:
    """The charges by line and label, each with its invoice."""
    names = ("id", "invoice_id", "number", "kind", "code", "description", "quantity", "amount")
    columns: tuple[Any, ...] = (
        *(getattr(CarrierInvoiceItem, name) for name in names),
        col(CarrierInvoiceItem.count).label("times"),
        col(CarrierInvoice.number).label("invoice_number"),
        col(CarrierInvoice.issue_date).label("issue_date"),
    )
    statement = (
        select_columns(*columns)
        .join(CarrierInvoice, col(CarrierInvoice.id) == col(CarrierInvoiceItem.invoice_id))
        .where(or_(false(), *(_of_invoice(wanted, each) for each in wanted.invoices)))
    )
    if wanted.search:
        statement = statement.where(
            col(CarrierInvoiceItem.number).contains(wanted.search, autoescape=True)
        )
    return statement


async def charged(session: AsyncSession, wanted: ChargesWanted) -> Decimal:
    """What all of them come to."""
    rows = select_charges(wanted).subquery()
    [(amount,)] = await read_rows(session, select_columns(func.sum(rows.c.amount)))
    return amount or ZERO


async def days_held(session: AsyncSession, wanted: ChargesWanted) -> Mapping[tuple[int, str], int]:
    """On how many days of an invoice its centre had a line, by both, where not on all of them."""
    if not wanted.cost_centre or not wanted.invoices:
        return {}
    statement = (
        select_columns(
            col(Line.number), col(LineHolder.cost_centre), col(LineHolder.since),
            col(LineHolder.until),
        )
        .join(Line, col(Line.id) == col(LineHolder.line_id))
        .where(
            col(Line.customer_id) == wanted.customer_id,
            col(LineHolder.cost_centre) == wanted.cost_centre,
            or_(
                col(LineHolder.since) > min(each.first for each in wanted.invoices),
                col(LineHolder.until) <= max(each.last for each in wanted.invoices),
            ),
        )
    )  # fmt: skip
    found: dict[tuple[int, str], int] = defaultdict(int)
    for row in await read_rows(session, statement):
        held = Holding(row.cost_centre, row.since, row.until)
        for each in wanted.invoices:
            found[each.invoice_id, row.number] += held.days_in(each.first, each.last)
    whole = {each.invoice_id: (each.last - each.first).days + 1 for each in wanted.invoices}
    return {key: days for key, days in found.items() if 0 < days < whole[key[0]]}


def _of_invoice(wanted: ChargesWanted, each: BilledDays) -> ColumnElement[bool]:
    own = _held(wanted.customer_id, each, col(LineHolder.cost_centre) == wanted.cost_centre)
    shared = ~_held(wanted.customer_id, each, col(LineHolder.cost_centre) != "")
    if not wanted.cost_centre:  # whose lines are nobody's has none of its own
        own = false()
    parts = {ShareOf.LINES: own, ShareOf.SHARED: shared, None: or_(own, shared)}
    return and_(col(CarrierInvoiceItem.invoice_id) == each.invoice_id, parts[wanted.part])


def _held(customer_id: int, each: BilledDays, whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody held the charge's line on a day that the invoice bills."""
    return exists(
        select_columns(col(LineHolder.id))
        .join(Line, col(Line.id) == col(LineHolder.line_id))
        .where(
            col(Line.customer_id) == customer_id,
            col(Line.number) == col(CarrierInvoiceItem.number),
            col(LineHolder.since) <= each.last,
            or_(col(LineHolder.until).is_(None), col(LineHolder.until) > each.first),
            whose,
        )
    )
