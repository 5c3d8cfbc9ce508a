"""Imported payments: what record_payment does with one, done to a page of them at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import PENDING, Outcome, PageContext, Reference, resolve
from activities.payment_books import KEPT, Books, open_books, write_books
from activities.payments import NewPayment, check_new
from models import imports
from models.invoices import Invoice
from models.payments import Payment
from rules.import_columns import ImportKind
from rules.import_rows import Row
from rules.money import ZERO
from rules.payments import PaymentCodeTaken, PaymentSource, charges_in_parts
from rules.refusals import Refusal

INVOICE = Reference("invoice", "invoice_id", Invoice, ImportKind.INVOICES)


async def write_payments(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will apply a page of payments; each code pays once, whoever brought it first."""
    codes = {str(row.values["invoice"]) for row in rows}
    known, errors = await resolve(session, rows, (INVOICE,), page)
    await imports.lock_invoices(session, {row.values["invoice_id"] for row in known})
    told = await imports.existing(
        session, Payment, [row.key for row in known], "invoice_id", "amount", "paid_on",
        "credited_on", "charges", "fine",
    )  # fmt: skip
    kept = await imports.existing(session, Invoice, codes, *KEPT)
    books = await open_books(session, kept.values())
    outcome = Outcome(errors=errors)
    for row in known:
        _apply_row(books, row, told.get(row.key), outcome, page)
    if not page.is_dry_run:
        await write_books(session, books, page)
    return outcome


def _apply_row(
    books: Books, row: Row, told: Mapping[str, Any] | None, outcome: Outcome, page: PageContext
) -> None:
    try:
        payment = _payment_of(row)
        if told is not None:
            _check_same(told, payment)
            outcome.unchanged += 1
            return
        check_new(payment, today=page.today)
        if payment.invoice_id != PENDING:
            books.enter(payment, page, owed=books.owed(payment))
        outcome.new += 1
    except Refusal as refusal:
        titled = page.titles.get(refusal.field or "", "")
        outcome.errors.append(row.refused(refusal, field=titled, value=row.key))


def _payment_of(row: Row) -> NewPayment:
    """A row as a payment; principal, fine and interest tell its amount apart where they stand."""
    values = dict(row.values)
    principal, interest = values.pop("principal", None), values.pop("interest", ZERO)
    charges = charges_in_parts(
        values["amount"], principal=principal, fine=values.get("fine", ZERO), interest=interest
    )
    return NewPayment(**values, charges=charges, source=PaymentSource.CSV)


def _check_same(known: Mapping[str, Any], payment: NewPayment) -> None:
    told = (payment.invoice_id, payment.amount, payment.paid_on, payment.at_hand_on)
    parts = (payment.charges, payment.fine)
    same = ("invoice_id", "amount", "paid_on", "credited_on", "charges", "fine")
    if (*told, *parts) != tuple(known[name] for name in same):
        raise PaymentCodeTaken(code=payment.code)
