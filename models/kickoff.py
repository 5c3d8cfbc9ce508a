"""Kickoffs: what was agreed with a client, the meeting, the check-list, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import Index, Select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, money, reference
from models.contracts import Contract
from models.customers import Customer
from models.folding import any_holds
from rules.contracts import PlanType
from rules.kickoff import OVER, KickoffStage
from rules.kickoff_commands import KickoffNotFound
from rules.kickoff_list import FIRST_LIST


class KickoffTemplateItem(SQLModel, table=True):
    """What is to be done for a service model; contracts of a model without any have no kickoff."""

    __tablename__ = "kickoff_template_items"

    id: int | None = identity()
    code: str = Field(unique=True, min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=160)
    plan_type: str = Field(default=PlanType.TEM, max_length=12, index=True)
    position: int = Field(default=1, ge=1, le=999)
    is_client: bool = Field(default=False, description="for the client to do")
    is_active: bool = True


class Kickoff(SQLModel, table=True):
    """From signature to service; one a contract. Its stage is its case's too."""

    __tablename__ = "kickoffs"
    __table_args__ = (Index("ix_kickoffs_due", "stage", "next_due_at", "id"),)

    id: int | None = identity()
    contract_id: int = Field(foreign_key="contracts.id", unique=True)
    customer_id: int = reference("customers.id")
    stage: str = Field(default=KickoffStage.SCHEDULING, max_length=20)
    stage_since: datetime = instant()
    waited_in: str = Field(default="", max_length=20, description="the stage it goes back to")
    owner: str | None = Field(default=None, max_length=60)
    executive: str | None = Field(default=None, max_length=60)
    installation_amount: Decimal = money(Decimal(0))
    signed_at: datetime = instant()
    next_due_at: datetime | None = instant(None)
    breached_at: datetime | None = instant(None)
    meeting_at: datetime | None = instant(None)
    meeting_minutes: int = 60
    meeting_place: str = Field(default="", max_length=200)
    meeting_sequence: int = Field(default=0, description="raised whenever the meeting is moved")
    first_meeting_at: datetime | None = instant(None)
    held_at: datetime | None = instant(None)
    minutes: str = ""
    decisions: str = ""
    attendees: str = ""
    installed_at: datetime | None = instant(None)
    acceptance_asked_at: datetime | None = instant(None)
    accepted_at: datetime | None = instant(None)
    accepted_by: str = Field(default="", max_length=160)
    cancelled_at: datetime | None = instant(None)
    cancel_protocol: str = Field(default="", max_length=20)
    cancel_channel: str = Field(default="", max_length=20)
    cancel_requested_by: str = Field(default="", max_length=160)
    cancel_reason: str = Field(default="", max_length=500)

    @property
    def number(self) -> int:
        """The kickoff's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class KickoffDate(SQLModel, table=True):
    """A date that was proposed for the meeting."""

    __tablename__ = "kickoff_dates"

    id: int | None = identity()
    kickoff_id: int = reference("kickoffs.id")
    at: datetime = instant()
    proposed_at: datetime = instant()
    proposed_by: str = Field(max_length=60)


class KickoffItem(SQLModel, table=True):
    """An item of a kickoff's check-list; a task stands for it until it is done."""

    __tablename__ = "kickoff_items"
    __table_args__ = (Index("ix_kickoff_items_kickoff", "kickoff_id", "position", "id"),)

    id: int | None = identity()
    kickoff_id: int = reference("kickoffs.id", index=False)
    position: int
    title: str = Field(max_length=160)
    is_client: bool = False
    done_at: datetime | None = instant(None)
    done_by: str | None = Field(default=None, max_length=60)
    reopened_at: datetime | None = instant(None)

    @property
    def task_kind(self) -> str:
        """The kind of the task that stands for it."""
        return f"item/{self.id}"


