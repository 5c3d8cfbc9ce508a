"""Requests to anonymise a customer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Select
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.customers import Customer
from models.folding import holds
from rules.anonymisation import AnonymisationNotFound, AnonymisationStage


class Anonymisation(SQLModel, table=True):
    """A request to anonymise a customer. On `waits_until` the law no longer has the data kept."""

    __tablename__ = "anonymisations"
    __table_args__ = (
        Index("ix_anonymisations_customer", "customer_id", "id"),
        Index("ix_anonymisations_stage", "stage", "id"),
    )

    id: int | None = identity()
    customer_id: int = reference("customers.id", index=False)
    basis: str = Field(default="request", max_length=10, description="request or retention")
    reason: str = Field(default="", max_length=300)
    stage: str = Field(default=AnonymisationStage.WAITING, max_length=10)
    waits_until: date | None = None
    asked: bool = Field(default=False, description="a person was asked to look at what stands")
    asked_at: datetime = instant()
    asked_by: str = Field(max_length=60)
    ended_at: datetime | None = instant(None)
    ended_by: str | None = Field(default=None, max_length=60)

    @property
    def number(self) -> int:
        """The request's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def anonymisation_of(session: AsyncSession, anonymisation_id: int) -> Anonymisation:
    """This will read one for changing it. Refuses an unknown one (AnonymisationNotFound)."""
    statement = select(Anonymisation).where(Anonymisation.id == anonymisation_id)
    found = (await session.exec(statement.with_for_update())).one_or_none()
    if found is None:
        raise AnonymisationNotFound
    return found


async def request_under_way(session: AsyncSession, customer_id: int) -> Anonymisation | None:
    """The customer's request that is neither done nor withdrawn; None without one."""
    over = [stage for stage in AnonymisationStage if stage.is_over]
    statement = select(Anonymisation).where(
        Anonymisation.customer_id == customer_id, col(Anonymisation.stage).not_in(over)
    )
    return (await session.exec(statement)).first()


def select_requests(stage: str | None = None, search: str | None = None) -> Select[Any]:
    """The requests with their customers, as the page lists them."""
    statement: Any = select_columns(
        col(Anonymisation.id).label("id"), col(Anonymisation.customer_id).label("customer_id"),
        col(Customer.name).label("customer"), col(Anonymisation.basis).label("basis"),
        col(Anonymisation.stage).label("stage"),
        col(Anonymisation.waits_until).label("waits_until"),
        col(Anonymisation.asked_at).label("asked_at"),
        col(Anonymisation.asked_by).label("asked_by"),
        col(Anonymisation.ended_at).label("ended_at"),
    ).join(Customer, col(Customer.id) == col(Anonymisation.customer_id))  # fmt: skip
    if stage:
        statement = statement.where(col(Anonymisation.stage) == stage)
    if search:
        statement = statement.where(holds(Customer.name, search))
    found: Select[Any] = statement
    return found
