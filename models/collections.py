"""Collections: the account for life, contacts with the customer, and the kept numbers of panels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.cases import Case, case_of, record_event
from models.outbox import tell_case
from models.registries import ContactCategory, ContactResult
from rules.cases import Process
from rules.collection_commands import ContactCategoryNotActive, check_contact
from rules.collections import AccountEvent
from rules.contact_results import ContactResultNotActive


class CollectionAccount(SQLModel, table=True):
    """The one place where a customer's debt is worked; one per customer, for life."""

    __tablename__ = "collection_accounts"
    __table_args__ = (Index("ix_collection_accounts_contacted", "last_contact_at", "customer_id"),)

    id: int | None = identity()
    customer_id: int = Field(unique=True, foreign_key="customers.id")
    opened_at: datetime = instant()
    opened_by: str = Field(max_length=60)
    last_contact_at: datetime | None = instant(None)

    @property
    def number(self) -> int:
        """The account's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class Contact(SQLModel, table=True):
    """A comment, or a word exchanged with the customer: active (we called) or reactive."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_at", "at"),
        Index("ix_contacts_by", "by", "at"),
    )

    id: int | None = identity()
    account_id: int = reference("collection_accounts.id")
    kind: str = Field(max_length=10)
    channel: str = Field(max_length=20)
    person: str = Field(default="", max_length=120)
    category_id: int = reference("contact_categories.id", index=False)
    result_id: int | None = reference("contact_results.id", nullable=True, index=False)
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
        Index("ix_standings_name", "panel", "searched_name", "customer_id"),
        Index("ix_standings_city", "panel", "city", "customer_id"),
    )

    customer_id: int = Field(foreign_key="customers.id", primary_key=True)
    panel: int = Field(primary_key=True)
    invoices: int
    amount: Decimal = money()
    oldest_due: date
    since: datetime = instant()
    customer_name: str = Field(max_length=160)
    searched_name: str = Field(max_length=160, description="as `fold` writes it; sorted by, too")
    city: str = Field(default="", max_length=80)


class PanelTotal(SQLModel, table=True):
    """What a panel holds altogether: customers, invoices and reais, kept like the standings."""

    __tablename__ = "panel_totals"

    panel: int = Field(primary_key=True)
    customers: int = 0
    invoices: int = 0
    amount: Decimal = money(Decimal(0))


@dataclass(frozen=True)
class NewContact:
    """A comment or contact as the operator enters it."""

    kind: str
    channel: str
    category_id: int
    subject: str
    text: str
    person: str = ""
    result_id: int | None = None


#: What every contact must tell; the category is checked by its reference.
REQUIRED = ("kind", "channel", "subject", "text")


async def account_of(session: AsyncSession, customer_id: int) -> CollectionAccount | None:
    """The customer's account; None when no process of theirs was ever confirmed."""
    statement = select(CollectionAccount).where(CollectionAccount.customer_id == customer_id)
    return (await session.exec(statement)).one_or_none()


async def open_account(
    session: AsyncSession, case: Case, *, by: str, at: datetime
) -> CollectionAccount:
    """This will give the customer's account, made and written to the history if there is none."""
    account = await account_of(session, case.subject_id)
    if account is None:
        account = CollectionAccount(customer_id=case.subject_id, opened_at=at, opened_by=by)
        session.add(account)
        await session.flush()
        record_event(session, case, kind=AccountEvent.ACCOUNT_OPENED, by=by, at=at)
    return account


async def add_contact(
    session: AsyncSession, account: CollectionAccount, contact: NewContact, *, by: str, at: datetime
) -> Contact:
    """This will log a contact, in the history too, and have the follow-up's clock start anew.

    Refuses a contact that lacks what everyone must tell (ContactIncomplete), a category or result
    that is unknown or out of use (ContactCategoryNotActive, ContactResultNotActive).
    """
    check_contact(**{name: getattr(contact, name) for name in REQUIRED})
    category = await session.get(ContactCategory, contact.category_id)
    if category is None or not category.is_active:
        raise ContactCategoryNotActive
    result = await _result(session, contact.result_id)
    row = Contact(account_id=account.number, **vars(contact), at=at, by=by)
    account.last_contact_at = at
    session.add_all([row, account])
    await session.flush()
    case = await case_of(session, process=Process.COLLECTIONS, subject_id=account.customer_id)
    if case is not None:
        record_event(
            session, case, kind=AccountEvent.CONTACT, by=by, at=at, contact_id=row.id,
            direction=contact.kind, channel=contact.channel, subject=contact.subject,
            result=result.name if result else "",
        )  # fmt: skip
        tell_case(session, case, news_id=f"contact/{row.id}", at=at)
    return row


async def _result(session: AsyncSession, result_id: int | None) -> ContactResult | None:
    """What came of it; most remarks are no call and have none."""
    result = None if result_id is None else await session.get(ContactResult, result_id)
    if result_id is not None and (result is None or not result.is_active):
        raise ContactResultNotActive
    return result
