"""Who works which account of the worklist at the moment: handed to one person, for minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import instant


class WorklistHold(SQLModel, table=True):
    """An account in somebody's hands until an instant; from then on the row means nothing."""

    __tablename__ = "worklist_holds"

    customer_id: int = Field(foreign_key="customers.id", primary_key=True)
    by: str = Field(max_length=60, index=True)
    since: datetime = instant()
    until: datetime = instant()


@dataclass(frozen=True)
class Hand:
    """Whose hands an account comes into, and until when."""

    by: str
    at: datetime
    until: datetime


async def hold(session: AsyncSession, customer_id: int, hand: Hand) -> bool:
    """This will put an account into somebody's hands; False: it is in another's.

    Two at once: the second waits for the first, and gets False. One's own again is held longer.
    """
    free = (col(WorklistHold.until) <= hand.at) | (col(WorklistHold.by) == hand.by)
    taken: Any = (
        update(WorklistHold)
        .where(col(WorklistHold.customer_id) == customer_id, free)
        .values(by=hand.by, since=hand.at, until=hand.until)
        .execution_options(synchronize_session=False)
    )
    if (await session.exec(taken)).rowcount:
        return True
    try:
        async with session.begin_nested():
            row = WorklistHold(customer_id=customer_id, by=hand.by, since=hand.at, until=hand.until)
            session.add(row)
    except IntegrityError:
        return False
    return True


async def let_go(session: AsyncSession, by: str, *, but: int | None = None) -> int:
    """This will let go of what is in somebody's hands, one account aside; gives of how much."""
    mine: Any = delete(WorklistHold).where(col(WorklistHold.by) == by)
    if but is not None:
        mine = mine.where(col(WorklistHold.customer_id) != but)
    return int((await session.exec(mine)).rowcount)


async def holder_of(
    session: AsyncSession, customer_id: int, *, now: datetime
) -> WorklistHold | None:
    """Who works an account at the moment; None: nobody."""
    statement = select(WorklistHold).where(
        WorklistHold.customer_id == customer_id, WorklistHold.until > now
    )
    return (await session.exec(statement)).one_or_none()


def held_now(customer_id: Any, now: datetime) -> Any:
    """Joins an account with whoever works it at the moment."""
    return and_(col(WorklistHold.customer_id) == customer_id, col(WorklistHold.until) > now)
