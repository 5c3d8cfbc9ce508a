"""Imported payments: what record_payment does with one, done to a page of them at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import PENDING, Outcome, PageContext, Reference, resolve, tell_journeys
from activities.provisioning import reconcile
from models import asked_blocks, imports
from models.calendars import load_calendar
from models.invoices import Invoice, InvoiceEvent
from models.payments import Payment
from models.standings import refresh_standings
from rules import payments as rules
from rules.business_days import Calendar
from rules.import_rows import Row
from rules.imports import ImportKind
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.payments import (
    Paid,
    PaymentCodeTaken,
    PaymentSource,
    Taken,
)
from rules.refusals import Refusal

INVOICE = Reference("invoice", "invoice_id", Invoice, ImportKind.INVOICES)
KEPT = (
    "customer_id",
    "due_date",
    "pay_on_time_discount",
    "amount",
    "open_amount",
    "status",
    "settled_on",
    "agreement_id",
    "collection_stage",
    "bureau_stage",
)


@dataclass
class _Books:
    """The invoices of a page as its payments change them, one after the other.

    `explained` is what payments account for of each, discounts included.
    """

    invoices: dict[int, dict[str, Any]]
    explained: dict[int, Decimal]
    calendar: Calendar
    payments: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)


async def write_payments(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will apply a page of payments; each code pays once, whoever brought it first."""
    codes = {str(row.values["invoice"]) for row in rows}
    known, errors = await resolve(session, rows, (INVOICE,), page)
    await imports.lock_invoices(session, {row.values["invoice_id"] for row in known})
    told = await imports.existing(
        session, Payment, [row.key for row in known], "invoice_id", "amount", "paid_on",
        "credited_on",
    )  # fmt: skip
    books = await _open_books(session, codes)
    outcome = Outcome(errors=errors)
    for row in known:
        _apply_row(books, row, told.get(row.key), outcome, page)
    if not page.is_dry_run:
        await _write(session, books, page)
    return outcome


async def _open_books(session: AsyncSession, codes: set[str]) -> _Books:
    kept = await imports.existing(session, Invoice, codes, *KEPT)
    invoices = {row["id"]: dict(row) for row in kept.values()}
    explained = await imports.explained_by_invoice(session, list(invoices))
    return _Books(invoices, explained, await load_calendar(session))


def _apply_row(
    books: _Books, row: Row, told: Mapping[str, Any] | None, outcome: Outcome, page: PageContext
) -> None:
    payment = _payment(row.values)
    try:
        if told is not None:
            _check_same(told, payment)
            outcome.unchanged += 1
            return
        rules.check_payment(
            code=row.key, amount=payment["amount"], paid_on=payment["paid_on"],
            credited_on=payment["credited_on"], today=page.today,
        )  # fmt: skip
        if payment["invoice_id"] != PENDING:
            _enter(books, payment, page)
        outcome.new += 1
    except Refusal as refusal:
        titled = page.titles.get(refusal.field or "", "")
        outcome.errors.append(row.refused(refusal, field=titled, value=row.key))


def _payment(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "credited_on": told.get("credited_on") or told["paid_on"]}


def _check_same(known: Mapping[str, Any], payment: Mapping[str, Any]) -> None:
    fields = ("invoice_id", "amount", "paid_on", "credited_on")
    if any(known[field] != payment[field] for field in fields):
        raise PaymentCodeTaken(code=payment["code"])


def _enter(books: _Books, payment: dict[str, Any], page: PageContext) -> None:
    invoice = books.invoices[payment["invoice_id"]]
    paid = invoice["amount"] - invoice["open_amount"]
    owed = rules.payable(
        invoice["status"], invoice=invoice["code"], open_amount=invoice["open_amount"],
        unexplained=paid - books.explained.get(invoice["id"], ZERO),
    )  # fmt: skip
    came_in = Paid(payment["amount"], payment["paid_on"])
    offer = rules.on_time_discount(
        invoice["pay_on_time_discount"], due_date=invoice["due_date"], calendar=books.calendar
    )
    taken = rules.take(came_in, owed=owed, offer=offer)
    books.explained[invoice["id"]] = books.explained.get(invoice["id"], ZERO) + taken.total
    if invoice["status"] != InvoiceStatus.SETTLED:
        _lower(books, invoice, owed - taken.total, payment)
    books.payments.append(
        {
            **payment, "applied": taken.applied, "discount": taken.discount,
            "source": PaymentSource.CSV, "at": page.at, "by": page.by,
            "reversed_at": None, "reversed_by": None, "reversal_reason": "",
        }
    )  # fmt: skip
    books.events.append(_event(invoice, payment, taken, page))


def _lower(
    books: _Books, invoice: dict[str, Any], left: Decimal, payment: Mapping[str, Any]
) -> None:
    invoice["open_amount"] = left
    books.changed.add(invoice["id"])
    if not left:
        invoice |= {"status": InvoiceStatus.SETTLED, "settled_on": payment["paid_on"]}


def _event(
    invoice: Mapping[str, Any], payment: Mapping[str, Any], taken: Taken, page: PageContext
) -> dict[str, Any]:
    parameters = {
        "code": payment["code"], "source": PaymentSource.CSV, "amount": str(payment["amount"]),
        "paid_on": payment["paid_on"].isoformat(), "left": str(invoice["open_amount"]),
        "excess": str(payment["amount"] - taken.applied), **rules.told_discount(taken),
    }  # fmt: skip
    return {
        "invoice_id": invoice["id"], "at": page.at, "by": page.by, "kind": "payment",
        "parameters": parameters,
    }  # fmt: skip


async def _write(session: AsyncSession, books: _Books, page: PageContext) -> None:
    changed = [books.invoices[invoice_id] for invoice_id in sorted(books.changed)]
    fields = ("open_amount", "status", "settled_on")
    await imports.insert_rows(session, Payment, books.payments)
    await imports.update_rows(
        session, Invoice, {i["id"]: {field: i[field] for field in fields} for i in changed}
    )
    await imports.insert_rows(session, InvoiceEvent, books.events)
    if changed:
        await tell_journeys(session, changed, page)
        await _lift(session, [i["id"] for i in changed if not i["open_amount"]], page)
    shown = {i["customer_id"] for i in changed if i["collection_stage"] or i["bureau_stage"]}
    if shown:
        await refresh_standings(session, shown)


async def _lift(session: AsyncSession, settled: Sequence[int], page: PageContext) -> None:
    """What the settled invoices asked for is lifted in the transaction that settles them."""
    contracts = await asked_blocks.suspended_behind(session, settled)
    await reconcile(session, contracts, today=page.today, by="system", at=page.at)
