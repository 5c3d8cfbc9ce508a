"""What carriers' lists can be narrowed to: carriers, months, cost centres and invoices."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice
from models.carriers import Carrier, CarrierAccount
from models.cost_allocation import CostCentre
from models.customers import Customer
from models.lines import Line, LineHolder
from models.rows import read_rows
from rules.cost_centres import once_each

#: So many invoices are offered, the newest first; an older one only where it is asked for.
OFFERED = 36


async def every_carrier(session: AsyncSession) -> list[tuple[str, str]]:
    """All carriers, those out of use too, as (code, name)."""
    statement = select(Carrier.code, Carrier.name).order_by(Carrier.name)
    return [(code, name) for code, name in await session.exec(statement)]


async def managed_companies(session: AsyncSession) -> list[tuple[str, str]]:
    """The companies that a carrier bills or that have lines, as (code, name)."""
    billed, held = select(CarrierAccount.customer_id), select(Line.customer_id)
    statement = select(Customer.code, Customer.name).where(
        col(Customer.id).in_(billed) | col(Customer.id).in_(held)
    )
    return [(code, name) for code, name in await session.exec(statement.order_by(Customer.name))]


async def billed_months(session: AsyncSession) -> list[date]:
    """The months of which there is an invoice, the newest first."""
    month = col(CarrierInvoice.month)
    statement = select_columns(month).distinct().order_by(month.desc())
    return [day for (day,) in await read_rows(session, statement)]


async def centres_held(session: AsyncSession) -> list[tuple[str, str]]:
    """The cost centres that lines are or were held for, as (code, name)."""
    held = select(LineHolder.cost_centre).where(col(LineHolder.cost_centre) != "").distinct()
    codes = sorted(await session.exec(held))
    named = select(CostCentre.code, CostCentre.name).where(col(CostCentre.code).in_(codes))
    names = dict(once_each((await session.exec(named.order_by(col(CostCentre.id)))).all()))
    return [(code, names.get(code, code)) for code in codes]


async def offered_invoices(session: AsyncSession, *, asked: int | None) -> list[tuple[int, str]]:
    """The newest invoices and the one that is asked for, as (id, “carrier, month, number”).

    A replaced one has the words of the one in its place, so it is offered only where asked for.
    """
    columns: tuple[Any, ...] = (
        col(CarrierInvoice.id), col(Carrier.name), col(CarrierInvoice.month),
        col(CarrierInvoice.number),
    )  # fmt: skip
    statement = (
        select_columns(*columns)
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .order_by(col(CarrierInvoice.issue_date).desc(), col(CarrierInvoice.id).desc())
    )
    standing = statement.where(col(CarrierInvoice.replaced_by_id).is_(None))
    found = list(await read_rows(session, standing.limit(OFFERED)))
    if asked is not None and asked not in {row[0] for row in found}:
        found += await read_rows(session, statement.where(col(CarrierInvoice.id) == asked))
    return [(key, f"{name} {month:%m/%Y} {number}".strip()) for key, name, month, number in found]
