"""Charges: what invoices are made of. `open` ones whose issue date has come are billed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from rules.charges import PENDING, ChargeStatus


class Charge(SQLModel, table=True):
    """What a contract owes for a reason and, mostly, a period. A credit is below zero.

    `key` names what it is for, so that making it twice makes nothing twice.
    """

    __tablename__ = "charges"
    __table_args__ = (
        Index(
            "ix_charges_to_bill",
            "issue_date",
            "customer_id",
            "id",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_charges_contract", "contract_id", "due_date", "id"),
    )

    id: int | None = identity()
    key: str = Field(unique=True, max_length=80)
    contract_id: int = reference("contracts.id", index=False)
    customer_id: int = reference("customers.id")
    service_id: int | None = reference("contract_services.id", nullable=True, index=False)
    kind: str = Field(max_length=12)
    description: str = Field(max_length=200)
    period_start: date | None = None
    period_end: date | None = Field(default=None, description="exclusive")
    issue_date: date
    due_date: date
    amount: Decimal = money()
    discount: Decimal = money(Decimal(0))  #: taken off on the invoice, whenever it is paid
    pay_on_time_discount: Decimal = money(Decimal(0))
    ledger_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    status: str = Field(default=ChargeStatus.OPEN, max_length=10)
    invoice_id: int | None = reference("invoices.id", nullable=True)
    run_id: int | None = reference("bulk_runs.id", nullable=True)  #: the billing run
    parts: dict[str, Any] = facts()  #: of a plan with products; rules/plan_products.py, written
    lost_days: int = Field(default=0, description="of its period, that are not owed any more")
    reason: str = Field(default="", max_length=300, description="why it was cancelled or changed")
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)

    @property
    def net(self) -> Decimal:
        """What stands on the invoice."""
        return self.amount - self.discount


async def charges_of(
    session: AsyncSession, contract_id: int, *, statuses: Collection[ChargeStatus] = PENDING
) -> Sequence[Charge]:
    """This will read a contract's charges of these statuses for changing them, oldest first."""
    return await charges_of_all(session, [contract_id], statuses=statuses)


async def charges_of_all(
    session: AsyncSession,
    contract_ids: Collection[int],
    *,
    statuses: Collection[ChargeStatus] = PENDING,
) -> Sequence[Charge]:
    """This will read the charges of a page of contracts for changing them, oldest first."""
    statement = (
        select(Charge)
        .where(col(Charge.contract_id).in_(contract_ids), col(Charge.status).in_(statuses))
        .order_by(col(Charge.due_date), col(Charge.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


async def charges_on(session: AsyncSession, invoice_id: int) -> Sequence[Charge]:
    """The charges that an invoice is made of, contract by contract."""
    statement = (
        select(Charge)
        .where(Charge.invoice_id == invoice_id)
        .order_by(col(Charge.contract_id), col(Charge.id))
    )
    return (await session.exec(statement)).all()


async def keys_taken(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of these keys whose charge exists already."""
    return set(await session.exec(select(Charge.key).where(col(Charge.key).in_(keys))))


async def add_charges(session: AsyncSession, charges: Sequence[Charge]) -> Sequence[Charge]:
    """This will store those whose key is new, and give them; the others were made before."""
    taken = await keys_taken(session, [each.key for each in charges])
    new = [each for each in charges if each.key not in taken]
    session.add_all(new)
    await session.flush()
    return new


def cancel_charge(session: AsyncSession, charge: Charge, *, reason: str) -> None:
    """This will take a charge that no invoice holds off the books."""
    charge.status, charge.reason = ChargeStatus.CANCELLED, reason
    session.add(charge)
