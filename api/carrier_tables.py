"""Spreadsheets of lines and tariffs as they are uploaded: small, read at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from api.language import told
from rules.carrier_tables import TableColumn, decoded, read_table
from rules.import_rows import RowError
from rules.refusals import Refusal

#: Problems shown on the page; the rest is counted.
SHOWN = 50


class TableMissing(Refusal):
    message = "Escolha um arquivo CSV."
    field = "file"


@dataclass(frozen=True)
class TableSent:
    """What a file says: rows if nothing is wrong with any of them, else what is wrong."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RowError] = field(default_factory=list)

    @property
    def shown(self) -> list[RowError]:
        """The problems that the page lists, in the reader's language."""
        return [
            replace(each, message=told(each.message, each.places)) for each in self.problems[:SHOWN]
        ]


async def table_sent(
    request: Request,
    columns: tuple[TableColumn, ...],
    *,
    check: Callable[[dict[str, Any]], None],
    key: str = "",
) -> tuple[TableSent, dict[str, str]]:
    """This will read the file of a form, and its other fields. Refuses TableMissing."""
    async with request.form() as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise TableMissing
        raw = await file.read()
        others = {name: value for name, value in sent.items() if isinstance(value, str)}
    read = partial(read_table, decoded(raw), columns, key=key, check=check)
    return TableSent(*await asyncio.to_thread(read)), others
