"""A customer's personal data: told on request, and replaced by what tells nobody who it was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
from obstore.store import ObjectStore
from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.attachments import key_of
from activities.carrier_retention import delete_file, forget_calls
from models.attachments import Attachment, is_named, lock_content
from models.carrier_invoices import CarrierInvoice
from models.carriers import CarrierAccount
from models.cost_allocation import CostCentre
from models.customers import Customer, read_customer
from models.people import AuditEntry
from models.personal_data import replace_words, rows_told
from models.personal_lines import rename_lines
from models.personal_places import PLACES
from models.personal_rows import attachments_of
from models.standings import refresh_standings
from models.tickets import TicketPriorityRule
from models.usage_limits import LineLimit
from rules.anonymisation import GONE
from rules.cases import SYSTEM

#: What of the customer itself is told, and replaced.
CARD = ("code", "name", "document", "email", "mobile", "street", "city", "uf", "postal_code")
#: What a forgotten customer's own row says instead; code and name are made of its number.
FORGOTTEN: dict[str, str | None] = {
    "document": "", "city": "", "email": None, "mobile": None, "street": None, "postal_code": None,
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A place that tells something of the customer: its rows, the newest first."""

    name: str
    label: str
    columns: dict[str, str]
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class PersonalData:
    """All that is kept of a customer, as the customer may ask for it (LGPD, art. 19)."""

    customer: Customer
    sections: tuple[Section, ...]

    @property
    def card(self) -> dict[str, Any]:
        """What the customer's own row says."""
        return {name: getattr(self.customer, name) for name in CARD}


async def personal_data_of(
    session: AsyncSession, customer_id: int, *, limit: int | None = None
) -> PersonalData:
    """This will collect what is kept of a customer, at most `limit` rows of each place.

    Refuses an unknown customer.
    """
    customer = await read_customer(session, customer_id)
    sections = [
        Section(
            place.name,
            place.label,
            dict(place.told),
            await rows_told(session, place, customer_id, limit=limit),
        )
        for place in PLACES
        if place.told
    ]
    told = [each for each in sections if each.rows]
    # Who looked comes last: there is more of it with every look.
    told.sort(key=lambda each: each.name == AuditEntry.__tablename__)
    return PersonalData(customer, tuple(told))


async def anonymise(
    session: AsyncSession, customer: Customer, store: ObjectStore, *, at: datetime
) -> None:
    """This will replace what tells who a customer is, everywhere. Repeated: nothing more.

    Invoices, payments and contracts stay with their amounts, dates and codes. The files go from
    the store within the transaction: should it fail after that, doing it again finishes it.
    """
    customer_id = customer.id or 0
    await _forget_files(session, customer_id, store, at=at)
    await _forget_carriers(session, customer_id)
    await rename_lines(session, customer_id)
    for place in PLACES:
        await replace_words(session, place, customer_id)
    await _follow_code(session, customer.code, f"anonimo-{customer_id}")
    customer.code, customer.name = f"anonimo-{customer_id}", f"Cliente {GONE} {customer_id}"
    for name, instead in FORGOTTEN.items():
        setattr(customer, name, instead)
    customer.anonymised_at = at
    session.add(customer)
    await session.flush()
    await refresh_standings(session, [customer_id])


async def _forget_files(
    session: AsyncSession, customer_id: int, store: ObjectStore, *, at: datetime
) -> None:
    """The bytes go unless somebody else's row names them too."""
    statement = select(Attachment).where(attachments_of(customer_id))
    for each in (await session.exec(statement)).all():
        await lock_content(session, each.sha256)
        each.deleted_at, each.deleted_by = each.deleted_at or at, each.deleted_by or SYSTEM
        each.deleted_reason = "LGPD"
        session.add(each)
        await session.flush()
        if not await is_named(session, each.sha256):
            with suppress(FileNotFoundError):
                await obstore.delete_async(store, key_of(each.sha256))


async def _forget_carriers(session: AsyncSession, customer_id: int) -> None:
    """Carriers' files of the customer's lines, and whom those called."""
    statement = (
        select(CarrierInvoice)
        .join(CarrierAccount, col(CarrierAccount.id) == col(CarrierInvoice.account_id))
        .where(CarrierAccount.customer_id == customer_id)
        .where(col(CarrierInvoice.file_path).is_not(None))
    )
    for invoice in (await session.exec(statement)).all():
        await asyncio.to_thread(delete_file, Path(invoice.file_path or ""))
        await forget_calls(session, invoice)


async def _follow_code(session: AsyncSession, was: str, now: str) -> None:
    """What names the customer by its code names it by the new one; limits of its lines go."""
    await session.exec(delete(LineLimit).where(col(LineLimit.company) == was))
    await session.exec(update(CostCentre).where(col(CostCentre.company) == was).values(company=now))
    rules_of = col(TicketPriorityRule.customer) == was
    await session.exec(update(TicketPriorityRule).where(rules_of).values(customer=now))
