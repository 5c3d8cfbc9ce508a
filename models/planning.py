"""Words to the planners, which take a customer's invoices and their stages for independent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class checked_row_by_row(FunctionElement[bool]):  # noqa: N801 - a function of SQL, written as one
    """A condition that rows are checked by once they were found, and most of them fulfil.

    SQLite is kept from looking rows up by it: https://sqlite.org/optoverview.html. PostgreSQL
    takes half of the rows to fulfil what it has no statistics of, and not one in thousands.
    """

    type = Boolean()
    name = "checked_row_by_row"
    inherit_cache = True


@compiles(checked_row_by_row)
def _as_case(element: checked_row_by_row, compiler: Any, **options: Any) -> str:
    return f"CASE WHEN {compiler.process(element.clauses, **options)} THEN true ELSE false END"


@compiles(checked_row_by_row, "sqlite")
def _with_unary_plus(element: checked_row_by_row, compiler: Any, **options: Any) -> str:
    return f"+({compiler.process(element.clauses, **options)})"
