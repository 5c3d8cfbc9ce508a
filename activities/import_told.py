"""Invoices as the earlier lines of an import tell them: of a dry run, which stored none of it, and
of rows that were refused, so that what is wrong with those that name them is told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities import import_contracts as contracts
from activities.import_contracts import CUSTOMER
from activities.import_pages import PageContext, Reference, resolve
from models import imports
from models.contracts import Contract
from models.registries import PaymentProfile
from rules.import_columns import ImportKind
from rules.import_invoices import PLAIN, changed_invoice, new_invoice
from rules.import_rows import Row
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.refusals import Refusal

REFERENCES = (
    CUSTOMER,
    Reference("contract", "contract_id", Contract, ImportKind.CONTRACTS),
    Reference("payment_profile", "payment_profile_id", PaymentProfile),
)
KEPT = (
    *PLAIN,
    "customer_id",
    "open_amount",
    "status",
    "settled_on",
    "collection_stage",
    "stage_since",
    "agreement_id",
    "bureau_stage",
)
#: The agreement of an invoice that an earlier row takes.
TAKEN = 0
Facts = dict[str, dict[str, Any]]
#: What of an invoice may be unknown when others are judged by it.
_NAMED = frozenset(name for each in REFERENCES for name in (each.column, each.field))


async def as_told(
    session: AsyncSession,
    stored: Mapping[str, Mapping[str, Any]],
    codes: Iterable[str],
    page: PageContext,
) -> Facts:
    """The invoices that a dry run's earlier lines would leave, by code, with their id and the
    fields of KEPT; of an import those that are stored."""
    facts = {code: {**each} for code, each in stored.items()}
    if not page.is_dry_run:
        return facts
    told = page.earlier.rows(ImportKind.INVOICES, "code", codes)
    for row in await _resolved(session, told, page):
        facts[row.key] = _after(facts.get(row.key), row, page)
    return {code: each | _by_agreements(each, code, page) for code, each in facts.items()}


async def as_refused(session: AsyncSession, codes: Collection[str], page: PageContext) -> Facts:
    """What refused rows told of these invoices, as far as that makes an invoice of them.

    The customer is None where that is what the row was refused for.
    """
    lines = [page.earlier.refused(ImportKind.INVOICES, code) for code in codes]
    rows = [row for line in lines if line and (row := page.earlier.row(line)) is not None]
    facts: Facts = {}
    for row in await _resolved(session, rows, page):
        if row.unread <= _NAMED:
            try:
                told = {"customer_id": None, **row.values}
                facts[row.key] = {**new_invoice(told, today=page.today), "id": None}
            except Refusal:
                continue
    return facts


async def contracts_as_told(
    session: AsyncSession, codes: Collection[str], page: PageContext
) -> dict[str, bool | None]:
    """Whether a dry run's contracts of these codes are a telecom service that runs; None: their
    lines leave that to what is stored."""
    if not page.is_dry_run:
        return {}
    rows = page.earlier.rows(ImportKind.CONTRACTS, "code", codes)
    known = await imports.existing(session, Contract, [row.key for row in rows])
    placed = await resolve(session, rows, contracts.REFERENCES, page)
    fresh = await contracts.filled(session, [row for row in placed if row.key not in known])
    told = {row.key: _runs(row.values, page) for row in fresh}
    return told | {row.key: _runs_on(row.values, page) for row in placed if row.key in known}


def _runs(told: Mapping[str, Any], page: PageContext) -> bool:
    ended_on = told.get("terminated_on")
    return bool(told["telecom_service"]) and (ended_on is None or ended_on > page.today)


def _runs_on(told: Mapping[str, Any], page: PageContext) -> bool | None:
    ended_on = told.get("terminated_on")
    is_over = ended_on is not None and ended_on <= page.today
    return False if is_over or told.get("telecom_service") is False else None


async def _resolved(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> list[Row]:
    found: list[Row] = []
    for some in in_batches(rows):
        found += await resolve(session, some, REFERENCES, page)
    return found


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """These rows, as many at a time as one statement may name."""
    left = iter(rows)
    while some := list(islice(left, imports.AT_ONCE)):
        yield some


def _after(was: dict[str, Any] | None, row: Row, page: PageContext) -> dict[str, Any]:
    if was is None:
        number = page.earlier.pending_id(ImportKind.INVOICES, row.key)
        return {**new_invoice(row.values, today=page.today), "id": number}
    return {**was, **changed_invoice(was, row.values, today=page.today)}


def _by_agreements(invoice: Mapping[str, Any], code: str, page: PageContext) -> dict[str, Any]:
    """What an earlier agreement makes of an invoice that it names."""
    if invoice["agreement_id"] is not None:
        return {}
    if page.earlier.standing(ImportKind.AGREEMENTS, "originals", code):
        replaced = InvoiceStatus.REPLACED
        return {"agreement_id": TAKEN, "status": replaced, "open_amount": ZERO}
    if page.earlier.standing(ImportKind.AGREEMENTS, "invoices", code):
        return {"agreement_id": TAKEN}
    return {}
