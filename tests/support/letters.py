"""A customer to write to, and messages for deliveries to be tried on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from activities.messages import write_to_customer
from models.cases import Case, open_case
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.messages import Message, MessageEvent
from rules.cases import Process

#: A Tuesday, at noon in São Paulo.
NOON = datetime(2026, 10, 27, 15, tzinfo=UTC)
MOBILE = "+5511987654321"


async def a_customer(database: Database, **values: Any) -> Customer:
    """A customer in São Paulo with one open invoice, F-1."""
    known: dict[str, Any] = {
        "code": "C-1", "name": "Maria da Conceição", "document": "52998224725",
        "email": "maria@exemplo.test", "mobile": MOBILE, "uf": "SP", "created_at": NOON,
    }  # fmt: skip
    async with database.write() as session:
        customer = Customer(**{**known, **values})
        session.add(customer)
        await session.flush()
        session.add(
            Invoice(
                code="F-1", number="F-1", customer_id=customer.id or 0, due_date=date(2026, 10, 5),
                amount=Decimal("249.90"), open_amount=Decimal("249.90"),
            )
        )  # fmt: skip
    return customer


async def a_case(database: Database, customer: Customer) -> Case:
    """A collections case of the customer."""
    async with database.write() as session:
        return await open_case(
            session, process=Process.COLLECTIONS, subject_id=customer.id or 0,
            customer_id=customer.id, stage="negotiating", by="ana", at=NOON,
        )  # fmt: skip


async def a_letter(
    database: Database, customer: Customer, *, at: datetime = NOON, **values: Any
) -> Message:
    """A message of the contact cadence, by default an e-mail under the key letter/1."""
    asked: dict[str, Any] = {
        "case": None, "purpose": "contact_cadence_1", "key": "letter/1", "channels": ("email",),
        **values,
    }  # fmt: skip
    async with database.write() as session:
        [message] = await write_to_customer(session, customer=customer, at=at, **asked)
    return message


async def the_invoice(database: Database) -> Invoice:
    """The customer's one invoice."""
    async with database.read() as session:
        return (await session.exec(select(Invoice))).one()


async def stored(database: Database, message: Message) -> Message:
    """The message as it stands now."""
    async with database.read() as session:
        return await session.get_one(Message, message.id)


async def what_became(database: Database, message: Message) -> list[str]:
    """The kinds of what became of the message, in order."""
    statement = select(MessageEvent.kind).where(MessageEvent.message_id == message.id)
    async with database.read() as session:
        return list(await session.exec(statement.order_by(col(MessageEvent.id))))


async def written(database: Database) -> list[Message]:
    """Every message that was written, in order."""
    async with database.read() as session:
        return list(await session.exec(select(Message).order_by(col(Message.id))))
