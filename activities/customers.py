"""Customers by hand, and their people: registered and changed; imports do the same by file."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.corrected_contacts import ADDRESSES, note_corrected
from models.colleagues import check_colleague
from models.collections import Standing
from models.customers import (
    Customer,
    CustomerAnonymised,
    CustomerContact,
    contact_with,
    customer_with_code,
    customer_with_document,
    lock_customer,
)
from models.standings import refresh_standings
from rules.customers import (
    CustomerChanged,
    CustomerCodeTaken,
    CustomerFacts,
    CustomerRegistered,
    as_stored,
)


async def register_customer(
    session: AsyncSession, typed: CustomerFacts, *, at: datetime
) -> Customer:
    """This will add a customer; without a code, C and the number of the row.

    Refuses what `as_stored` does, a code that is taken, a CPF or CNPJ that is known, and an account
    executive who does not work here.
    """
    facts = as_stored(typed)
    await _check_free(session, facts)
    await _check_executive(session, facts.executive)
    values = asdict(facts) | {"code": facts.code or uuid4().hex}
    customer = Customer(**values, created_at=at)
    session.add(customer)
    await session.flush()
    if not facts.code:
        customer.code = await _free_code(session, customer)
        session.add(customer)
        await session.flush()
    return customer


async def change_customer(
    session: AsyncSession,
    customer_id: int,
    typed: CustomerFacts,
    *,
    seen: CustomerFacts | None,
    at: datetime,
) -> list[str]:
    """This will change a customer, and give the names of the fields that were changed.

    An address that was to be corrected is not asked for any more. The code stays. `seen` is what
    whoever changes it had before them; None: nothing in particular.
    Refuses what registering does, CustomerChanged, and whoever was anonymised.
    """
    customer = await lock_customer(session, customer_id)
    if customer.anonymised_at is not None:
        raise CustomerAnonymised
    if seen is not None and facts_of(customer) != seen:
        raise CustomerChanged
    facts = as_stored(typed)
    await _check_free(session, facts, customer=customer)
    if facts.executive != customer.executive:
        await _check_executive(session, facts.executive)
    changed = [
        name
        for name, value in asdict(facts).items()
        if name != "code" and getattr(customer, name) != value
    ]
    was = {ADDRESSES[name]: getattr(customer, name) for name in changed if name in ADDRESSES}
    for name in changed:
        setattr(customer, name, getattr(facts, name))
    session.add(customer)
    await session.flush()
    await note_corrected(session, customer_id, was, at=at)
    await _tell_panels(session, customer)
    return changed


async def save_contact(session: AsyncSession, contact: CustomerContact) -> CustomerContact:
    """This will keep a person of a customer; one of that address is changed to what is said now.

    Refuses CustomerNotFound, and whoever was anonymised.
    """
    customer = await lock_customer(session, contact.customer_id)
    if customer.anonymised_at is not None:
        raise CustomerAnonymised
    contact.email = contact.email.lower()
    known = await contact_with(session, contact.customer_id, email=contact.email) or contact
    known.name, known.is_administrator = contact.name, contact.is_administrator
    session.add(known)
    await session.flush()
    return known


def facts_of(customer: Customer) -> CustomerFacts:
    """What is known of a customer, as it is stored."""
    return CustomerFacts(**customer.model_dump(exclude={"id", "created_at", "anonymised_at"}))


async def _check_executive(session: AsyncSession, login: str | None) -> None:
    """Refuses whoever is not of the house: an executive hears of all that the customer asks."""
    if login:
        await check_colleague(session, login, field="executive")


async def _check_free(
    session: AsyncSession, facts: CustomerFacts, *, customer: Customer | None = None
) -> None:
    """A new code and a CPF or CNPJ are one customer's; one that is kept is not looked at again."""
    if customer is None and facts.code:
        other = await customer_with_code(session, facts.code)
        if other is not None:
            raise CustomerCodeTaken(code=facts.code, name=other.name)
    if customer is None or facts.document != customer.document:
        other = await customer_with_document(session, facts.document)
        if other is not None:
            raise CustomerRegistered(code=other.code, name=other.name)


async def _free_code(session: AsyncSession, customer: Customer) -> str:
    """C and the row's number; an imported customer may have that code already."""
    code = f"C{customer.id:06}"
    while await customer_with_code(session, code) is not None:
        code += "-1"
    return code


async def _tell_panels(session: AsyncSession, customer: Customer) -> None:
    """Names and cities stand in the panels too."""
    shown = select(Standing.customer_id).where(col(Standing.customer_id) == customer.id)
    await refresh_standings(session, set(await session.exec(shown)))
