"""The accounts for which sample files may be made: their lines, and their next invoice's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_invoices import CarrierInvoice, counted
from models.carriers import Carrier, CarrierAccount
from models.customers import Customer
from models.lines import Line
from models.rows import read_rows

#: So many lines of a company stand in a sample.
MOST_LINES = 200


@dataclass(frozen=True)
class SampleAccount:
    """An account as a sample needs it; `issued_on` is its newest invoice's day."""

    number: str
    closing_day: int | None
    issued_on: date | None
    lines: tuple[str, ...]


async def sample_choices(session: AsyncSession) -> list[tuple[str, str]]:
    """The accounts in use, as (id, “carrier number, company”)."""
    columns: tuple[Any, ...] = (
        col(CarrierAccount.id), col(Carrier.name), col(CarrierAccount.number), col(Customer.name),
    )  # fmt: skip
    statement = (
        select_columns(*columns)
        .join(Carrier, col(Carrier.id) == col(CarrierAccount.carrier_id))
        .join(Customer, col(Customer.id) == col(CarrierAccount.customer_id))
        .where(col(CarrierAccount.is_active))
        .order_by(col(Carrier.name), col(CarrierAccount.number))
    )
    found = await read_rows(session, statement)
    return [(str(key), f"{name} {number}, {company}") for key, name, number, company in found]


async def sample_account(session: AsyncSession, account: CarrierAccount) -> SampleAccount:
    """What a sample of an account's next invoice is made of."""
    newest = select(func.max(CarrierInvoice.issue_date)).where(
        CarrierInvoice.account_id == account.key, *counted()
    )
    issued_on = (await session.exec(newest)).one()
    lines = select(Line.number).where(
        Line.customer_id == account.customer_id, col(Line.active_until).is_(None)
    )
    numbers = await session.exec(lines.order_by(Line.number).limit(MOST_LINES))
    return SampleAccount(account.number, account.closing_day, issued_on, tuple(numbers))
