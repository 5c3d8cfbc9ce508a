"""SMS that customers sent us, each kept once under the provider's id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.customers import Customer
from models.messages import Message
from rules.messages import Channel


class InboundSms(SQLModel, table=True):
    """An SMS as it came, and the case that it answers, if it answers one."""

    __tablename__ = "inbound_sms"

    id: int | None = identity()
    provider_id: str = Field(unique=True, max_length=120)
    sender: str = Field(max_length=20, description="E.164")
    text: str
    customer_id: int | None = reference("customers.id", nullable=True)
    case_id: int | None = reference("cases.id", nullable=True, index=False)
    received_at: datetime = instant()


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
