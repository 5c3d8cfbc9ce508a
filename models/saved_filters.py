"""Filters that people keep under a name: a list's address, theirs alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from rules.refusals import Refusal

#: More than these for one list are no short way to anything.
MOST = 30
LONGEST_QUERY = 1000


class SavedFilterUnknown(Refusal):
    message = "Este filtro não existe mais."


class TooManyFilters(Refusal):
    message = "Você já guardou %(most)s filtros desta lista. Remova um antes."


class SavedFilter(SQLModel, table=True):
    """A filter of a list's page, as its address says it."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "path", "name"),)

    id: int | None = identity()
    user_id: int = reference("users.id", index=False)
    path: str = Field(max_length=120)
    name: str = Field(max_length=60)
    query: str = Field(max_length=LONGEST_QUERY)
    created_at: datetime = instant()

    @property
    def href(self) -> str:
        """Where it leads."""
        return f"{self.path}?{self.query}" if self.query else self.path


async def filters_of(
    session: AsyncSession, user_id: int, *, paths: Collection[str] | None = None
) -> Sequence[SavedFilter]:
    """Somebody's filters, by name; of some pages, where they are named."""
    statement = select(SavedFilter).where(SavedFilter.user_id == user_id)
    if paths is not None:
        statement = statement.where(col(SavedFilter.path).in_(paths))
    return (await session.exec(statement.order_by(col(SavedFilter.name)))).all()


async def keep(session: AsyncSession, new: SavedFilter) -> SavedFilter:
    """This will keep a filter; one of that name on that page is replaced. Refuses too many."""
    kept = await filters_of(session, new.user_id, paths=(new.path,))
    for each in kept:
        if (each.path, each.name) == (new.path, new.name):
            each.query = new.query
            session.add(each)
            return each
    if len(kept) >= MOST:
        raise TooManyFilters(most=MOST)
    session.add(new)
    await session.flush()
    return new


async def forget(session: AsyncSession, filter_id: int, *, user_id: int) -> SavedFilter:
    """This will remove one of somebody's own filters. Refuses another's as unknown."""
    found = await session.get(SavedFilter, filter_id)
    if found is None or found.user_id != user_id:
        raise SavedFilterUnknown
    await session.delete(found)
    return found
