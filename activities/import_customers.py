"""Imported customers: new ones inserted, changed ones changed, the rest counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.corrected_contacts import note_many_corrected
from activities.import_pages import Outcome, PageContext, judge
from models import imports
from models.collections import Standing
from models.customers import Customer
from models.standings import refresh_standings
from rules.import_columns import ImportKind
from rules.import_rows import Row

_CUSTOMER_DEFAULTS: dict[str, Any] = {
    "email": None,
    "mobile": None,
    "street": None,
    "city": "",
    "uf": "",
    "postal_code": None,
}


async def write_customers(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will write a page of customers; names and cities of standings follow."""
    defaults = {**_CUSTOMER_DEFAULTS, "created_at": page.at}
    right, errors = judge(rows, lambda _: (), page)
    told = _told_earlier(right, page)
    outcome, was = await save_rows(session, Customer, right, defaults, page, told=told)
    outcome.errors += errors
    if was:
        shown = select(Standing.customer_id).where(col(Standing.customer_id).in_(list(was)))
        await refresh_standings(session, set(await session.exec(shown)))
        await note_many_corrected(session, was, at=page.at)
    return outcome


def _told_earlier(rows: Sequence[Row], page: PageContext) -> dict[str, dict[str, Any]]:
    """The customers that another file of a dry run brings."""
    if not page.is_dry_run:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for row in page.earlier.rows(ImportKind.CUSTOMERS, "code", [row.key for row in rows]):
        found[row.key] = {**found.get(row.key, {}), **row.values}
    return found


async def save_rows(
    session: AsyncSession,
    model: type[SQLModel],
    rows: Sequence[Row],
    defaults: Mapping[str, Any],
    page: PageContext,
    *,
    told: Mapping[str, Mapping[str, Any]],
) -> tuple[Outcome, dict[int, Mapping[str, Any]]]:
    """This will insert new rows and change those that differ; `told` is what a dry run's earlier
    files say of some.

    Gives also what stood in the changed fields before, by the row's id.
    """
    fields = list(rows[0].values) if rows else []
    stored = await imports.existing(session, model, [row.key for row in rows], *fields)
    kept = {
        code: {"id": -number, **defaults, **stored.get(code, {}), **told.get(code, {})}
        for number, code in enumerate({**stored, **told})
    }
    new = [{**defaults, **row.values} for row in rows if row.key not in kept]
    known = [(kept[row.key], row.values) for row in rows if row.key in kept]
    changed = {was["id"]: values for was, told in known if (values := _difference(was, told))}
    before = {was["id"]: was for was, _ in known}
    if not page.is_dry_run:
        await imports.insert_rows(session, model, new)
        await imports.update_rows(session, model, changed)
    outcome = Outcome(len(new), len(changed), len(rows) - len(new) - len(changed))
    if page.is_dry_run:
        return outcome, {}
    return outcome, {
        number: {field: before[number][field] for field in values}
        for number, values in changed.items()
    }


def _difference(kept: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in told.items() if kept[field] != value}
