"""Many rows at once: each value goes to the driver as the database keeps it, column by column.

SQLAlchemy makes two dictionaries and a tuple of every row, which takes longer than to insert it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Sequence[Mapping[str, Any]]


async def insert_many(connection: AsyncConnection, table: Table, rows: Rows) -> None:
    """This will insert rows that all have the same fields; what they lack has its default."""
    fields, dialect = list(rows[0]), connection.dialect
    statement = table.insert().inline().compile(dialect=dialect, column_keys=fields)
    columns = [_values(table.c[name], rows, dialect) for name in statement.positiontup or ()]
    await connection.exec_driver_sql(str(statement), list(zip(*columns, strict=True)))


def _values(column: Column[Any], rows: Rows, dialect: Dialect) -> Iterable[Any]:
    """What the driver is told of a column, row by row; equal values are written out once."""
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    if column.name not in rows[0]:
        default = _default(column)
        return [bind(default) if bind else default] * len(rows)
    told = map(itemgetter(column.name), rows)
    if bind is None:
        return told
    is_hashable = not isinstance(column.type, JSON)
    return map(_Once(bind).__getitem__ if is_hashable else bind, told)


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg(None) if default.is_callable else default.arg


class _Once(dict[Any, Any]):
    """What was made of each value."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self.make(value)
        return made
