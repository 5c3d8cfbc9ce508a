"""What the writers of imported pages share: what they are told, what they answer, who is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models import imports, outbox
from rules.import_columns import ImportKind
from rules.import_rows import Row, RowError
from rules.imports import ReferenceUnknown

#: A code that an earlier file of the same dry run would bring.
PENDING = 0


@dataclass(frozen=True)
class WrittenPage:
    """In whose name and when rows are written, and the news that journeys hear of them."""

    news_id: str
    by: str
    at: datetime
    today: date


@dataclass(frozen=True)
class PageContext(WrittenPage):
    """Under what a page is written. `is_pending` knows what a dry run's earlier files bring."""

    is_dry_run: bool
    titles: Mapping[str, str]
    is_pending: Callable[[ImportKind, str], bool]


@dataclass
class Outcome:
    """What became of a page's rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class Reference:
    """A column that names another row by its code, and the field that gets its id."""

    column: str
    field: str
    model: type[SQLModel]
    kind: ImportKind | None = None


async def resolve(
    session: AsyncSession, rows: Iterable[Row], references: Collection[Reference], page: PageContext
) -> tuple[list[Row], list[RowError]]:
    """This will put ids in the place of codes; rows that name something unknown are refused.

    Everything unknown that a row names is told at once.
    """
    every, errors = list(rows), []
    for reference in references:
        codes = {row.values[reference.column] for row in every if row.values.get(reference.column)}
        ids = await _ids(session, codes, reference, page)
        unknown = codes - ids.keys()
        errors += [
            _unknown(row, reference, page)
            for row in every
            if row.values.get(reference.column) in unknown
        ]
        for row in every:
            if reference.column in row.values:
                code = row.values.pop(reference.column)
                row.values[reference.field] = ids.get(code) if code else None
    wrong = {each.line for each in errors}
    return [row for row in every if row.line not in wrong], errors


async def _ids(
    session: AsyncSession, codes: set[str], reference: Reference, page: PageContext
) -> dict[str, int]:
    found = await imports.existing(session, reference.model, codes) if codes else {}
    ids = {code: int(row["id"]) for code, row in found.items()}
    if page.is_dry_run and reference.kind is not None:
        pending = [code for code in codes - ids.keys() if page.is_pending(reference.kind, code)]
        ids |= dict.fromkeys(pending, PENDING)
    return ids


def _unknown(row: Row, reference: Reference, page: PageContext) -> RowError:
    code = row.values[reference.column]
    titled = page.titles.get(reference.column, reference.column)
    return row.refused(ReferenceUnknown(code=code), field=titled, value=code)


async def tell_journeys(
    session: AsyncSession, invoices: Collection[Mapping[str, Any]], page: WrittenPage
) -> None:
    """This will have every journey that leans on these invoices look again, once a page."""
    customers = {invoice["customer_id"] for invoice in invoices}
    concerned = await imports.live_cases(session, customer_ids=customers, invoices=invoices)
    await outbox.tell_cases(session, concerned, news_id=page.news_id, at=page.at)
