"""Tries of log-ins and customers' links, by the minute: every process of the house counts here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import UTCDateTime
from rules.paces import MINUTE, Pace, Tries, allows, minute_of


class TryCount(SQLModel, table=True):
    """How often something was tried in a minute; `key` is a digest that names nobody."""

    __tablename__ = "try_counts"

    key: str = Field(primary_key=True, max_length=64)
    minute: datetime = Field(sa_type=UTCDateTime, primary_key=True)
    tries: int


async def tries_of(session: AsyncSession, key: str, *, at: datetime) -> Tries:
    """How often something was tried of late."""
    minute = minute_of(at)
    statement = select(TryCount.minute, TryCount.tries).where(
        TryCount.key == key, col(TryCount.minute).in_((minute, minute - MINUTE))
    )
    found = dict((await session.exec(statement)).all())
    return Tries(found.get(minute, 0), found.get(minute - MINUTE, 0))


async def count_try(session: AsyncSession, key: str, pace: Pace, *, at: datetime) -> bool:
    """This will count one more try; beyond the pace, none, and False."""
    minute = minute_of(at)
    own = (col(TryCount.key) == key, col(TryCount.minute) == minute)
    raised = await session.exec(update(TryCount).where(*own).values(tries=TryCount.tries + 1))
    if not raised.rowcount:
        await _first(session, key, minute)
    tries = await tries_of(session, key, at=at)
    is_allowed = allows(pace, Tries(tries.now - 1, tries.before), at=at)
    if not is_allowed:
        await session.exec(update(TryCount).where(*own).values(tries=TryCount.tries - 1))
    return is_allowed


async def _first(session: AsyncSession, key: str, minute: datetime) -> None:
    """The first try of a minute; what is older than the last one is forgotten on the way."""
    await session.exec(delete(TryCount).where(col(TryCount.minute) < minute - MINUTE))
    try:
        async with session.begin_nested():
            session.add(TryCount(key=key, minute=minute, tries=1))
    except IntegrityError:  # another process was first
        again = (col(TryCount.key) == key, col(TryCount.minute) == minute)
        await session.exec(update(TryCount).where(*again).values(tries=TryCount.tries + 1))
