"""Renegotiating one invoice: due date, late charges, its history, and what the bank is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import due_of, terms_of
from activities.boleto_instructions import instruct
from activities.provisioning import reconcile
from models import asked_blocks
from models.boleto_instructions import InvoiceRenegotiation, numbers_of
from models.contested import contested
from models.invoices import Invoice, record_invoice_event
from models.payments import lock_paid_invoice
from models.policies import load_policy
from rules import renegotiation as rules
from rules.boleto_instructions import Instruction, InstructionKind
from rules.business_days import local_date
from rules.cases import SYSTEM
from rules.invoice_documents import AmountDue
from rules.money import ZERO
from rules.payment_policy import PaymentPolicy


@dataclass(frozen=True)
class NewTerms:
    """What is asked for. `seen_due_date` is what the person saw; None: does not matter."""

    due_date: date
    keeps_charges: bool
    reason: str
    seen_due_date: date | None = None


async def facts_of(session: AsyncSession, invoice: Invoice) -> rules.RenegotiatedInvoice:
    """What decides whether an invoice may be renegotiated."""
    return rules.RenegotiatedInvoice(
        invoice.status, invoice.due_date, invoice.collection_stage, invoice.bureau_stage,
        invoice.agreement_id, bool(await contested(session, [invoice.key])),
    )  # fmt: skip


async def due_today(session: AsyncSession, invoice: Invoice, today: date) -> AmountDue | None:
    """What would settle the invoice today, with its late charges line by line."""
    terms = await terms_of(session, invoice)
    return await due_of(session, invoice, on=today, terms=terms)


async def renegotiate(
    session: AsyncSession, invoice_id: int, new: NewTerms, *, by: str, at: datetime
) -> InvoiceRenegotiation:
    """This will move an invoice's due date; its late charges until today go onto it or are waived.

    The boleto keeps its number, and its bank is to be told the new date and amount. The ladder
    counts from the new date; a block for it is lifted here, and comes back should the new date pass
    unpaid. Refuses
    PaidInvoiceNotFound, RenegotiationStale and what rules.renegotiation refuses.
    """
    invoice = await lock_paid_invoice(session, invoice_id)
    if new.seen_due_date is not None and new.seen_due_date != invoice.due_date:
        raise rules.RenegotiationStale
    rules.check_invoice(await facts_of(session, invoice))
    rules.check_reason(new.reason)
    today, policy = local_date(at), await load_policy(session, PaymentPolicy())
    rules.check_new_due_date(
        new.due_date, due_date=invoice.due_date, today=today, most_days=policy.most_new_due_days
    )
    due = await due_today(session, invoice, today)
    late = due.charges.total if due else ZERO
    kept = rules.kept_charges(late, keeps=new.keeps_charges)
    row = InvoiceRenegotiation(
        invoice_id=invoice.key, was_due_on=invoice.due_date, due_on=new.due_date, charges=kept,
        waived=late - kept, reason=new.reason, at=at, by=by,
    )  # fmt: skip
    session.add(row)
    _move(invoice, new.due_date, kept, is_late=bool(due and due.charges.lines))
    session.add(invoice)
    record_invoice_event(
        session, invoice, kind="renegotiated", by=by, at=at, was=row.was_due_on.isoformat(),
        now=row.due_on.isoformat(), charges=str(kept), waived=str(row.waived), reason=new.reason,
    )  # fmt: skip
    await _tell_banks(session, invoice, by=by, at=at)
    await session.flush()
    contracts = await asked_blocks.suspended_behind(session, [invoice.key])
    await reconcile(session, contracts, today=today, by=SYSTEM, at=at)
    return row


def _move(invoice: Invoice, due_date: date, charges: Decimal, *, is_late: bool) -> None:
    invoice.due_date, invoice.ladder_next_on = due_date, None
    invoice.amount += charges
    invoice.open_amount += charges
    if is_late:
        invoice.pay_on_time_discount = ZERO


async def _tell_banks(session: AsyncSession, invoice: Invoice, *, by: str, at: datetime) -> None:
    told = Instruction(InstructionKind.NEW_DUE_DATE, invoice.due_date, invoice.open_amount)
    for number in await numbers_of(session, invoice.key):
        await instruct(session, number.id or 0, told, by=by, at=at)
