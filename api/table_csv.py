"""Lists as CSV for the spreadsheets of Brazil: semicolons, decimal commas, a byte-order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Select
from sqlmodel.ext.asyncio.session import AsyncSession

from api import language
from api.files import saved_as
from api.keyset import fetch
from api.sights import took_away

if TYPE_CHECKING:
    from api.listing import View

BATCH = 2_000
#: A cell that begins so is run as a formula by spreadsheets (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def answer(
    session: AsyncSession,
    statement: Select[Any],
    view: View,
    *,
    present: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> StreamingResponse:
    """This will send the whole filter in the view's columns and order, as it is read."""
    name = view.request.url.path.strip("/").replace("/", "-") or "lista"
    return StreamingResponse(
        _lines(session, statement, view, present),
        media_type="text/csv; charset=utf-8",
        headers=saved_as(f"{name}.csv"),
    )


async def _lines(
    session: AsyncSession,
    statement: Select[Any],
    view: View,
    present: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> AsyncIterator[str]:
    yield "\ufeff" + line(language.gettext(column.label) for column in view.columns)
    cursor: str | None = None
    while True:
        found = await fetch(session, statement, sort=view.sort, cursor=cursor, limit=BATCH)
        took_away(len(found.rows))
        for row in found.rows:
            shown = present(dict(row))
            yield line(shown.get(column.key) for column in view.columns)
        cursor = found.next
        if cursor is None:
            return


def lines(rows: Iterable[Iterable[Any]], *, name: str) -> Response:
    """This will send a table that stands in memory, its head being the first of its rows."""
    written_out = [line(row) for row in rows]
    took_away(len(written_out) - 1)
    return Response(
        "\ufeff" + "".join(written_out),
        media_type="text/csv; charset=utf-8",
        headers=saved_as(f"{name}.csv"),
    )


def line(values: Iterable[Any]) -> str:
    """This will write one line."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([written(v) for v in values])
    return out.getvalue()


def written(value: Any) -> str:
    """This will write one cell: figures as a spreadsheet reads them, text never as a formula."""
    if value is None:
        return ""
    for kind, write in WRITERS:
        if isinstance(value, kind):
            return write(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


#: In this order: a bool is an int, an instant is a date.
WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: language.gettext("Sim") if value else language.gettext("Não")),
    (Decimal, lambda value: f"{value:f}".replace(".", ",")),
    (int, str),
    (datetime, language.moment),
    (date, language.day),
)
