"""Limits of usage, and what an invoice charged each line for each service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, money
from models.carrier_invoices import CarrierInvoiceItem, label_of
from models.cost_allocation import holdings_of
from models.rows import read_rows
from rules.cost_allocation import Holding
from rules.usage_limits import UsageLimit, Used, codes_of


class LineLimit(SQLModel, table=True):
    """A limit of a company; see rules.usage_limits for what its empty fields mean."""

    __tablename__ = "line_limits"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    company: str = Field(default="", max_length=40, index=True)
    number: str = Field(default="", max_length=25)
    cost_centre: str = Field(default="", max_length=60)
    amount: Decimal = money(Decimal(0))
    allowed: str = Field(default="", max_length=300)
    is_active: bool = True


async def limits_of(session: AsyncSession, company: str) -> list[UsageLimit]:
    """The limits in use of a company, by code."""
    statement = select(LineLimit).where(
        col(LineLimit.is_active), col(LineLimit.company).in_(("", company))
    )
    return [
        UsageLimit(
            each.id or 0, each.name, each.number, each.cost_centre, each.amount,
            codes_of(each.allowed),
        )
        for each in await session.exec(statement.order_by(LineLimit.code))
    ]  # fmt: skip


async def usage_on(
    session: AsyncSession, invoice_id: int, customer_id: int, *, day: date
) -> list[Used]:
    """What an invoice charged each line for each service; whoever held it on a day bears it."""
    item = CarrierInvoiceItem
    columns = (item.number, item.kind, item.code, item.codes, item.description, item.amount)
    statement = sqlalchemy.select(*(col(each) for each in columns)).where(
        col(item.invoice_id) == invoice_id, col(item.number) != ""
    )
    rows = await read_rows(session, statement)
    held = await holdings_of(session, customer_id, sorted({row.number for row in rows}))
    return [
        Used(
            row.number, _centre_on(day, held.get(row.number, ())),
            label_of(row.kind, row.code, row.codes, row.description), row.amount,
        )
        for row in rows
    ]  # fmt: skip


def _centre_on(day: date, held: Sequence[Holding]) -> str:
    return next((each.cost_centre for each in held if each.days_in(day, day)), "")