async def kickoff_of(session: AsyncSession, kickoff_id: int) -> Kickoff:
    """This will read a kickoff for changing it. Raises KickoffNotFound."""
    statement = select(Kickoff).where(Kickoff.id == kickoff_id).with_for_update()
    kickoff = (await session.exec(statement)).one_or_none()
    if kickoff is None:
        raise KickoffNotFound
    return kickoff


async def kickoff_of_contract(session: AsyncSession, contract_id: int) -> Kickoff | None:
    """The kickoff of a contract; None when it has none."""
    return (
        await session.exec(select(Kickoff).where(Kickoff.contract_id == contract_id))
    ).one_or_none()


async def items_of(session: AsyncSession, kickoff_id: int) -> Sequence[KickoffItem]:
    """The check-list, in its order."""
    statement = select(KickoffItem).where(KickoffItem.kickoff_id == kickoff_id)
    return (
        await session.exec(statement.order_by(col(KickoffItem.position), col(KickoffItem.id)))
    ).all()


async def dates_of(session: AsyncSession, kickoff_id: int) -> Sequence[KickoffDate]:
    """The dates that were proposed, the newest round first."""
    statement = select(KickoffDate).where(KickoffDate.kickoff_id == kickoff_id)
    order = (col(KickoffDate.proposed_at).desc(), col(KickoffDate.at))
    return (await session.exec(statement.order_by(*order))).all()


async def ensure_first_list(session: AsyncSession) -> None:
    """This will add the first check-list where there is none at all. Safe to repeat."""
    if (await session.exec(select(KickoffTemplateItem.id).limit(1))).first() is not None:
        return
    for place, (name, is_client) in enumerate(FIRST_LIST, start=1):
        session.add(
            KickoffTemplateItem(
                code=f"tem-{place}", name=name, position=place, is_client=is_client
            )
        )  # fmt: skip
    await session.flush()


async def template_of(session: AsyncSession, plan_type: str) -> Sequence[KickoffTemplateItem]:
    """What is to be done for a service model; nothing: its contracts have no kickoff."""
    statement = select(KickoffTemplateItem).where(
        KickoffTemplateItem.plan_type == plan_type, col(KickoffTemplateItem.is_active)
    )
    order = (col(KickoffTemplateItem.position), col(KickoffTemplateItem.id))
    return (await session.exec(statement.order_by(*order))).all()


def select_kickoffs(
    *,
    stage: str | None = None,
    text: str | None = None,
    is_open: bool = False,
    is_breached: bool = False,
    contract_id: int | None = None,
) -> Select[Any]:
    """Kickoffs as they are listed, with contract and customer."""
    columns: tuple[Any, ...] = (
        col(Kickoff.id),
        col(Kickoff.contract_id),
        col(Contract.code).label("contract"),
        col(Contract.description).label("service"),
        col(Kickoff.customer_id),
        col(Customer.name).label("customer"),
        col(Kickoff.stage),
        col(Kickoff.stage_since),
        col(Kickoff.owner),
        col(Kickoff.signed_at),
        col(Kickoff.meeting_at),
        col(Kickoff.next_due_at),
        col(Kickoff.breached_at),
        col(Kickoff.accepted_at),
    )
    statement = (
        sqlalchemy.select(*columns)
        .select_from(Kickoff)
        .join(Contract, col(Contract.id) == Kickoff.contract_id)
        .join(Customer, col(Customer.id) == Kickoff.customer_id)
    )
    if stage is not None:
        statement = statement.where(col(Kickoff.stage) == stage)
    if is_open:
        statement = statement.where(col(Kickoff.stage).not_in(OVER))
    if is_breached:
        statement = statement.where(col(Kickoff.breached_at).is_not(None))
    if contract_id is not None:
        statement = statement.where(col(Kickoff.contract_id) == contract_id)
    if text:
        places: tuple[Any, ...] = (Contract.code, Customer.name, Contract.description)
        statement = statement.where(any_holds(places, text))
    return statement
