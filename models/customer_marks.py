"""Marks of customers who are not chased by routine: what, since when, and who said so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.invoices import Invoice
from models.rows import in_parts
from rules.customer_marks import STILL, CustomerMarkNotFound
from rules.ladder import PauseReason
from rules.ladder_dates import Pause
from rules.panels import InvoiceStatus


class CustomerMark(SQLModel, table=True):
    """A mark, in force while `until` is not told; it stays as history afterwards."""

    __tablename__ = "customer_marks"
    __table_args__ = (Index("ix_customer_marks_customer", "customer_id", "until"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    kind: str = Field(max_length=12, description="rules.customer_marks.MarkKind")
    since: date
    until: date | None = Field(default=None, description="exclusive; None: in force")
    reason: str = Field(max_length=300)
    at: datetime = instant()
    by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)


async def marks_of(session: AsyncSession, customer_id: int) -> Sequence[CustomerMark]:
    """The marks in force, the oldest first."""
    statement = select(CustomerMark).where(
        CustomerMark.customer_id == customer_id, col(CustomerMark.until).is_(None)
    )
    return (await session.exec(statement.order_by(col(CustomerMark.id)))).all()


async def lock_mark(session: AsyncSession, mark_id: int) -> CustomerMark:
    """This will read a mark for changing it. Raises CustomerMarkNotFound."""
    statement = select(CustomerMark).where(CustomerMark.id == mark_id).with_for_update()
    mark = (await session.exec(statement)).one_or_none()
    if mark is None:
        raise CustomerMarkNotFound
    return mark


async def marked(session: AsyncSession, customer_ids: Collection[int]) -> Mapping[int, str]:
    """The first mark in force of each of these customers that has one."""
    statement = select(CustomerMark).where(
        col(CustomerMark.customer_id).in_(customer_ids), col(CustomerMark.until).is_(None)
    )
    found = (await session.exec(statement.order_by(col(CustomerMark.id).desc()))).all()
    return {each.customer_id: each.kind for each in found}


def is_marked_since(customer_id: Any, instant: Any) -> Any:
    """Whether a mark in force came after this instant: a condition on a statement's columns."""
    came = select(CustomerMark.id).where(
        col(CustomerMark.customer_id) == customer_id,
        col(CustomerMark.until).is_(None),
        col(CustomerMark.at) > instant,
    )
    return came.exists()


async def is_left_alone(session: AsyncSession, customer_id: int) -> bool:
    """Whether nothing is to be asked of a customer by routine."""
    return any(each.kind in STILL for each in await marks_of(session, customer_id))


def left_alone() -> Any:
    """The customers of whom nothing is asked by routine: a part of another statement."""
    return select(CustomerMark.customer_id).where(
        col(CustomerMark.until).is_(None), col(CustomerMark.kind).in_(STILL)
    )


async def still_days(
    session: AsyncSession, customer_ids: Collection[int]
) -> Mapping[int, tuple[Pause, ...]]:
    """On which days the ladder stood still for each customer, marks that ended too."""
    columns = (
        col(CustomerMark.customer_id), col(CustomerMark.kind), col(CustomerMark.since),
        col(CustomerMark.until),
    )  # fmt: skip
    found: dict[int, tuple[Pause, ...]] = {}
    for row in await in_parts(session, columns, columns[0], sorted(customer_ids)):
        if row.kind in STILL:
            paused = Pause(row.since, row.until, PauseReason.MARK)
            found[row.customer_id] = (*found.get(row.customer_id, ()), paused)
    return found


async def look_again_at(session: AsyncSession, customer_id: int) -> None:
    """This will have the ladder's next run look at every open invoice of the customer."""
    changed: Any = (
        update(Invoice)
        .where(col(Invoice.customer_id) == customer_id)
        .where(col(Invoice.status) == InvoiceStatus.OPEN)
        .values(ladder_next_on=None)
        .execution_options(synchronize_session=False)
    )
    await session.exec(changed)
