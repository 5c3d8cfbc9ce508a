"""Customers: who owes, and how they are reached."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from rules.refusals import Refusal


class CustomerNotFound(Refusal):
    message = "Este cliente não existe."


class CustomerAnonymised(Refusal):
    message = "Este cliente foi anonimizado. Cadastre-o de novo para atendê-lo."


class Customer(SQLModel, table=True):
    """A person or company served by the provider. `code` is the customer's key in other systems."""

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_name", "name", "id"),)

    id: int | None = identity()
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=160)
    document: str = Field(max_length=14, index=True, description="CPF or CNPJ, bare, upper case")
    email: str | None = Field(default=None, max_length=200, index=True)
    mobile: str | None = Field(default=None, max_length=20, index=True, description="E.164")
    street: str | None = Field(default=None, max_length=200)
    city: str = Field(default="", max_length=80)
    uf: str = Field(default="", max_length=2)
    postal_code: str | None = Field(default=None, max_length=9)
    executive: str | None = Field(
        default=None, max_length=60, description="login of the account executive"
    )
    created_at: datetime = instant()
    anonymised_at: datetime | None = instant(None)


class ContactUnknown(Refusal):
    message = "Este contato não existe."


class CustomerContact(SQLModel, table=True):
    """A person of a customer who writes to us; `email` in lower case."""

    __tablename__ = "customer_contacts"
    __table_args__ = (UniqueConstraint("customer_id", "email"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    email: str = Field(max_length=200, index=True)
    name: str = Field(default="", max_length=160)
    is_administrator: bool = Field(default=False, description="may cancel and accept")
    created_at: datetime = instant()
    created_by: str = Field(max_length=60)


async def read_customer(session: AsyncSession, customer_id: int) -> Customer:
    """This will read a customer. Refuses CustomerNotFound."""
    customer = await session.get(Customer, customer_id)
    if customer is None:
        raise CustomerNotFound
    return customer


async def lock_customer(session: AsyncSession, customer_id: int) -> Customer:
    """This will read a customer for changing it. Refuses CustomerNotFound."""
    statement = select(Customer).where(Customer.id == customer_id).with_for_update()
    customer = (await session.exec(statement)).one_or_none()
    if customer is None:
        raise CustomerNotFound
    return customer


async def lock_in_order(session: AsyncSession, customer_ids: Collection[int]) -> None:
    """This will have whoever counts these customers wait: each counts what the other wrote."""
    statement: Any = sqlalchemy.select(col(Customer.id)).where(col(Customer.id).in_(customer_ids))
    await session.exec(statement.order_by(col(Customer.id)).with_for_update(key_share=True))


async def customer_with_code(session: AsyncSession, code: str) -> Customer | None:
    """The customer of a code; None when there is none."""
    return (await session.exec(select(Customer).where(Customer.code == code))).one_or_none()


async def customer_with_document(session: AsyncSession, document: str) -> Customer | None:
    """The first customer with this CPF or CNPJ; imports may bring it more than once."""
    statement = select(Customer).where(Customer.document == document).order_by(col(Customer.id))
    return (await session.exec(statement.limit(1))).first()


async def customers_with_address(session: AsyncSession, email: str) -> Sequence[Customer]:
    """The customers whose own address, or whose contact's, this is."""
    contacts = select(CustomerContact.customer_id).where(CustomerContact.email == email.lower())
    own = col(Customer.email).in_((email, email.lower()))
    statement = select(Customer).where(own | col(Customer.id).in_(contacts))
    return (await session.exec(statement.limit(2))).all()


async def contacts_of(session: AsyncSession, customer_id: int) -> Sequence[CustomerContact]:
    """The people of a customer who write to us, by name."""
    statement = select(CustomerContact).where(CustomerContact.customer_id == customer_id)
    return (await session.exec(statement.order_by(CustomerContact.name))).all()


async def contact_with(
    session: AsyncSession, customer_id: int, *, email: str
) -> CustomerContact | None:
    """The person of a customer who writes from an address, whatever its capitals."""
    statement = select(CustomerContact).where(
        CustomerContact.customer_id == customer_id, CustomerContact.email == email.lower()
    )
    return (await session.exec(statement)).one_or_none()


async def remove_contact(session: AsyncSession, contact_id: int, *, customer_id: int) -> None:
    """This will forget a person of a customer. Refuses another customer's (ContactUnknown)."""
    found = await session.get(CustomerContact, contact_id)
    if found is None or found.customer_id != customer_id:
        raise ContactUnknown
    await session.delete(found)


async def keep_contact(session: AsyncSession, contact: CustomerContact) -> None:
    """This will keep a person's address with a customer; known already: nothing."""
    contact.email = contact.email.lower()
    customer_id, email = contact.customer_id, contact.email
    if email and await contact_with(session, customer_id, email=email) is None:
        session.add(contact)
