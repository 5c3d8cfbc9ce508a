"""What people said of coming days: which steps and messages are kept out of one, or approved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, UniqueConstraint, select
from sqlmodel import Field, SQLModel, col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.cases import Case
from models.messages import Message
from rules.business_days import ONE_DAY, at_local_time
from rules.cases import SYSTEM
from rules.coming import Verdict


class ComingDay(SQLModel, table=True):
    """What was said of a case's step, or of a message, for one day."""

    __tablename__ = "coming_days"
    __table_args__ = (
        UniqueConstraint("case_id", "day"),
        UniqueConstraint("message_id", "day"),
        Index("ix_coming_days_day", "day", "verdict"),
    )

    id: int | None = identity()
    case_id: int | None = reference("cases.id", nullable=True, index=False)
    message_id: int | None = reference("messages.id", nullable=True, index=False)
    day: date
    kind: str = Field(max_length=40, description="the step, or the purpose of the message")
    verdict: str = Field(max_length=8, description="rules/coming.py, Verdict")
    reason: str = Field(default="", max_length=300)
    at: datetime = instant()
    by: str = Field(max_length=60)


async def days_out(session: AsyncSession, case: Case) -> frozenset[date]:
    """The days that a case's step that reaches the customer was kept out of."""
    statement = select_rows(col(ComingDay.day)).where(
        ComingDay.case_id == case.number, ComingDay.verdict == Verdict.OUT
    )
    return frozenset(await session.exec(statement))


async def is_out(session: AsyncSession, message: Message, *, on: date) -> bool:
    """Whether a message was kept out of a day."""
    statement = select_rows(ComingDay.id).where(
        ComingDay.message_id == message.number, ComingDay.day == on,
        ComingDay.verdict == Verdict.OUT,
    )  # fmt: skip
    return (await session.exec(statement)).first() is not None


async def is_approved(session: AsyncSession, case: Case, days: Collection[date]) -> bool:
    """Whether somebody approved the case's step for one of these days."""
    statement = select_rows(ComingDay.id).where(
        ComingDay.case_id == case.number, col(ComingDay.day).in_(days),
        ComingDay.verdict == Verdict.APPROVED,
    )  # fmt: skip
    return (await session.exec(statement.limit(1))).first() is not None


async def said_of_tomorrow(
    session: AsyncSession, *, today: date, verdict: Verdict | None = None
) -> Sequence[ComingDay]:
    """What people said of tomorrow, in its order.

    A step of the last minutes of today that spreading moved past midnight is tomorrow's too.
    """
    said_today = (col(ComingDay.day) == today) & (
        col(ComingDay.at) >= at_local_time(today, at=time.min)
    )
    statement = select_rows(ComingDay).where(
        (col(ComingDay.day) == today + ONE_DAY) | said_today, ComingDay.by != SYSTEM
    )
    if verdict is not None:
        statement = statement.where(ComingDay.verdict == verdict)
    return (await session.exec(statement.order_by(col(ComingDay.id)))).all()


def cases_out(day: date) -> Any:
    """The cases that somebody kept out of a day: a part of another statement."""
    return select(col(ComingDay.case_id)).where(
        col(ComingDay.day) == day, col(ComingDay.verdict) == Verdict.OUT,
        col(ComingDay.case_id).is_not(None),
    )  # fmt: skip


def messages_out(day: date) -> Any:
    """The messages that somebody kept out of a day: a part of another statement."""
    return select(col(ComingDay.message_id)).where(
        col(ComingDay.day) == day, col(ComingDay.verdict) == Verdict.OUT,
        col(ComingDay.message_id).is_not(None),
    )  # fmt: skip
