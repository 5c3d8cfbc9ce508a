"""How many days lie between two dates, counted in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801 - reads as the function it is
    """The days from the first date to the second; below zero if it came before."""

    type = Integer()
    inherit_cache = True


@compiles(days_between)
def _subtracted(element: Any, compiler: Any, **told: Any) -> str:
    first, second = (compiler.process(each, **told) for each in element.clauses)
    return f"({second} - {first})"


@compiles(days_between, "sqlite")
def _by_julian_days(element: Any, compiler: Any, **told: Any) -> str:
    first, second = (compiler.process(each, **told) for each in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"
