"""Editing an instalment: its row, its history, its agreement's clocks, and what banks are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.agreements import check_payment_profile
from activities.boleto_instructions import instruct
from activities.invoice_news import tell_concerned
from models.agreements import Agreement, Role, role_of
from models.boleto_instructions import numbers_of
from models.invoices import Invoice, record_invoice_event
from models.payment_profiles import profile_of
from models.payments import lock_paid_invoice
from models.policies import load_policy
from models.standings import refresh_standings
from rules import invoice_edits as rules
from rules.agreement_terms import check_description
from rules.agreements import AgreementPolicy
from rules.boleto_instructions import WRITE_OFF, Instruction, InstructionKind
from rules.business_days import local_date


@dataclass(frozen=True)
class InvoiceTerms:
    """What an invoice's terms are to be. `seen_due_date` is what the person saw; None: any."""

    due_date: date
    description: str
    payment_profile_id: int | None
    reason: str
    seen_due_date: date | None = None


async def facts_of(session: AsyncSession, invoice: Invoice) -> rules.EditedInvoice:
    """What decides whether an invoice may be edited."""
    agreement = await session.get(Agreement, invoice.agreement_id) if invoice.agreement_id else None
    role = await role_of(session, invoice)
    return rules.EditedInvoice(
        code=invoice.code,
        status=invoice.status,
        due_date=invoice.due_date,
        has_fiscal_document=invoice.fiscal_document_issued,
        has_remittance=invoice.remittance_generated,
        agreement_status=agreement.status if agreement else None,
        is_instalment=role == Role.INSTALMENT,
        tolerance_date=agreement.tolerance_date if agreement else None,
    )


async def check_editable(session: AsyncSession, invoice: Invoice) -> None:
    """This will refuse an invoice whose terms may not be edited, by the reason against it."""
    policy = await load_policy(session, AgreementPolicy())
    rules.check_editable(await facts_of(session, invoice), settings=policy.special_processes)


async def edit_invoice(
    session: AsyncSession, invoice_id: int, new: InvoiceTerms, *, by: str, at: datetime
) -> Invoice:
    """This will give an invoice of an agreement other terms; its amount stays.

    Its agreement's reminders count from the new date; its bank hears of it, and of a profile that
    collects no more. Refuses PaidInvoiceNotFound, InvoiceEditStale and what rules.invoice_edits
    refuses, before anything has changed.
    """
    invoice = await lock_paid_invoice(session, invoice_id)
    if new.seen_due_date is not None and new.seen_due_date != invoice.due_date:
        raise rules.InvoiceEditStale
    await check_editable(session, invoice)
    await _check_terms(session, invoice, new, at=at)
    was = invoice.due_date
    _change(invoice, new)
    session.add(invoice)
    profile = await profile_of(session, invoice)
    record_invoice_event(
        session, invoice, kind="edited", by=by, at=at, was_due_on=was.isoformat(),
        due_on=new.due_date.isoformat(), profile=profile.name if profile else "—",
        description=new.description or "—", reason=new.reason,
    )  # fmt: skip
    await _tell_banks(session, invoice, profile.id if profile else None, was=was, by=by, at=at)
    await tell_concerned(session, invoice, news_id=f"invoice/{invoice.key}/edited/{at}", at=at)
    await refresh_standings(session, [invoice.customer_id])
    return invoice


async def _check_terms(
    session: AsyncSession, invoice: Invoice, new: InvoiceTerms, *, at: datetime
) -> None:
    rules.check_due_date(
        new.due_date, invoice=await facts_of(session, invoice), today=local_date(at)
    )
    check_description(new.description)
    rules.check_reason(new.reason)
    if new.payment_profile_id not in {None, invoice.payment_profile_id}:
        await check_payment_profile(session, new.payment_profile_id)


def _change(invoice: Invoice, new: InvoiceTerms) -> None:
    if new.due_date != invoice.due_date:
        invoice.due_date, invoice.ladder_next_on = new.due_date, None
    invoice.description = new.description
    invoice.payment_profile_id = new.payment_profile_id


async def _tell_banks(
    session: AsyncSession, invoice: Invoice, profile_id: int | None, *, was: date, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """The boleto of a profile that collects no more is written off; the other gets the new date."""
    moved = Instruction(InstructionKind.NEW_DUE_DATE, invoice.due_date, invoice.open_amount)
    for number in await numbers_of(session, invoice.key):
        if number.payment_profile_id != profile_id:
            await instruct(session, number.id or 0, WRITE_OFF, by=by, at=at)
        elif invoice.due_date != was:
            await instruct(session, number.id or 0, moved, by=by, at=at)
