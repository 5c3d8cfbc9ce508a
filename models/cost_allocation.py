"""Cost centres, how an account's shared charges are shared since when, and what is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, reference
from models.carrier_invoices import CarrierInvoice, CarrierInvoiceItem, counted
from models.carriers import CarrierAccount
from models.contestations import Contestation, ContestationItem
from models.findings import Finding
from models.lines import Line, LineHolder
from models.rows import in_parts, read_rows
from rules.cost_allocation import AllocationRule, Centre, Holding, LineCharge, SharedBy
from rules.money import ZERO


class CostCentre(SQLModel, table=True):
    """A cost centre, by the code that lines name. `company` is a customer's code; empty: of all.

    Two companies may have one of the same code each; what is everybody's has its code alone.
    `ledger_code` is what the ledger calls it; empty: its own code.
    """

    __tablename__ = "cost_centres"
    __table_args__ = (UniqueConstraint("company", "code"),)

    id: int | None = identity()
    code: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=120)
    company: str = Field(default="", max_length=40, index=True)
    headcount: int = Field(default=0, ge=0)
    ledger_code: str = Field(default="", max_length=40)
    is_active: bool = True


class AccountAllocation(SQLModel, table=True):
    """How an account's shared charges are shared from a day on; the last one before it holds."""

    __tablename__ = "account_allocations"
    __table_args__ = (UniqueConstraint("account_id", "since"),)

    id: int | None = identity()
    account_id: int = reference("carrier_accounts.id", index=False)
    since: date
    shared_by: str = Field(default=SharedBy.EQUAL, max_length=10)
    percents: dict[str, Any] = facts()
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)

    @property
    def rule(self) -> AllocationRule:
        """As the rules see it."""
        percents = {code: Decimal(told) for code, told in self.percents.items()}
        return AllocationRule(SharedBy(self.shared_by), percents)


async def every_centre_of(session: AsyncSession, company: str) -> Sequence[CostCentre]:
    """The cost centres of a company, also those out of use, by code."""
    statement = select(CostCentre).where(col(CostCentre.company).in_(("", company)))
    return (await session.exec(statement.order_by(CostCentre.code))).all()


async def centres_of(session: AsyncSession, company: str) -> Sequence[CostCentre]:
    """The cost centres in use of a company, by code."""
    return [each for each in await every_centre_of(session, company) if each.is_active]


async def allocations_of(session: AsyncSession, account_id: int) -> Sequence[AccountAllocation]:
    """Every rule that an account had, the newest first."""
    statement = select(AccountAllocation).where(AccountAllocation.account_id == account_id)
    return (await session.exec(statement.order_by(col(AccountAllocation.since).desc()))).all()


async def invoices_to_share(
    session: AsyncSession, customer_id: int, *, month: date
) -> Sequence[CarrierInvoice]:
    """A company's invoices of a month; neither previews nor what was replaced."""
    statement = (
        select(CarrierInvoice)
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .where(
            CarrierAccount.customer_id == customer_id,
            CarrierInvoice.month == month,
            *counted(),
        )
        .order_by(col(CarrierInvoice.id))
    )
    return (await session.exec(statement)).all()


async def rules_on(
    session: AsyncSession, account_ids: Collection[int]
) -> Mapping[int, list[tuple[date, AllocationRule]]]:
    """The rules of accounts, each with the day it holds from, the oldest first."""
    statement = select(AccountAllocation).where(col(AccountAllocation.account_id).in_(account_ids))
    found: dict[int, list[tuple[date, AllocationRule]]] = defaultdict(list)
    for each in await session.exec(statement.order_by(col(AccountAllocation.since))):
        found[each.account_id].append((each.since, each.rule))
    return found


async def charges_by_line(
    session: AsyncSession, invoice_ids: Collection[int], customer_id: int
) -> Mapping[int, list[LineCharge]]:
    """What each line is to pay of each invoice, with whoever held it; the account's own are not a
    line's and left out. What a corrected bill takes off a line's charges is taken off here."""
    statement = (
        select_columns(
            col(CarrierInvoiceItem.invoice_id), col(CarrierInvoiceItem.number),
            func.sum(col(CarrierInvoiceItem.amount)).label("amount"),
        )
        .where(
            col(CarrierInvoiceItem.invoice_id).in_(invoice_ids),
            col(CarrierInvoiceItem.number) != "",
        )
        .group_by(col(CarrierInvoiceItem.invoice_id), col(CarrierInvoiceItem.number))
    )  # fmt: skip
    rows = await read_rows(session, statement)
    held = await holdings_of(session, customer_id, sorted({row.number for row in rows}))
    off = await _taken_off(session, invoice_ids)
    found: dict[int, list[LineCharge]] = defaultdict(list)
    for row in rows:
        amount = row.amount - off.get((row.invoice_id, row.number), ZERO)
        found[row.invoice_id].append(LineCharge(amount, tuple(held.get(row.number, ()))))
    return found


async def _taken_off(
    session: AsyncSession, invoice_ids: Collection[int]
) -> Mapping[tuple[int, str], Decimal]:
    """What carriers took off lines by a new barcode of the same invoice."""
    statement = (
        select_columns(
            col(Contestation.invoice_id), col(Finding.number),
            func.sum(col(ContestationItem.credited)).label("amount"),
        )
        .join(ContestationItem, col(ContestationItem.contestation_id) == col(Contestation.id))
        .join(Finding, col(Finding.id) == col(ContestationItem.finding_id))
        .where(col(Contestation.invoice_id).in_(invoice_ids), col(Contestation.barcode) != "")
        .group_by(col(Contestation.invoice_id), col(Finding.number))
    )  # fmt: skip
    rows = await read_rows(session, statement)
    return {(row.invoice_id, row.number): row.amount for row in rows}


async def holdings_of(
    session: AsyncSession, customer_id: int, numbers: Sequence[str]
) -> Mapping[str, list[Holding]]:
    """Who held each of these lines of a company, by number."""
    ids = await in_parts(
        session, (col(Line.id), col(Line.number), col(Line.customer_id)), col(Line.number), numbers
    )
    number_of = {row.id: row.number for row in ids if row.customer_id == customer_id}
    columns = (
        col(LineHolder.line_id), col(LineHolder.cost_centre), col(LineHolder.since),
        col(LineHolder.until),
    )  # fmt: skip
    found: dict[str, list[Holding]] = defaultdict(list)
    for row in await in_parts(session, columns, col(LineHolder.line_id), sorted(number_of)):
        found[number_of[row.line_id]].append(Holding(row.cost_centre, row.since, row.until))
    return found


def as_centre(centre: CostCentre) -> Centre:
    """A cost centre as the rules see it."""
    return Centre(centre.code, centre.headcount)
