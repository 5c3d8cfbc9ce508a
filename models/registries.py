"""Registries: the small lists that operators keep and the processes lean on."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import BigInteger, Numeric
from sqlmodel import Field, SQLModel

from models.base import identity, reference
from rules.contact_results import ResultStep


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
    """How an invoice is collected, and its late-payment terms.

    The fields of the bank are those of rules.boleto_banks.BankAccount, all empty where no boletos
    are made; `first_number` is the first of the company's own running numbers that the bank left
    to this system. One profile is the default of invoices that name none.
    """

    __tablename__ = "payment_profiles"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    bank: str = Field(default="", max_length=3)
    branch: str = Field(default="", max_length=6)
    account: str = Field(default="", max_length=12)
    agreement: str = Field(default="", max_length=10)
    wallet: str = Field(default="", max_length=3)
    unit: str = Field(default="", max_length=2)
    variation: str = Field(default="", max_length=3)
    first_number: int = Field(default=1, ge=1, sa_type=BigInteger)
    first_remittance: int = Field(default=1, ge=1, le=999_999)
    pix_key: str = Field(default="", max_length=77)
    sender_account_id: int | None = reference("sender_accounts.id", nullable=True, index=False)
    fine_percent: Decimal = Field(default=Decimal(2), ge=0, le=10, sa_type=Numeric(5, 2))
    interest_percent: Decimal = Field(default=Decimal(1), ge=0, le=10, sa_type=Numeric(5, 2))
    has_legal_rate: bool = Field(default=False, description="no interest was agreed")
    for_telephony: bool = Field(default=False, description="only telephony contracts may use it")
    is_default: bool = False
    is_active: bool = True


class ContactCategory(SQLModel, table=True):
    """A category of comments and contacts."""

    __tablename__ = "contact_categories"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    is_active: bool = True


class ContactResult(SQLModel, table=True):
    """What came of a call; `step` is what follows (rules/contact_results.py), in so many days."""

    __tablename__ = "contact_results"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    step: str = Field(default=ResultStep.NONE, max_length=20)
    in_business_days: int = Field(default=1, ge=0, le=60)
    is_active: bool = True
