"""Agreements as another file of a dry run tells them, which stored none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreement_rows import row_of, take_over
from activities.import_contracts import CUSTOMER
from activities.import_pages import PageContext, Reference, resolve
from activities.import_told import KEPT, as_told
from models import imports
from models.invoices import Invoice
from models.registries import AgreementCategory
from rules.agreements import AgreementPolicy
from rules.business_days import local_date
from rules.import_agreements import CHANGEABLE, Brought
from rules.import_columns import ImportKind
from rules.import_rows import Row

REFERENCES = (CUSTOMER, Reference("category", "category_id", AgreementCategory))
#: The columns of a row that name invoices.
NAMING = ("invoices", "originals")


async def agreements_as_told(
    session: AsyncSession, codes: Sequence[str], policy: AgreementPolicy, page: PageContext
) -> dict[str, dict[str, Any]]:
    """What a dry run's earlier files would leave of agreements of these codes, with the codes of
    their invoices; nothing in an import."""
    if not page.is_dry_run:
        return {}
    rows = page.earlier.rows(ImportKind.AGREEMENTS, "code", codes)
    named = {code for row in rows for name in NAMING for code in row.values.get(name) or ()}
    stored = await imports.lock_named(session, Invoice, named, *KEPT)
    invoices = await as_told(session, stored, named, page)
    found: dict[str, dict[str, Any]] = {}
    for row in await resolve(session, rows, REFERENCES, page):
        if row.key in found:
            changed = {name: row.values[name] for name in CHANGEABLE if name in row.values}
            found[row.key] |= changed
        else:
            found[row.key] = _made(row, invoices, policy, page)
    return found


def _made(
    row: Row, invoices: Mapping[str, Any], policy: AgreementPolicy, page: PageContext
) -> dict[str, Any]:
    codes = {name: tuple(sorted(row.values.get(name) or ())) for name in NAMING}
    known = {name: tuple(invoices[code] for code in each) for name, each in codes.items()}
    brought = Brought({**row.values, **codes}, known["invoices"], known["originals"])
    made = take_over(row.key, brought, policy, page)
    number = page.earlier.pending_id(ImportKind.AGREEMENTS, row.key)
    return {**row_of(made, page), **codes, "id": number, "made_on": local_date(made.made_at)}
