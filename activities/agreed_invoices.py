"""The invoices of an agreement on their way: paid, broken, given back to negotiation, restored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from models import agreements
from models.agreements import Agreement, AgreementInvoice, Role
from models.invoices import Invoice, put_in_stage, record_invoice_event
from models.payments import forgiven
from rules.agreements import AgreementReason, AgreementStatus
from rules.business_days import local_date
from rules.collection_stages import CollectionStage
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.restoring import Original, Restored, restore


async def follow(
    session: AsyncSession, agreement: Agreement, *, at: datetime
) -> list[tuple[Invoice, AgreementReason]]:
    """This will put each invoice that the agreement is kept by where its payments put it.

    Gives those that moved, and why; a payment that was taken back moves its invoice back as well.
    """
    moved = []
    for invoice in await invoices_of(session, agreement):
        stage, reason = _place(invoice, agreement)
        if invoice.collection_stage != stage:
            put_in_stage(session, invoice, stage, by="system", at=at, reason=reason)
            moved.append((invoice, reason))
    return moved


async def invoices_of(session: AsyncSession, agreement: Agreement) -> list[Invoice]:
    """The invoices that must be paid for the agreement to be kept, for changing them."""
    linked = await agreements.linked_invoices(session, agreement.number, role=agreement.kept_by)
    return [invoice for _, invoice in linked if invoice.agreement_id == agreement.number]


async def give_back(
    session: AsyncSession, agreement: Agreement, *, reason: AgreementReason, by: str, at: datetime
) -> list[int]:
    """This will have what is unsettled negotiated anew, out of this agreement."""
    unsettled = [i for i in await invoices_of(session, agreement) if i.status == InvoiceStatus.OPEN]
    for invoice in unsettled:
        _negotiate(session, invoice, reason=reason, by=by, at=at)
    return [invoice.key for invoice in unsettled]


async def restore_originals(
    session: AsyncSession, agreement: Agreement, *, reason: AgreementReason, by: str, at: datetime
) -> list[int]:
    """This will cancel the unsettled new invoices and have the originals owe again, less what was
    paid; an agreement that changed nothing, or came without its originals, only lets its invoices
    go. Gives all that moved."""
    if agreement.kept_by == Role.ORIGINAL:
        return await give_back(session, agreement, reason=reason, by=by, at=at)
    instalments = await invoices_of(session, agreement)
    linked = await agreements.linked_invoices(session, agreement.number, role=Role.ORIGINAL)
    if not linked:  # taken over without them: what is left to pay is all that is owed
        return await give_back(session, agreement, reason=reason, by=by, at=at)
    lowered = sum((invoice.amount - invoice.open_amount for invoice in instalments), ZERO)
    paid = lowered - await forgiven(session, [invoice.key for invoice in instalments])
    cancelled = _cancel_unsettled(session, instalments, reason=reason, by=by, at=at)
    restoration = restore([_original(link, invoice) for link, invoice in linked], paid=paid)
    invoices = {invoice.key: invoice for _, invoice in linked}
    for row in restoration.rows:
        _restore(session, invoices[row.invoice_id], row, reason=reason, by=by, at=at)
    return [*cancelled, *invoices]


def _place(invoice: Invoice, agreement: Agreement) -> tuple[CollectionStage, AgreementReason]:
    """Where an invoice of a live agreement belongs, and why it would have to move there."""
    if invoice.status == InvoiceStatus.SETTLED:
        return CollectionStage.FULFILLED, AgreementReason.SETTLED
    if invoice.status == InvoiceStatus.CANCELLED:
        return CollectionStage.WITHDRAWN, AgreementReason.INVOICE_CANCELLED
    is_broken = agreement.status == AgreementStatus.BROKEN
    stage = CollectionStage.BROKEN if is_broken else CollectionStage.IN_AGREEMENT
    if invoice.collection_stage == CollectionStage.FULFILLED:
        return stage, AgreementReason.PAYMENT_REVERSED
    return stage, AgreementReason.BROKEN if is_broken else AgreementReason.MADE


def _negotiate(
    session: AsyncSession, invoice: Invoice, *, reason: AgreementReason, by: str, at: datetime
) -> None:
    invoice.agreement_id = None
    put_in_stage(session, invoice, CollectionStage.NEGOTIATING, by=by, at=at, reason=reason)


def _cancel_unsettled(
    session: AsyncSession,
    instalments: Sequence[Invoice],
    *,
    reason: AgreementReason,
    by: str,
    at: datetime,
) -> list[int]:
    """What was paid of them is counted already: they owe nothing from now on."""
    unsettled = [invoice for invoice in instalments if invoice.status == InvoiceStatus.OPEN]
    for invoice in unsettled:
        invoice.status, invoice.open_amount = InvoiceStatus.CANCELLED, ZERO
        put_in_stage(session, invoice, CollectionStage.WITHDRAWN, by=by, at=at, reason=reason)
    return [invoice.key for invoice in unsettled]


def _original(link: AgreementInvoice, invoice: Invoice) -> Original:
    return Original(invoice.key, invoice.due_date, Decimal(link.parts["open_amount"]))


def _restore(
    session: AsyncSession,
    invoice: Invoice,
    row: Restored,
    *,
    reason: AgreementReason,
    by: str,
    at: datetime,
) -> None:
    """Paid in whole by the agreement's instalments, it is recovered; else it is negotiated anew.

    It owes already what was taken back of earlier payments (activities.payments.reverse_payment).
    """
    invoice.open_amount += row.open_amount
    record_invoice_event(
        session, invoice, kind="restored", by=by, at=at, paid=str(row.paid),
        left=str(invoice.open_amount), agreement_id=invoice.agreement_id,
    )  # fmt: skip
    if invoice.open_amount:
        invoice.status = InvoiceStatus.OPEN
        _negotiate(session, invoice, reason=reason, by=by, at=at)
        return
    invoice.status, invoice.settled_on = InvoiceStatus.SETTLED, local_date(at)
    invoice.agreement_id = None
    put_in_stage(session, invoice, CollectionStage.RECOVERED, by=by, at=at, reason=reason)
