"""Sales leads: who may buy what, and the contract that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.folding import holds
from models.plans import Consultant, Plan
from rules.sales_leads import LeadNotFound, LeadStage


class SalesLead(SQLModel, table=True):
    """A sale that may come about. `name` to `uf` are of whoever is no customer yet."""

    __tablename__ = "sales_leads"
    __table_args__ = (Index("ix_sales_leads_stage", "stage", "id"),)

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    stage: str = Field(default=LeadStage.OPEN, max_length=8)
    customer_id: int | None = reference("customers.id", nullable=True)
    name: str = Field(max_length=160)
    document: str = Field(default="", max_length=14)
    email: str = Field(default="", max_length=200)
    mobile: str = Field(default="", max_length=20)
    city: str = Field(default="", max_length=80)
    uf: str = Field(default="", max_length=2)
    plan_id: int | None = reference("plans.id", nullable=True, index=False)
    setup_fee: Decimal | None = money(None)
    setup_instalments: int | None = None
    consultant_id: int | None = reference("consultants.id", nullable=True, index=False)
    notes: str = Field(default="", max_length=2000)
    contract_id: int | None = reference("contracts.id", nullable=True, index=False)
    reason: str = Field(default="", max_length=300)
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)

    @property
    def number(self) -> int:
        """The lead's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def lock_lead(session: AsyncSession, lead_id: int) -> SalesLead:
    """This will read a lead for changing it. Raises LeadNotFound."""
    return _found(await _lead(session, SalesLead.id == lead_id))


async def lead_called(session: AsyncSession, code: str) -> SalesLead:
    """This will read the lead with this code for changing it. Raises LeadNotFound."""
    return _found(await _lead(session, SalesLead.code == code))


async def newest_leads(
    session: AsyncSession, *, stage: str | None, before: int | None, limit: int
) -> Sequence[SalesLead]:
    """Leads of one stage or of all (None), the newest first, older than `before` if it is told."""
    statement = select(SalesLead).order_by(col(SalesLead.id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(SalesLead.id) < before)
    if stage:
        statement = statement.where(SalesLead.stage == stage)
    return (await session.exec(statement)).all()


def select_leads(*, stage: str | None, search: str | None) -> Select[Any]:
    """Leads with plan and consultant, as the list shows them."""
    statement: Any = (
        select_columns(
            col(SalesLead.id).label("id"), col(SalesLead.code).label("code"),
            col(SalesLead.name).label("name"), col(SalesLead.stage).label("stage"),
            col(SalesLead.city).label("city"), col(Plan.name).label("plan"),
            col(SalesLead.setup_fee).label("setup_fee"),
            col(Consultant.name).label("consultant"), col(SalesLead.made_at).label("made_at"),
            col(SalesLead.contract_id).label("contract_id"),
        )
        .outerjoin(Plan, col(Plan.id) == col(SalesLead.plan_id))
        .outerjoin(Consultant, col(Consultant.id) == col(SalesLead.consultant_id))
    )  # fmt: skip
    if stage:
        statement = statement.where(col(SalesLead.stage) == stage)
    if search:
        statement = statement.where(holds(SalesLead.name, search) | (col(SalesLead.code) == search))
    found: Select[Any] = statement
    return found


async def _lead(session: AsyncSession, which: Any) -> SalesLead | None:
    return (await session.exec(select(SalesLead).where(which).with_for_update())).one_or_none()


def _found(lead: SalesLead | None) -> SalesLead:
    if lead is None:
        raise LeadNotFound
    return lead
