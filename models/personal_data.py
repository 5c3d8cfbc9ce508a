"""Where a customer stands in the tables: what is told of it on request, and what is replaced.

Amounts, dates and codes of invoices, payments and contracts stay: the law has them kept.
tests/models/test_personal_data.py proves that no column of text was overlooked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.anonymisation import without_words

#: Which rows of a table are a customer's.
Where = Callable[[int], ColumnElement[bool]]


@dataclass(frozen=True)
class Place:
    """Rows of one table that tell of a customer.

    `replaced` says what stands in a column afterwards, `scrubbed` names small JSON objects that
    lose their words, `is_forgotten` rows go whole. `told` are the columns of the access report,
    with their labels; without any, the rows only repeat what others say.
    """

    table: type[SQLModel]
    where: Where
    replaced: Mapping[str, Any] = field(default_factory=dict)
    scrubbed: tuple[str, ...] = ()
    is_forgotten: bool = False
    label: str = ""
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The table's name, by which programs know the rows."""
        return str(self.table.__tablename__)

    def column(self, name: str) -> Any:
        """A column of the table."""
        return col(getattr(self.table, name))


async def rows_told(
    session: AsyncSession, place: Place, customer_id: int, *, limit: int | None = None
) -> Sequence[dict[str, Any]]:
    """What a place tells of a customer, the newest first."""
    columns = [place.column(name).label(name) for name in place.told]
    key = next(iter(place.table.__table__.primary_key))  # type: ignore[attr-defined]
    statement: Any = select_columns(*columns).where(place.where(customer_id))
    found = await session.exec(statement.order_by(key.desc()).limit(limit))
    return [dict(row._mapping) for row in found]


async def replace_words(session: AsyncSession, place: Place, customer_id: int) -> None:
    """This will take out of a place what tells who the customer is. Repeated: nothing more."""
    mine = place.where(customer_id)
    if place.is_forgotten:
        await session.exec(delete(place.table).where(mine))
        return
    if place.scrubbed:
        await _scrub(session, place, mine)
    if place.replaced:
        values = {place.column(name): value for name, value in place.replaced.items()}
        await session.exec(update(place.table).where(mine).values(values))


async def _scrub(session: AsyncSession, place: Place, mine: ColumnElement[bool]) -> None:
    for row in await session.exec(select(place.table).where(mine)):
        for name in place.scrubbed:
            setattr(row, name, without_words(getattr(row, name)))
        session.add(row)
    await session.flush()
