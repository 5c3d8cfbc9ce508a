"""The company's own closures and municipal holidays, beside the national and state ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity
from rules.business_days import Calendar, CalendarKind


class Closure(SQLModel, table=True):
    """A day on which the house does not work. Without a state it holds everywhere."""

    __tablename__ = "closures"

    id: int | None = identity()
    day: date = Field(index=True)
    name: str = Field(min_length=1, max_length=120)
    uf: str = Field(default="", max_length=2)
    is_active: bool = True


async def load_calendar(
    session: AsyncSession, *, kind: CalendarKind = CalendarKind.BANK, uf: str = ""
) -> Calendar:
    """The calendar of a state (none: national law), with the company's own closures in it."""
    statement: Any = select(col(Closure.day)).where(
        col(Closure.is_active), col(Closure.uf).in_(("", uf))
    )
    days = frozenset(await session.exec(statement))
    return Calendar(kind=kind, uf=uf or None, closures=days)
