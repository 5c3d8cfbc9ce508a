"""Text compared as people type it: without accents, whatever the case, on both databases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, and_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyaaaaaaeeeeiiiiooooouuuucny"
_TABLE = str.maketrans(ACCENTED, PLAIN)


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
    """Whether a column holds the text anywhere, accents and case aside.

    A pattern that is quick and too wide comes first; only what passes it is compared letter by
    letter.
    """
    may_be = or_(*(column.ilike(_accents_open(each), escape="/") for each in _spellings(text)))
    return and_(may_be, spells(folded(column), text))


def spells(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column that was folded before holds the text anywhere."""
    return or_(*(column.contains(each, autoescape=True) for each in _spellings(text)))


def any_holds(columns: Iterable[Any], text: str) -> ColumnElement[bool]:
    """Whether one of the columns holds the text, as `holds`."""
    return or_(*(holds(column, text) for column in columns))


def _spellings(text: str) -> tuple[str, ...]:
    """The text as SQLite folds it, and as PostgreSQL does, which leaves 1ª, nº and š alone."""
    return tuple(dict.fromkeys((fold(text) or "", text.lower().translate(_TABLE))))


def _accents_open(plain: str) -> str:
    """A pattern in which every letter that may carry an accent stands for any letter."""
    escaped = re.sub(r"([/%_])", r"/\1", plain)
    return f"%{re.sub('[aeioucny]|[^ -~]', '_', escaped)}%"


@compiles(folded)
def _on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"translate(lower({column}), '{ACCENTED}', '{PLAIN}')"


@compiles(folded, "sqlite")
def _on_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"folded({compiler.process(element.clauses, **options)})"
