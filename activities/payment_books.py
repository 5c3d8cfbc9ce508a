"""Payments in sets: what record_payment does with one, done to those of a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_pages import WrittenPage, tell_journeys
from activities.invoice_webhooks import invoice_happening
from activities.payment_thanks import Settling, thank
from activities.payments import NewPayment
from activities.promises import judge_promises
from activities.protest_tasks import follow_settlements
from activities.provisioning import reconcile
from models import asked_blocks, imports
from models.calendars import load_calendar
from models.invoices import Invoice, InvoiceEvent
from models.payments import Payment
from models.policies import load_policy
from models.standings import refresh_standings
from models.webhooks import announce_all, endpoints_for
from rules import payment_application as application
from rules import payments as rules
from rules.business_days import Calendar
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.payment_application import Paid, Taken
from rules.payment_policy import PaymentPolicy
from rules.payments import PaymentSource
from rules.webhooks import BusinessEventKind

#: What of an invoice its payments are judged by.
KEPT = (
    *("customer_id", "due_date", "pay_on_time_discount", "amount", "open_amount", "status"),
    *("settled_on", "agreement_id", "collection_stage", "bureau_stage"),
)


@dataclass
class Books:
    """The invoices of a page as its payments change them, one after the other.

    `explained` is what payments account for of each, discounts included.
    """

    invoices: dict[int, dict[str, Any]]
    explained: dict[int, Decimal]
    calendar: Calendar
    tolerance: Decimal = ZERO
    payments: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)

    def owed(self, new: NewPayment) -> Decimal:
        """How much its invoice may take of a payment. Refuses what payable_of refuses."""
        return self.owed_of(new.invoice_id, new.source)

    def owed_of(self, invoice_id: int, source: PaymentSource) -> Decimal:
        """How much an invoice may take of a payment that came so. Refuses as `owed`."""
        invoice = self.invoices[invoice_id]
        paid = invoice["amount"] - invoice["open_amount"]
        return rules.payable_of(
            source, invoice["status"], invoice=invoice["code"],
            open_amount=invoice["open_amount"],
            unexplained=paid - self.explained.get(invoice_id, ZERO),
        )  # fmt: skip

    def enter(self, new: NewPayment, page: WrittenPage, *, owed: Decimal) -> Taken:
        """This will let its invoice take a payment that was checked, of what it `owed` for it."""
        invoice = self.invoices[new.invoice_id]
        offer = application.on_time_discount(
            invoice["pay_on_time_discount"], due_date=invoice["due_date"], calendar=self.calendar
        )
        paid = Paid(new.amount - new.charges, new.paid_on)
        taken = application.take(paid, owed=owed, offer=offer, tolerance=self.tolerance)
        self.explained[new.invoice_id] = self.explained.get(new.invoice_id, ZERO) + taken.total
        if rules.is_lowered(invoice["status"], owed=owed):
            self._lower(invoice, owed - taken.total, new)
        self.payments.append(_payment(new, taken, page))
        self.events.append(_event(invoice, new, taken, page))
        return taken

    def _lower(self, invoice: dict[str, Any], left: Decimal, new: NewPayment) -> None:
        invoice["open_amount"] = left
        self.changed.add(invoice["id"])
        if not left:
            invoice |= {"status": InvoiceStatus.SETTLED, "settled_on": new.paid_on}


async def open_books(session: AsyncSession, invoices: Collection[Mapping[str, Any]]) -> Books:
    """This will begin with invoices that were locked, each with its id, code and KEPT fields."""
    by_id = {row["id"]: {**row} for row in invoices}
    # What is owed whole was never paid, as far as anybody told.
    touched = [row["id"] for row in by_id.values() if row["open_amount"] != row["amount"]]
    explained = await imports.explained_by_invoice(session, touched) if touched else {}
    policy = await load_policy(session, PaymentPolicy())
    return Books(by_id, explained, await load_calendar(session), policy.tolerance)


async def write_books(session: AsyncSession, books: Books, page: WrittenPage) -> None:
    """This will write the payments, and let everybody concerned know."""
    changed = [books.invoices[invoice_id] for invoice_id in sorted(books.changed)]
    fields = ("open_amount", "status", "settled_on")
    await imports.insert_rows(session, Payment, books.payments)
    await imports.update_rows(
        session, Invoice, {i["id"]: {field: i[field] for field in fields} for i in changed}
    )
    await imports.insert_rows(session, InvoiceEvent, books.events)
    if changed:
        settled = [i for i in changed if not i["open_amount"]]
        await tell_journeys(session, changed, page)
        await _lift(session, [i["id"] for i in settled], page)
        await _announce(session, settled, page)
        await _judge(session, {i["customer_id"] for i in changed}, page)
        await follow_settlements(session, {i["customer_id"] for i in settled}, at=page.at)
        await thank(session, list(_settling(books, settled)), at=page.at)
    shown = {i["customer_id"] for i in changed if i["collection_stage"] or i["bureau_stage"]}
    if shown:
        await refresh_standings(session, shown)


async def _judge(session: AsyncSession, customers: Collection[int], page: WrittenPage) -> None:
    """A promise is kept as soon as enough is paid, whichever way the money came."""
    after: int | None = 0
    while after is not None:
        _, after = await judge_promises(
            session, today=page.today, at=page.at, after=after, customer_ids=customers
        )


def _settling(books: Books, settled: Sequence[Mapping[str, Any]]) -> Iterator[Settling]:
    """The last payment of each invoice that was being collected.

    Only what a bank tells: a file of payments may be history that is taken over.
    """
    last = {payment["invoice_id"]: payment for payment in books.payments}
    for invoice in settled:
        paid = last[invoice["id"]]
        if invoice["collection_stage"] is not None and paid["source"] == PaymentSource.BANK:
            yield Settling(
                paid["code"], invoice["id"], invoice["customer_id"], paid["amount"],
                paid["paid_on"],
            )  # fmt: skip


async def _lift(session: AsyncSession, settled: Sequence[int], page: WrittenPage) -> None:
    """What the settled invoices asked for is lifted in the transaction that settles them."""
    contracts = await asked_blocks.suspended_behind(session, settled)
    await reconcile(session, contracts, today=page.today, by="system", at=page.at)


def _payment(new: NewPayment, taken: Taken, page: WrittenPage) -> dict[str, Any]:
    return {
        "code": new.code, "invoice_id": new.invoice_id, "amount": new.amount,
        "applied": taken.applied, "discount": taken.discount, "charges": new.charges,
        "fine": new.fine, "fee": new.fee, "paid_on": new.paid_on, "credited_on": new.at_hand_on,
        "source": new.source, "at": page.at, "by": page.by,
        "reversed_at": None, "reversed_by": None, "reversal_reason": "",
    }  # fmt: skip


def _event(
    invoice: Mapping[str, Any], new: NewPayment, taken: Taken, page: WrittenPage
) -> dict[str, Any]:
    parameters = {
        "code": new.code, "source": new.source, "amount": str(new.amount),
        "paid_on": new.paid_on.isoformat(), "left": str(invoice["open_amount"]),
        "excess": str(new.amount - new.charges - taken.applied), **application.told_discount(taken),
    }  # fmt: skip
    return {
        "invoice_id": new.invoice_id, "at": page.at, "by": page.by, "kind": "payment",
        "parameters": parameters,
    }  # fmt: skip


async def _announce(
    session: AsyncSession, settled: Sequence[Mapping[str, Any]], page: WrittenPage
) -> None:
    kind = BusinessEventKind.INVOICE_PAID
    if settled and await endpoints_for(session, kind):
        told = [invoice_happening(each, paid_on=each["settled_on"].isoformat()) for each in settled]
        await announce_all(session, kind, told, at=page.at)
