"""What contracts are made from: plans, products, due days, SLAs, groups, discounts, indices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import identity, money, reference
from rules.charges import ServiceKind
from rules.contract_terms import price_of_period
from rules.contracts import PlanType
from rules.price_indices import Method


class Plan(SQLModel, table=True):
    """A sales plan: what is sold, for how much a period, and for how long it binds."""

    __tablename__ = "plans"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    plan_type: str = Field(default=PlanType.INTERNET, max_length=12)
    telecom_service: bool = True
    periodicity_months: int = Field(default=1, description="1, 2, 3, 6 or 12")
    amount: Decimal = money(Decimal(0))
    setup_fee: Decimal = money(Decimal(0))
    setup_instalments: int = Field(default=1, ge=1, le=60)
    term_months: int = Field(default=0, ge=0, le=36)
    minimum_term_months: int = Field(default=0, ge=0, le=36)
    minimum_term_fee: Decimal = money(Decimal(0))
    due_day_rule_id: int | None = reference("due_day_rules.id", nullable=True, index=False)
    sla_table_id: int | None = reference("sla_tables.id", nullable=True, index=False)
    ladder_id: int | None = reference("ladders.id", nullable=True, index=False)
    ledger_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    payment_method: str = Field(default="", max_length=14, description='"": the house says')
    payment_profile_id: int | None = reference("payment_profiles.id", nullable=True, index=False)
    price_index_id: int | None = reference("price_indices.id", nullable=True, index=False)
    welcome_template: str = Field(default="", max_length=40, description="of the house, by code")
    is_active: bool = True

    def price_for(self, months: int) -> Decimal:
        """What a period of so many months costs by this plan."""
        return price_of_period(self.amount, plan_months=self.periodicity_months, months=months)


class Product(SQLModel, table=True):
    """What an additional service is prefilled from."""

    __tablename__ = "products"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    kind: str = Field(default=ServiceKind.OTHER, max_length=14)
    fiscal_kind: str = Field(default="", max_length=12, description='"": as the contract')
    unit: str = Field(default="", max_length=20)
    amount: Decimal = money(Decimal(0))
    ledger_account_id: int | None = reference("ledger_accounts.id", nullable=True, index=False)
    is_active: bool = True


class PlanProduct(SQLModel, table=True):
    """A product that a plan is made of, and what of the plan's amount it is."""

    __tablename__ = "plan_products"
    __table_args__ = (UniqueConstraint("plan_id", "product_id"),)

    id: int | None = identity()
    plan_id: int = reference("plans.id", index=False)
    product_id: int = reference("products.id", index=False)
    amount: Decimal = money(Decimal(0))
    position: int = Field(default=1, ge=1, le=99)
    is_active: bool = True


class DueDayRule(SQLModel, table=True):
    """The day of the month on which invoices fall due; `days_before` from issue to due date."""

    __tablename__ = "due_day_rules"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    due_day: int = Field(ge=1, le=31)
    days_before: int = Field(default=10, ge=0, le=60)
    for_telephony: bool = Field(default=False, description="only telephony contracts may use it")
    is_default: bool = False
    is_active: bool = True


class SlaTable(SQLModel, table=True):
    """What is promised to the contracts that name it; the targets stand in their own rows."""

    __tablename__ = "sla_tables"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    calendar: str = Field(default="national", max_length=12, description="national or bank")
    is_default: bool = False
    is_active: bool = True


class SlaTarget(SQLModel, table=True):
    """The time allowed for an event of a priority: so many of a unit."""

    __tablename__ = "sla_targets"
    __table_args__ = (UniqueConstraint("sla_table_id", "event", "priority"),)

    id: int | None = identity()
    sla_table_id: int = reference("sla_tables.id", index=False)
    event: str = Field(max_length=20)
    priority: int = Field(default=0, ge=0, le=3, description="0 for events without priority")
    amount: int = Field(ge=1, le=10000)
    unit: str = Field(default="business_hours", max_length=16)
    is_active: bool = True


class BillingGroup(SQLModel, table=True):
    """Charges of several contracts of one customer, on one invoice."""

    __tablename__ = "billing_groups"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    customer_id: int = reference("customers.id")
    due_day_rule_id: int | None = reference("due_day_rules.id", nullable=True, index=False)
    is_active: bool = True


class DiscountTable(SQLModel, table=True):
    """What is taken off each period: when paid by the due date, on the invoice, or both."""

    __tablename__ = "discount_tables"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    pay_on_time: Decimal = money(Decimal(0))
    on_invoice: Decimal = money(Decimal(0))
    is_active: bool = True


class Consultant(SQLModel, table=True):
    """Who sold a contract."""

    __tablename__ = "consultants"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    email: str = Field(default="", max_length=200)
    is_active: bool = True


class PriceIndex(SQLModel, table=True):
    """An index of prices, told as number-indices or as monthly rates.

    Once it is published no more, its `successor_id` goes on from its last month.
    """

    __tablename__ = "price_indices"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    series: int | None = Field(
        default=None, description="the central bank's number of its series of monthly rates"
    )
    successor_id: int | None = reference("price_indices.id", nullable=True, index=False)
    is_active: bool = True


class PriceIndexMonth(SQLModel, table=True):
    """What an index was in a month: a number-index, or a rate in per cent."""

    __tablename__ = "price_index_months"
    __table_args__ = (UniqueConstraint("price_index_id", "kind", "month"),)

    id: int | None = identity()
    price_index_id: int = reference("price_indices.id", index=False)
    kind: str = Field(default=Method.MONTHLY_RATES, max_length=16)
    month: date = Field(description="its first day")
    value: Decimal = Field(sa_type=Numeric(20, 10))
    source: str = Field(default="manual", max_length=12, description="manual, csv or bcb")
    is_active: bool = Field(default=True, description="a month withdrawn counts as missing")
