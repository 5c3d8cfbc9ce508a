"""Promises to pay, and what was paid of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Select
from sqlalchemy import select as sql_select
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, money, reference
from models.contested import contested_invoices
from models.customers import Customer
from models.invoices import Invoice
from models.payments import Payment
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.promises import PromiseNotFound, PromiseStatus


class Promise(SQLModel, table=True):
    """What a customer said they would pay, until when; `invoices` are those that it speaks of."""

    __tablename__ = "promises"
    __table_args__ = (
        Index("ix_promises_customer", "customer_id", "id"),
        Index("ix_promises_status", "status", "id"),
    )

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    amount: Decimal = money()
    promised_on: date
    invoices: dict[str, Any] = facts()  #: {"ids": […]}
    status: str = Field(default=PromiseStatus.MADE, max_length=10)
    note: str = Field(default="", max_length=300)
    made_at: datetime = instant()
    made_by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)

    @property
    def key(self) -> int:
        """The promise's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id

    @property
    def invoice_ids(self) -> list[int]:
        """The invoices that it speaks of."""
        return list(self.invoices.get("ids", ()))


async def lock_promise(session: AsyncSession, promise_id: int) -> Promise:
    """This will read a promise for changing it. Raises PromiseNotFound."""
    statement = select(Promise).where(Promise.id == promise_id).with_for_update()
    promise = (await session.exec(statement)).one_or_none()
    if promise is None:
        raise PromiseNotFound
    return promise


async def overdue_invoices(
    session: AsyncSession, customer_id: int, *, today: date
) -> Sequence[Invoice]:
    """The customer's open invoices whose due date has passed, in no agreement, not contested."""
    statement = select(Invoice).where(
        Invoice.customer_id == customer_id, Invoice.status == InvoiceStatus.OPEN,
        Invoice.due_date < today, col(Invoice.agreement_id).is_(None),
        col(Invoice.id).not_in(contested_invoices()),
    )  # fmt: skip
    return (await session.exec(statement.order_by(col(Invoice.id)).with_for_update())).all()


async def promises_since(
    session: AsyncSession, customer_id: int, *, since: datetime
) -> Sequence[Promise]:
    """What the customer promised since an instant, and was not withdrawn."""
    statement = select(Promise).where(
        Promise.customer_id == customer_id, Promise.made_at >= since,
        Promise.status != PromiseStatus.WITHDRAWN,
    )  # fmt: skip
    return (await session.exec(statement)).all()


async def promises_under_way(
    session: AsyncSession, *, after: int, limit: int, customer_ids: Collection[int] | None = None
) -> Sequence[Promise]:
    """Promises that are neither kept nor broken yet, in order, for judging them; of everybody, or
    of these customers."""
    statement = select(Promise).where(Promise.status == PromiseStatus.MADE, col(Promise.id) > after)
    if customer_ids is not None:
        statement = statement.where(col(Promise.customer_id).in_(customer_ids))
    ordered = statement.order_by(col(Promise.id)).limit(limit).with_for_update()
    return (await session.exec(ordered)).all()


async def customers_who_promised(
    session: AsyncSession, customer_ids: Collection[int]
) -> Sequence[int]:
    """Those of these customers whose promise is neither kept nor broken yet, in order."""
    statement = (
        select(Promise.customer_id)
        .where(Promise.status == PromiseStatus.MADE, col(Promise.customer_id).in_(customer_ids))
        .distinct()
        .order_by(col(Promise.customer_id))
    )
    return (await session.exec(statement)).all()


async def paid_of(session: AsyncSession, promise: Promise) -> Decimal:
    """What was paid of its invoices since it was made, taken-back payments left out."""
    statement = select(func.coalesce(func.sum(Payment.applied), 0)).where(
        col(Payment.invoice_id).in_(promise.invoice_ids), Payment.at >= promise.made_at,
        col(Payment.reversed_at).is_(None),
    )  # fmt: skip
    return Decimal((await session.exec(statement)).one() or ZERO)


async def still_owed(session: AsyncSession, promises: Collection[Promise]) -> Mapping[int, Decimal]:
    """What is open, and not contested, of the invoices of each promise."""
    ids = {invoice_id for promise in promises for invoice_id in promise.invoice_ids}
    statement = select(Invoice).where(
        col(Invoice.id).in_(ids), Invoice.status == InvoiceStatus.OPEN,
        col(Invoice.id).not_in(contested_invoices()),
    )  # fmt: skip
    owed = {each.key: each.open_amount for each in await session.exec(statement)}
    return {
        each.key: sum((owed.get(number, ZERO) for number in each.invoice_ids), ZERO)
        for each in promises
    }


async def promise_in_force(session: AsyncSession, customer_id: int) -> int | None:
    """The customer's promise that is neither kept nor broken; None without one."""
    statement = select(Promise.id).where(
        Promise.customer_id == customer_id, Promise.status == PromiseStatus.MADE
    )
    return (await session.exec(statement)).first()


def select_promises(customer_id: int) -> Select[Any]:
    """A customer's promises, as the account lists them."""
    statement: Any = sql_select(
        col(Promise.id).label("id"), col(Promise.promised_on).label("promised_on"),
        col(Promise.amount).label("amount"), col(Promise.status).label("status"),
        col(Promise.made_at).label("made_at"), col(Promise.made_by).label("made_by"),
        col(Promise.note).label("note"),
    ).where(col(Promise.customer_id) == customer_id)  # fmt: skip
    found: Select[Any] = statement
    return found


def select_all_promises(
    *, status: str | None = None, since: date | None = None, until: date | None = None
) -> Select[Any]:
    """Every customer's promises, those for days from `since` to `until`, both included."""
    statement: Any = sql_select(
        col(Promise.id).label("id"), col(Customer.id).label("customer_id"),
        col(Customer.name).label("customer"), col(Promise.promised_on).label("promised_on"),
        col(Promise.amount).label("amount"), col(Promise.status).label("status"),
        col(Promise.made_at).label("made_at"), col(Promise.made_by).label("made_by"),
        col(Promise.note).label("note"),
    ).join(Customer, col(Customer.id) == col(Promise.customer_id))  # fmt: skip
    if status:
        statement = statement.where(col(Promise.status) == status)
    if since:
        statement = statement.where(col(Promise.promised_on) >= since)
    if until:
        statement = statement.where(col(Promise.promised_on) <= until)
    found: Select[Any] = statement
    return found
