"""Collections: the account for life, contacts with the customer, and the kept numbers of panels."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import identity, instant, money, reference


class CollectionAccount(SQLModel, table=True):
    """The one place where a customer's debt is worked; one per customer, for life."""

    __tablename__ = "collection_accounts"

    id: int | None = identity()
    customer_id: int = Field(unique=True, foreign_key="customers.id")
    opened_at: datetime = instant()
    opened_by: str = Field(max_length=60)
    last_contact_at: datetime | None = instant(None)


class Contact(SQLModel, table=True):
    """A comment, or a word exchanged with the customer: active (we called) or reactive."""

    __tablename__ = "contacts"

    id: int | None = identity()
    account_id: int = reference("collection_accounts.id")
    kind: str = Field(max_length=10)
    channel: str = Field(max_length=20)
    person: str = Field(default="", max_length=120)
    category_id: int = reference("contact_categories.id", index=False)
    subject: str = Field(max_length=160)
    text: str
    at: datetime = instant()
    by: str = Field(max_length=60)


class Standing(SQLModel, table=True):
    """What one customer has in one panel: kept in the transaction that changes its invoices."""

    __tablename__ = "standings"
    __table_args__ = (
        Index("ix_standings_amount", "panel", "amount", "customer_id"),
        Index("ix_standings_oldest", "panel", "oldest_due", "customer_id"),
        Index("ix_standings_count", "panel", "invoices", "customer_id"),
        Index("ix_standings_name", "panel", "customer_name", "customer_id"),
        Index("ix_standings_city", "panel", "city", "customer_id"),
    )

    customer_id: int = Field(foreign_key="customers.id", primary_key=True)
    panel: int = Field(primary_key=True)
    invoices: int
    amount: Decimal = money()
    oldest_due: date
    since: datetime = instant()
    customer_name: str = Field(max_length=160)
    city: str = Field(default="", max_length=80)


class PanelTotal(SQLModel, table=True):
    """What a panel holds altogether: customers, invoices and reais, kept like the standings."""

    __tablename__ = "panel_totals"

    panel: int = Field(primary_key=True)
    customers: int = 0
    invoices: int = 0
    amount: Decimal = money(Decimal(0))
