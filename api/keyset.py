"""Paging by key: the next page begins after the last row shown, however many came before it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    and_,
    literal,
    or_,
    select,
    tuple_,
)
from sqlmodel.ext.asyncio.session import AsyncSession

from models.rows import rows_of
from rules.refusals import Refusal


class CursorNotValid(Refusal):
    message = "O endereço desta página da lista não é válido. Volte à primeira página."


@dataclass(frozen=True)
class SortKey:
    """A column to sort by, and those that break ties, the last of them `id`.

    Nulls stand last in both directions.
    """

    column: str
    is_descending: bool = False
    is_nullable: bool = False
    ties: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class Cursor:
    """A row's place in the order, and whether to go on or back from there.

    `ties` is what the row has in the columns that break ties.
    """

    value: Any
    ties: tuple[int | str, ...]
    is_backward: bool = False


@dataclass(frozen=True)
class Rows:
    """One page of rows, in order, and the cursors of its neighbours (None = no such page)."""

    rows: Sequence[RowMapping]
    next: str | None
    previous: str | None


async def fetch(
    session: AsyncSession, statement: Select[Any], *, sort: SortKey, cursor: str | None, limit: int
) -> Rows:
    """This will read one page of the statement, whose columns are labelled and include `id`.

    Refuses a cursor that is not one of ours (CursorNotValid).
    """
    place = decode(cursor) if cursor else None
    if place is not None and len(place.ties) != len(sort.ties):
        raise CursorNotValid
    is_backward = place is not None and place.is_backward
    paged = keyset(statement, sort=sort, cursor=place, limit=limit + 1)
    found = list(await rows_of(session, paged))
    has_more, rows = len(found) > limit, found[:limit]
    if is_backward:
        rows.reverse()
    comes_before = has_more if is_backward else place is not None
    comes_after = place is not None if is_backward else has_more
    return Rows(
        rows,
        next=_cursor_at(rows[-1], sort, is_backward=False) if rows and comes_after else None,
        previous=_cursor_at(rows[0], sort, is_backward=True) if rows and comes_before else None,
    )


def keyset(
    statement: Select[Any], *, sort: SortKey, cursor: Cursor | None, limit: int
) -> Select[Any]:
    """This will sort the statement and begin it after the cursor."""
    inner = statement.order_by(None).subquery()
    is_descending = sort.is_descending != bool(cursor and cursor.is_backward)
    paged = select(inner).limit(limit)
    if cursor is not None:
        paged = paged.where(_beyond(inner, sort, cursor, is_descending=is_descending))
    columns = _columns(inner, sort)
    order: list[ColumnElement[Any]] = [each.desc() if is_descending else each for each in columns]
    if sort.is_nullable:
        nulls = columns[0].is_(None)
        order.insert(0, nulls.desc() if cursor and cursor.is_backward else nulls)
    return paged.order_by(*order)


def _columns(inner: FromClause, sort: SortKey) -> list[ColumnElement[Any]]:
    return [inner.c[name] for name in (sort.column, *sort.ties)]


def _beyond(
    inner: FromClause, sort: SortKey, cursor: Cursor, *, is_descending: bool
) -> ColumnElement[bool]:
    columns, place = _columns(inner, sort), (cursor.value, *cursor.ties)
    column = columns[0]
    if cursor.value is None:
        later = _compared(columns[1:], cursor.ties, lt if is_descending else gt)
        among_nulls = and_(column.is_(None), later)
        return or_(among_nulls, column.is_not(None)) if cursor.is_backward else among_nulls
    beyond = _whole_beyond if len(columns) <= 2 else _parted_beyond
    after = beyond(columns, place, is_descending=is_descending)
    if sort.is_nullable and not cursor.is_backward:
        return or_(after, column.is_(None))
    return after


def _whole_beyond(
    columns: Sequence[ColumnElement[Any]], place: Sequence[Any], *, is_descending: bool
) -> ColumnElement[bool]:
    beyond = _compared(columns, place, lt if is_descending else gt)
    if len(columns) == 1:
        return beyond
    return and_(
        beyond,
        # Said once more without `id`, for databases look up no tuple that two tables share.
        _compared(columns[:-1], place[:-1], le if is_descending else ge),
    )


def _parted_beyond(
    columns: Sequence[ColumnElement[Any]], place: Sequence[Any], *, is_descending: bool
) -> ColumnElement[bool]:
    """The same, where `id` is another table's than what comes before it.

    PostgreSQL would take a tuple of both to leave one row in three, and so few rows not to be
    worth reading in their order.
    """
    [*shared, identity], [*there, last] = columns, place
    elsewhere = [column != value for column, value in zip(shared, there, strict=True)]
    later = identity < last if is_descending else identity > last
    return and_(
        _compared(shared, there, le if is_descending else ge),
        or_(*elsewhere, later),
    )


def _compared(
    columns: Sequence[ColumnElement[Any]], place: Sequence[Any], compare: Callable[[Any, Any], Any]
) -> ColumnElement[bool]:
    # A tuple does not lend its columns' types: reais would be compared with centavos.
    there = [literal(value, column.type) for column, value in zip(columns, place, strict=True)]
    compared: ColumnElement[bool] = (
        compare(columns[0], there[0])
        if len(columns) == 1
        else compare(tuple_(*columns), tuple_(*there))
    )
    return compared


def _cursor_at(row: RowMapping, sort: SortKey, *, is_backward: bool) -> str:
    ties = tuple(row[name] for name in sort.ties)
    return encode(Cursor(row[sort.column], ties, is_backward=is_backward))


def encode(cursor: Cursor) -> str:
    """This will write the cursor as text for a URL."""
    kind, value = _written(cursor.value)
    told = json.dumps([int(cursor.is_backward), kind, value, *cursor.ties], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def decode(text: str) -> Cursor:
    """This will read a cursor back. Refuses any other text (CursorNotValid)."""
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        is_backward, kind, value, *ties = told
        return Cursor(_READERS[kind](value), tuple(ties), is_backward=bool(is_backward))
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise CursorNotValid from error


_READERS: dict[str, Any] = {
    "plain": lambda value: value,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "instant": datetime.fromisoformat,
}


def _written(value: Any) -> tuple[str, Any]:
    if isinstance(value, Decimal):
        return "decimal", str(value)
    if isinstance(value, datetime):
        return "instant", value.isoformat()
    if isinstance(value, date):
        return "date", value.isoformat()
    return "plain", value
