"""Agreements: what customer and operator settled on, its invoices, and unfinished drafts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import facts, identity, instant, money, reference


class Agreement(SQLModel, table=True):
    """An agreement; its number is its identity. Components and quote are kept as agreed."""

    __tablename__ = "agreements"
    __table_args__ = (
        Index("ix_agreements_made", "made_at", "made_by"),
        Index("ix_agreements_status", "status", "tolerance_date"),
    )

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    kind: str = Field(max_length=12, description="unchanged or proposal")
    status: str = Field(max_length=14)
    category_id: int = reference("agreement_categories.id", index=False)
    tolerance_date: date
    principal: Decimal = money()
    total: Decimal = money()
    components: dict[str, Any] = facts()
    keeps_discount: bool = False
    description: str = Field(default="", max_length=200)
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)
    reason: str = Field(default="", max_length=500)


class AgreementInvoice(SQLModel, table=True):
    """An invoice of an agreement: an original that it took in, or an instalment it made."""

    __tablename__ = "agreement_invoices"
    __table_args__ = (UniqueConstraint("agreement_id", "invoice_id"),)

    id: int | None = identity()
    agreement_id: int = reference("agreements.id", index=False)
    invoice_id: int = reference("invoices.id")
    role: str = Field(max_length=10, description="original or instalment")
    ordinal: int = 0
    parts: dict[str, Any] = facts()


class AgreementDraft(SQLModel, table=True):
    """A wizard that was left open, to be taken up again."""

    __tablename__ = "agreement_drafts"
    __table_args__ = (UniqueConstraint("customer_id", "by"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    by: str = Field(max_length=60)
    at: datetime = instant()
    form: dict[str, Any] = facts()
