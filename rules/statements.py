"""Statements: all that moved what a customer owes, in order, with the balance after each line.

The balance is what open invoices owe less what was paid in excess. What no payment of ours accounts
for is a line of its own, so that the lines always come to the balance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.money import ZERO
from rules.panels import InvoiceStatus


class Entry(StrEnum):
    """What a line of a statement is, in the order of lines of one day."""

    BEFORE = "before"  # the balance of what came before the first day asked for
    INVOICE = "invoice"
    CHARGE = "charge"  # what an invoice is made of: told, but counted with the invoice
    RENEGOTIATED = "renegotiated"  # another due date, with what of the late charges was kept
    AGREEMENT = "agreement"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"  # another system said that it was paid
    LATE_CHARGES = "late_charges"
    PAYMENT = "payment"
    DISCOUNT = "discount"
    REVERSAL = "reversal"


_ORDER = {entry: place for place, entry in enumerate(Entry)}
_OPEN = frozenset({InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED})


@dataclass(frozen=True)
class StatedCharge:
    """A charge on an invoice."""

    description: str
    amount: Decimal


@dataclass(frozen=True)
class StatedRenegotiation:
    """Another due date of an invoice; `charges` went onto its amount."""

    on: date
    due_date: date
    charges: Decimal


@dataclass(frozen=True)
class StatedInvoice:
    """An invoice; `closed_on` is when it was replaced or cancelled, `agreement` what did it."""

    id: int
    label: str
    issued_on: date
    due_date: date
    amount: Decimal
    open_amount: Decimal
    status: str
    description: str = ""
    closed_on: date | None = None
    agreement: int | None = None
    is_grouped: bool = False
    charges: tuple[StatedCharge, ...] = ()
    renegotiations: tuple[StatedRenegotiation, ...] = ()

    @property
    def billed(self) -> Decimal:
        """What it came to before late charges were put onto it."""
        return self.amount - sum((each.charges for each in self.renegotiations), ZERO)


@dataclass(frozen=True)
class StatedPayment:
    """A payment of one of the invoices."""

    invoice_id: int
    source: str
    paid_on: date
    amount: Decimal
    applied: Decimal
    discount: Decimal = ZERO
    charges: Decimal = ZERO
    reversed_on: date | None = None


@dataclass(frozen=True)
class StatedAgreement:
    """An agreement that the customer made; its money stands in its invoices."""

    id: int
    made_on: date
    status: str
    total: Decimal


@dataclass(frozen=True)
class StatementLine:
    """A line. `debit` is what the customer owes more, `credit` less; a charge is neither.

    `label` is the invoice's or agreement's own, `note` what is told besides.
    """

    entry: Entry
    on: date
    amount: Decimal
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    balance: Decimal = ZERO
    label: str = ""
    note: str = ""
    due_date: date | None = None
    invoice_id: int | None = None
    agreement_id: int | None = None
    source: str = ""
    is_grouped: bool = False


@dataclass(frozen=True)
class Statement:
    """The lines of the days asked for, what they come to, and the balance after the last."""

    lines: tuple[StatementLine, ...]
    balance: Decimal

    @property
    def debits(self) -> Decimal:
        """What the lines add to what is owed."""
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credits(self) -> Decimal:
        """What the lines take off what is owed."""
        return sum((line.credit for line in self.lines), ZERO)


def make_statement(
    invoices: Sequence[StatedInvoice],
    payments: Sequence[StatedPayment],
    agreements: Iterable[StatedAgreement] = (),
    *,
    since: date | None = None,
    until: date | None = None,
) -> Statement:
    """This will tell everything in order. `until` is the last day; None: no limit.

    What came before `since` stands in one line, with the balance that it left.
    """
    by_id = {invoice.id: invoice for invoice in invoices}
    taken = _taken(payments)
    lines = [line for invoice in invoices for line in _of_invoice(invoice, taken)]
    lines += [line for payment in payments for line in _of_payment(payment, by_id)]
    lines += [_of_agreement(agreement) for agreement in agreements]
    lines.sort(key=lambda line: (line.on, line.invoice_id or 0, _ORDER[line.entry]))
    shown = _with_balances(lines)
    if until is not None:
        shown = [line for line in shown if line.on <= until]
    balance = shown[-1].balance if shown else ZERO
    return Statement(tuple(_from(shown, since)), balance)


def _with_balances(lines: Iterable[StatementLine]) -> list[StatementLine]:
    balance, told = ZERO, []
    for line in lines:
        balance += line.debit - line.credit
        told.append(replace(line, balance=balance))
    return told


def _from(lines: list[StatementLine], since: date | None) -> list[StatementLine]:
    before = [line for line in lines if since is not None and line.on < since]
    if since is None or not before:
        return lines
    left = before[-1].balance
    opening = StatementLine(Entry.BEFORE, since, left, balance=left)
    return [opening, *lines[len(before) :]]


def _of_invoice(invoice: StatedInvoice, taken: Mapping[int, Decimal]) -> Iterable[StatementLine]:
    yield StatementLine(
        Entry.INVOICE, invoice.issued_on, invoice.billed, debit=invoice.billed,
        label=invoice.label, note=invoice.description, due_date=invoice.due_date,
        invoice_id=invoice.id, is_grouped=invoice.is_grouped,
    )  # fmt: skip
    for charge in invoice.charges:
        yield StatementLine(
            Entry.CHARGE, invoice.issued_on, charge.amount, note=charge.description,
            label=invoice.label, invoice_id=invoice.id,
        )  # fmt: skip
    for each in invoice.renegotiations:
        yield StatementLine(
            Entry.RENEGOTIATED, each.on, each.charges, debit=each.charges, label=invoice.label,
            due_date=each.due_date, invoice_id=invoice.id,
        )  # fmt: skip
    closed = _closed_otherwise(invoice, taken)
    if closed:
        yield StatementLine(
            _why_closed(invoice), invoice.closed_on or invoice.due_date, closed, credit=closed,
            label=invoice.label, invoice_id=invoice.id, agreement_id=invoice.agreement,
        )  # fmt: skip


def _taken(payments: Sequence[StatedPayment]) -> Mapping[int, Decimal]:
    """What payments that stand took off each invoice, discounts included."""
    taken: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for payment in payments:
        if payment.reversed_on is None:
            taken[payment.invoice_id] += payment.applied + payment.discount
    return taken


def _closed_otherwise(invoice: StatedInvoice, taken: Mapping[int, Decimal]) -> Decimal:
    """What of an invoice is owed no more although no payment took it."""
    still_owed = invoice.open_amount if invoice.status in _OPEN else ZERO
    return invoice.amount - taken.get(invoice.id, ZERO) - still_owed


def _why_closed(invoice: StatedInvoice) -> Entry:
    if invoice.status == InvoiceStatus.REPLACED:
        return Entry.REPLACED
    return Entry.CANCELLED if invoice.status == InvoiceStatus.CANCELLED else Entry.ELSEWHERE


def _of_payment(
    payment: StatedPayment, invoices: dict[int, StatedInvoice]
) -> Iterable[StatementLine]:
    label = invoices[payment.invoice_id].label
    told = {"label": label, "invoice_id": payment.invoice_id, "source": payment.source}
    amount = payment.amount
    yield StatementLine(Entry.PAYMENT, payment.paid_on, amount, credit=amount, **told)  # type: ignore[arg-type]
    if payment.reversed_on is not None:
        on = payment.reversed_on
        yield StatementLine(Entry.REVERSAL, on, amount, debit=amount, **told)  # type: ignore[arg-type]
        return
    if payment.charges:
        late = payment.charges
        yield StatementLine(Entry.LATE_CHARGES, payment.paid_on, late, debit=late, **told)  # type: ignore[arg-type]
    if payment.discount:
        off = payment.discount
        yield StatementLine(Entry.DISCOUNT, payment.paid_on, off, credit=off, **told)  # type: ignore[arg-type]


def _of_agreement(agreement: StatedAgreement) -> StatementLine:
    return StatementLine(
        Entry.AGREEMENT, agreement.made_on, agreement.total, label=str(agreement.id),
        note=agreement.status, agreement_id=agreement.id,
    )  # fmt: skip
