"""Registries: the small lists that operators keep and the processes lean on."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field, SQLModel

from models.base import identity


class AgreementCategory(SQLModel, table=True):
    """A category that every agreement must name."""

    __tablename__ = "agreement_categories"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True


class LedgerAccount(SQLModel, table=True):
    """What a charge, fee, fine, increase or discount is booked to."""

    __tablename__ = "ledger_accounts"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True


class PaymentProfile(SQLModel, table=True):
    """How an invoice is collected, and its late-payment terms."""

    __tablename__ = "payment_profiles"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    bank: str = Field(default="", max_length=3)
    fine_percent: Decimal = Field(default=Decimal(2), ge=0, le=10, sa_type=Numeric(5, 2))
    interest_percent: Decimal = Field(default=Decimal(1), ge=0, le=10, sa_type=Numeric(5, 2))
    is_active: bool = True


class ContactCategory(SQLModel, table=True):
    """A category of comments and contacts."""

    __tablename__ = "contact_categories"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True
