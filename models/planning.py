"""Words to SQLite's planner, which keeps no statistics of values; PostgreSQL needs none of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class not_by_index(FunctionElement[Any]):  # noqa: N801 - a function of SQL, written as one
    """A column that rows are checked by, not looked up by: https://sqlite.org/optoverview.html."""

    name = "not_by_index"
    inherit_cache = True


@compiles(not_by_index)
def _plain(element: not_by_index, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(not_by_index, "sqlite")
def _with_unary_plus(element: not_by_index, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"
