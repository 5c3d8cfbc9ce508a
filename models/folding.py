"""Text compared as people type it: without accents, whatever the case, on both databases."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyaaaaaaeeeeiiiiooooouuuucny"


def fold(text: str | None) -> str | None:
    """This will write a text in lower case without its accents; None stays None."""
    if text is None or text.isascii():
        return text and text.lower()
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


class folded(FunctionElement[str]):  # noqa: N801 - a function of SQL, written as one
    """The column folded as `fold` does; models/database.py lends it to SQLite."""

    type = String()
    name = "folded"
    inherit_cache = True


def holds(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column holds the text anywhere, accents and case aside."""
    return folded(column).contains(fold(text), autoescape=True)


@compiles(folded)
def _on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"translate(lower({column}), '{ACCENTED}', '{PLAIN}')"


@compiles(folded, "sqlite")
def _on_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"folded({compiler.process(element.clauses, **options)})"
