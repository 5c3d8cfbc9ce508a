"""What the writers of imported pages share: what they are told, what they answer, who is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_earlier import EarlierLines
from models import imports, outbox
from rules.import_cells import bare
from rules.import_columns import ImportKind
from rules.import_rows import Row, RowError
from rules.imports import ReferenceRefused, ReferenceUnknown, RegistryCodeUnknown
from rules.refusals import Refusal

#: The column behind what a contract's or invoice's field is refused for.
COLUMN_OF = {
    "customer_id": "customer", "plan_id": "plan_code", "due_day_rule_id": "due_day_rule",
    "ladder_id": "ladder", "payment_profile_id": "payment_profile",
    "discount_table_id": "discount_table", "sla_table_id": "sla_table",
    "price_index_id": "price_index", "billing_group_id": "billing_group",
    "consultant_id": "consultant", "ledger_account_id": "ledger_account",
    "setup_account_id": "setup_account", "address": "installation_street",
}  # fmt: skip


@dataclass(frozen=True)
class WrittenPage:
    """In whose name and when rows are written, and the news that journeys hear of them."""

    news_id: str
    by: str
    at: datetime
    today: date


@dataclass(frozen=True)
class PageContext(WrittenPage):
    """Under what a page is written. `titles` are the columns' by field, as the file writes them or,
    where it has none, as the sample; `places` say where they stand in the file; `earlier` knows
    what earlier lines told that stands in no table."""

    is_dry_run: bool
    titles: Mapping[str, str]
    places: Mapping[str, int]
    earlier: EarlierLines

    def cell(self, row: Row, field: str) -> str:
        """What the file has in a row's column; nothing where it has no such column."""
        place = self.places.get(field, len(row.cells))
        return bare(row.cells[place]) if place < len(row.cells) else ""


@dataclass
class Outcome:
    """What became of a page's rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """This will count what became of other rows of the page too."""
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.errors += other.errors


@dataclass(frozen=True)
class Reference:
    """A column that names another row by its code, and the field that gets its id."""

    column: str
    field: str
    model: type[SQLModel]
    kind: ImportKind | None = None


async def resolve(
    session: AsyncSession, rows: Iterable[Row], references: Collection[Reference], page: PageContext
) -> list[Row]:
    """This will put ids in the place of codes; what a row names and nobody knows is one of its
    errors."""
    every = list(rows)
    for reference in references:
        codes = {row.values[reference.column] for row in every if row.values.get(reference.column)}
        ids = await _ids(session, codes, reference, page)
        every = [_resolved(row, ids, reference, page) for row in every]
    return every


def _resolved(row: Row, ids: Mapping[str, int], reference: Reference, page: PageContext) -> Row:
    if reference.column in row.unread:
        return replace(row, unread=row.unread | {reference.field})
    if reference.column not in row.values:
        return row
    code = row.values.pop(reference.column)
    if code and code not in ids:
        error = titled(row, unknown(reference, code, page), page)
        unread = row.unread | {reference.field}
        return replace(row, errors=(*row.errors, error), unread=unread)
    row.values[reference.field] = ids[code] if code else None
    return row


def judge(
    rows: Iterable[Row], faults: Callable[[Row], Iterable[Refusal]], page: PageContext
) -> tuple[list[Row], list[RowError]]:
    """The rows that nothing stands against, and everything that stands against each other one."""
    right: list[Row] = []
    errors: list[RowError] = []
    for row in rows:
        wrong = [*row.errors, *(titled(row, each, page) for each in faults(row))]
        errors += wrong
        if not wrong:
            right.append(row)
    return right, errors


def titled(row: Row, refusal: Refusal, page: PageContext) -> RowError:
    """A refusal of a row beside the column that it is about, as the file names it."""
    field = refusal.field or ""
    column = field if field in page.titles else COLUMN_OF.get(field, field)
    named, value = page.titles.get(column, column), page.cell(row, column)
    return row.refused(refusal, field=named, value=value)


async def _ids(
    session: AsyncSession, codes: set[str], reference: Reference, page: PageContext
) -> dict[str, int]:
    found = await imports.existing(session, reference.model, codes) if codes else {}
    ids = {code: int(row["id"]) for code, row in found.items()}
    if reference.kind is not None:
        pending = {
            code: page.earlier.pending_id(reference.kind, code) for code in codes - ids.keys()
        }
        ids |= {code: number for code, number in pending.items() if number is not None}
    return ids


def unknown(reference: Reference, code: str, page: PageContext) -> Refusal:
    """Why a code that a row names is of no use to it."""
    if reference.kind is None:
        return RegistryCodeUnknown(code=code, field=reference.column)
    refused = page.earlier.refused(reference.kind, code)
    if refused is None:
        return ReferenceUnknown(code=code, field=reference.column)
    return ReferenceRefused(
        code=code, line=refused.line, file=refused.file.name, field=reference.column
    )


async def tell_journeys(
    session: AsyncSession, invoices: Collection[Mapping[str, Any]], page: WrittenPage
) -> None:
    """This will have every journey that leans on these invoices look again, once a page."""
    customers = {invoice["customer_id"] for invoice in invoices}
    concerned = await imports.live_cases(session, customer_ids=customers, invoices=invoices)
    await outbox.tell_cases(session, concerned, news_id=page.news_id, at=page.at)
