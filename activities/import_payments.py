"""Imported payments: what record_payment does with one, done to a page of them at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import Outcome, PageContext, Reference, judge, resolve
from activities.import_told import KEPT, as_told, in_batches
from activities.payment_books import Books, open_books, write_books
from activities.payments import NewPayment
from models import imports
from models.invoices import Invoice
from models.payments import Payment
from rules import payments as rules
from rules.import_columns import ImportKind
from rules.import_faults import check, faults_of
from rules.import_rows import Row
from rules.money import ZERO
from rules.payments import PaymentCodeTaken, PaymentSource, charges_in_parts
from rules.refusals import Refusal

INVOICE = Reference("invoice", "invoice_id", Invoice, ImportKind.INVOICES)


async def write_payments(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will apply a page of payments; each code pays once, whoever brought it first."""
    codes = {str(row.values["invoice"]) for row in rows if "invoice" in row.values}
    known = await resolve(session, rows, (INVOICE,), page)
    named = {row.values["invoice_id"] for row in known if "invoice_id" in row.values}
    await imports.lock_invoices(session, named)
    told = await imports.existing(
        session, Payment, [row.key for row in known], "invoice_id", "amount", "paid_on",
        "credited_on", "charges", "fine",
    )  # fmt: skip
    kept = await as_told(
        session, await imports.existing(session, Invoice, codes, *KEPT), codes, page
    )
    books = await open_books(session, kept.values())
    if page.is_dry_run:
        await _enter_earlier(session, books, codes, page)
        told = {**await _told_earlier(session, known, page), **told}
    outcome = Outcome()
    for row in known:  # one after the other: what an invoice owes hangs on those before
        right, errors = judge([row], lambda row: _faults(row, books, told.get(row.key), page), page)
        outcome.errors += errors
        for each in right:
            _apply_row(books, each, told.get(row.key), outcome, page)
    if not page.is_dry_run:
        await write_books(session, books, page)
    return outcome


def _apply_row(
    books: Books, row: Row, told: Mapping[str, Any] | None, outcome: Outcome, page: PageContext
) -> None:
    if told is not None:
        outcome.unchanged += 1
        return
    payment = _payment_of(row)
    books.enter(payment, page, owed=books.owed(payment))
    outcome.new += 1


async def _enter_earlier(
    session: AsyncSession, books: Books, codes: Collection[str], page: PageContext
) -> None:
    """A dry run's earlier payments of these invoices, which left nothing in their books."""
    entered: set[str] = set()
    for rows in in_batches(page.earlier.rows(ImportKind.PAYMENTS, "invoice", codes)):
        known = await resolve(session, rows, (INVOICE,), page)
        entered |= (await imports.existing(session, Payment, [row.key for row in known])).keys()
        for row in known:
            if row.key not in entered:
                payment = _payment_of(row)
                books.enter(payment, page, owed=books.owed(payment))
                entered.add(row.key)


async def _told_earlier(
    session: AsyncSession, rows: Sequence[Row], page: PageContext
) -> dict[str, dict[str, Any]]:
    """The payments of these codes that another file of a dry run brings."""
    brought = page.earlier.rows(ImportKind.PAYMENTS, "code", [row.key for row in rows])
    found: dict[str, dict[str, Any]] = {}
    for row in await resolve(session, brought, (INVOICE,), page):
        payment = _payment_of(row)
        found.setdefault(row.key, {**vars(payment), "credited_on": payment.at_hand_on})
    return found


def _faults(
    row: Row, books: Books, told: Mapping[str, Any] | None, page: PageContext
) -> Iterator[Refusal]:
    """Everything for which the row's payment would be refused."""
    values = row.values
    parts = "amount principal fine interest"
    if told is not None:
        whole = f"{parts} invoice_id paid_on credited_on"
        checks = [check(whole, lambda: _check_same(told, _payment_of(row)))]
    else:
        checks = [
            check(parts, lambda: _charges_of(values)),
            check(parts, lambda: rules.check_charges(_charges_of(values), amount=values["amount"])),
            check("paid_on", lambda: rules.check_paid_on(values["paid_on"], today=page.today)),
            check("paid_on credited_on", lambda: _check_credited(values)),
            check("invoice_id", lambda: books.owed_of(values["invoice_id"], PaymentSource.CSV)),
        ]
    return faults_of(checks, unread=row.unread)


def _check_credited(values: Mapping[str, Any]) -> None:
    paid_on = values["paid_on"]
    rules.check_credited(values.get("credited_on") or paid_on, paid_on=paid_on)


def _charges_of(values: Mapping[str, Any]) -> Decimal:
    """What of a row's amount is fine and interest; its parts must come to the amount."""
    return charges_in_parts(
        values["amount"], principal=values.get("principal"), fine=values.get("fine", ZERO),
        interest=values.get("interest", ZERO),
    )  # fmt: skip


def _payment_of(row: Row) -> NewPayment:
    """A row as a payment; principal, fine and interest tell its amount apart where they stand."""
    charges = _charges_of(row.values)
    parts = ("principal", "interest")
    values = {name: value for name, value in row.values.items() if name not in parts}
    return NewPayment(**values, charges=charges, source=PaymentSource.CSV)


def _check_same(known: Mapping[str, Any], payment: NewPayment) -> None:
    told = (payment.invoice_id, payment.amount, payment.paid_on, payment.at_hand_on)
    parts = (payment.charges, payment.fine)
    same = ("invoice_id", "amount", "paid_on", "credited_on", "charges", "fine")
    if (*told, *parts) != tuple(known[name] for name in same):
        raise PaymentCodeTaken(code=payment.code)
