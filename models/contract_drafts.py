"""Contract wizards that were left open, to be taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, identity, instant, reference
from models.customers import Customer

#: So many drafts stand on the page.
SHOWN = 20


class ContractDraft(SQLModel, table=True):
    """What somebody has filled in so far for a customer."""

    __tablename__ = "contract_drafts"
    __table_args__ = (UniqueConstraint("customer_id", "by"),)

    id: int | None = identity()
    customer_id: int = reference("customers.id")
    by: str = Field(max_length=60)
    at: datetime = instant()
    form: dict[str, Any] = facts()


async def draft_of(session: AsyncSession, *, customer_id: int, by: str) -> ContractDraft | None:
    """The draft this person has left open for a customer."""
    statement = select(ContractDraft).where(
        ContractDraft.customer_id == customer_id, ContractDraft.by == by
    )
    return (await session.exec(statement)).one_or_none()


async def drafts_of(session: AsyncSession, by: str) -> Sequence[tuple[ContractDraft, Customer]]:
    """What this person has left open, with whom it is for, the newest first."""
    statement = (
        select(ContractDraft, Customer)
        .join(Customer, col(Customer.id) == col(ContractDraft.customer_id))
        .where(ContractDraft.by == by, col(Customer.anonymised_at).is_(None))
        .order_by(col(ContractDraft.at).desc())
        .limit(SHOWN)
    )
    return (await session.exec(statement)).all()


async def save_draft(
    session: AsyncSession, *, customer_id: int, by: str, form: dict[str, Any], at: datetime
) -> None:
    """This will keep what was filled in, in place of what was kept before."""
    draft = await draft_of(session, customer_id=customer_id, by=by)
    draft = draft or ContractDraft(customer_id=customer_id, by=by, at=at)
    draft.form, draft.at = form, at
    session.add(draft)


async def drop_draft(session: AsyncSession, *, customer_id: int, by: str) -> None:
    """This will forget a draft; without one, nothing."""
    await session.exec(
        delete(ContractDraft).where(
            col(ContractDraft.customer_id) == customer_id, col(ContractDraft.by) == by
        )
    )
