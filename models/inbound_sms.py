"""SMS that customers sent us, each kept once under the provider's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import Index, Select
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.cases import Case
from models.customers import Customer
from models.folding import any_holds
from models.messages import Message
from rules.messages import Channel


class InboundSms(SQLModel, table=True):
    """An SMS as it came, and the case that it answers, if it answers one."""

    __tablename__ = "inbound_sms"
    __table_args__ = (Index("ix_inbound_sms_received", "received_at", "id"),)

    id: int | None = identity()
    provider_id: str = Field(unique=True, max_length=120)
    sender: str = Field(max_length=20, description="E.164")
    text: str
    customer_id: int | None = reference("customers.id", nullable=True)
    case_id: int | None = reference("cases.id", nullable=True, index=False)
    outcome: str = Field(max_length=12)
    received_at: datetime = instant()


@dataclass(frozen=True)
class SmsFilter:
    """Which SMS are wanted; None leaves a filter out."""

    search: str | None = None
    outcome: str | None = None
    customer_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def select_inbound_sms(wanted: SmsFilter) -> Select[Any]:
    """SMS that came in, with their customer and the case that they went to."""
    columns: tuple[Any, ...] = (
        col(InboundSms.id), col(InboundSms.received_at), col(InboundSms.sender),
        col(InboundSms.text), col(InboundSms.outcome), col(InboundSms.customer_id),
        col(Customer.name).label("customer"), col(InboundSms.case_id), col(Case.process),
        col(Case.subject_id),
    )  # fmt: skip
    statement = (
        sqlalchemy.select(*columns)
        .select_from(InboundSms)
        .outerjoin(Customer, col(Customer.id) == InboundSms.customer_id)
        .outerjoin(Case, col(Case.id) == InboundSms.case_id)
    )
    for name in ("outcome", "customer_id"):
        if (value := getattr(wanted, name)) is not None:
            statement = statement.where(col(getattr(InboundSms, name)) == value)
    if wanted.since is not None:
        statement = statement.where(col(InboundSms.received_at) >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(col(InboundSms.received_at) < wanted.until)
    if wanted.search:
        places = (Customer.name, InboundSms.sender, InboundSms.text)
        statement = statement.where(any_holds(places, wanted.search))
    return statement


async def is_known(session: AsyncSession, provider_id: str) -> bool:
    """Whether this very SMS was taken in before."""
    statement = select(InboundSms.id).where(InboundSms.provider_id == provider_id)
    return (await session.exec(statement)).first() is not None


async def customers_with_mobile(session: AsyncSession, mobile: str) -> Sequence[Customer]:
    """The customers who are reached at this number, the newest first."""
    statement = select(Customer).where(Customer.mobile == mobile)
    return (await session.exec(statement.order_by(col(Customer.id).desc()))).all()


async def newest_sms_to(session: AsyncSession, customer_ids: Sequence[int]) -> Message | None:
    """What we wrote last by SMS to one of these customers about a case; None: nothing."""
    statement = (
        select(Message)
        .where(
            col(Message.customer_id).in_(customer_ids),
            Message.channel == Channel.SMS,
            col(Message.case_id).is_not(None),
            col(Message.sent_at).is_not(None),
        )
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(1)
    )
    return (await session.exec(statement)).first()
