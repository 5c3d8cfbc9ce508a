"""Forms of pages as they were sent: whoever sends the same one again is led where the first led."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import facts, instant

#: Longer than anybody leaves a page open and then goes back to it.
KEPT_FOR = timedelta(hours=1)
#: Longer than any form takes: whoever began it is gone, and it may be tried anew.
GIVEN_UP_AFTER = timedelta(minutes=1)


class SentForm(SQLModel, table=True):
    """A form that somebody sent; `key` is a digest of who sent what, and names nobody.

    `answer` is where it led, and what was said there; empty while it is being carried out.
    """

    __tablename__ = "sent_forms"

    key: str = Field(primary_key=True, max_length=64)
    at: datetime = instant(index=True)
    answer: dict[str, Any] = facts()


async def begin(session: AsyncSession, key: str, *, at: datetime) -> bool:
    """This will note that a form is being carried out; False: it was sent before.

    What is old is forgotten on the way, and what was begun long ago and never ended.
    """
    await session.exec(delete(SentForm).where(col(SentForm.at) < at - KEPT_FOR))
    known = await session.get(SentForm, key)
    if known is not None:
        if known.answer or known.at >= at - GIVEN_UP_AFTER:
            return False
        await forget(session, key)
        session.expunge(known)
    try:
        async with session.begin_nested():
            session.add(SentForm(key=key, at=at, answer={}))
    except IntegrityError:  # the same at the same instant
        return False
    return True


async def answer_to(session: AsyncSession, key: str) -> dict[str, Any] | None:
    """Where a form led; empty: it is being carried out; None: it was never sent, or was refused."""
    known = await session.get(SentForm, key)
    return known.answer if known else None


async def keep_answer(session: AsyncSession, key: str, answer: dict[str, Any]) -> None:
    """This will remember where a form led."""
    known = await session.get(SentForm, key)
    if known is not None:
        known.answer = answer


async def forget(session: AsyncSession, key: str) -> None:
    """This will let a form be sent again: it was refused, or answered by a page."""
    await session.exec(delete(SentForm).where(col(SentForm.key) == key))
