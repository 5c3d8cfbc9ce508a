"""Protests of invoices at notaries' offices: where, under which number, and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, and_, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import AgreementInvoice, Role
from models.base import identity, instant, money, reference
from models.customers import Customer
from models.invoices import Invoice
from rules.collection_stages import CollectionStage
from rules.panels import InvoiceStatus
from rules.protests import NEXT, ProtestNotFound


class Protest(SQLModel, table=True):
    """An invoice at an office; `pay_until` is the debtor's last day to pay there."""

    __tablename__ = "protests"
    __table_args__ = (Index("ix_protests_invoice", "invoice_id", "stage"),)

    id: int | None = identity()
    invoice_id: int = reference("invoices.id", index=False)
    customer_id: int = reference("customers.id")
    office: str = Field(max_length=120)
    protocol: str = Field(max_length=40)
    protocolled_on: date
    pay_until: date
    amount: Decimal = money()
    stage: str = Field(max_length=12, description="rules.protests.ProtestStage")
    stage_on: date
    at: datetime = instant()
    by: str = Field(max_length=60)

    @property
    def number(self) -> int:
        """The id of a row that is written."""
        assert self.id is not None  # noqa: S101 - a row that was read has one
        return self.id


async def protests_of(session: AsyncSession, invoice_id: int) -> Sequence[Protest]:
    """Every protest of an invoice, the newest first."""
    statement = select(Protest).where(Protest.invoice_id == invoice_id)
    return (await session.exec(statement.order_by(col(Protest.id).desc()))).all()


async def live_protests(session: AsyncSession, invoice_ids: Collection[int]) -> Sequence[Protest]:
    """The protests that stand against these invoices; each has at most one."""
    statement = select(Protest).where(
        col(Protest.invoice_id).in_(invoice_ids), col(Protest.stage).in_(list(NEXT))
    )
    return (await session.exec(statement.order_by(col(Protest.id)))).all()


async def protests_against(
    session: AsyncSession, customer_ids: Collection[int]
) -> Sequence[Protest]:
    """The protests that stand against these customers."""
    statement = select(Protest).where(
        col(Protest.customer_id).in_(customer_ids), col(Protest.stage).in_(list(NEXT))
    )
    return (await session.exec(statement.order_by(col(Protest.id)))).all()


async def lock_protest(session: AsyncSession, protest_id: int) -> Protest:
    """This will read a protest for changing it. Raises ProtestNotFound."""
    statement = select(Protest).where(Protest.id == protest_id).with_for_update()
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise ProtestNotFound
    return found


def select_protests(*, stage: str | None, is_paid: bool | None = None) -> Any:
    """Every protest with its invoice and customer, as a list shows it; None narrows nothing."""
    paid = _is_paid()
    statement: Any = (
        sql_select(
            col(Protest.id).label("id"), col(Protest.invoice_id).label("invoice_id"),
            col(Customer.name).label("customer"), col(Invoice.code).label("code"),
            col(Protest.office).label("office"), col(Protest.protocol).label("protocol"),
            col(Protest.protocolled_on).label("protocolled_on"),
            col(Protest.pay_until).label("pay_until"), col(Protest.amount).label("amount"),
            col(Protest.stage).label("stage"), paid.label("is_paid"),
        )
        .join(Invoice, col(Invoice.id) == col(Protest.invoice_id))
        .join(Customer, col(Customer.id) == col(Protest.customer_id))
    )  # fmt: skip
    if stage is not None:
        statement = statement.where(col(Protest.stage) == stage)
    return statement if is_paid is None else statement.where(paid if is_paid else ~paid)


def _is_paid() -> Any:
    """Whether the whole debt was paid: by itself, or by the instalments in its place.

    Instalments that an agreement replaced in turn are paid by those in theirs.
    """
    replacing, replaced = aliased(Invoice), aliased(Invoice)
    debts: Any = sql_select(
        col(Protest.invoice_id).label("root"), col(Protest.invoice_id).label("id")
    )
    family = debts.cte("protested", recursive=True)
    followers = (
        sql_select(family.c.root, col(AgreementInvoice.invoice_id))
        .join(replaced, col(replaced.id) == family.c.id)
        .join(
            AgreementInvoice,
            and_(
                col(AgreementInvoice.agreement_id) == col(replaced.agreement_id),
                col(AgreementInvoice.role) == Role.INSTALMENT,
            ),
        )
        .where(col(replaced.collection_stage) == CollectionStage.REPLACED)
    )
    family = family.union(followers)
    part = sql_select(col(replacing.id)).join(family, family.c.id == col(replacing.id))
    part = part.where(family.c.root == col(Invoice.id)).correlate(Invoice)
    owing = part.where(
        col(replacing.status).not_in([InvoiceStatus.SETTLED, InvoiceStatus.CANCELLED]),
        func.coalesce(col(replacing.collection_stage), "") != CollectionStage.REPLACED,
    )
    settled = part.where(col(replacing.status) == InvoiceStatus.SETTLED)
    return and_(settled.exists(), ~owing.exists())
