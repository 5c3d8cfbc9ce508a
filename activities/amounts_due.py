"""What settles an invoice on a day, by the terms of the profile that it is collected by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.invoices import Invoice
from models.payments import live_payments_of
from models.registries import PaymentProfile
from rules.invoice_documents import AmountDue, Debt, amount_due
from rules.late_charges import LateTerms, PrincipalPaid
from rules.panels import InvoiceStatus


def terms_of(profile: PaymentProfile | None) -> LateTerms:
    """The late-payment terms of a profile; without one, those of the law."""
    terms = LateTerms()
    if profile is None:
        return terms
    return replace(
        terms,
        fine_percent=profile.fine_percent,
        interest_percent_month=profile.interest_percent,
    )


async def due_of(
    session: AsyncSession, invoice: Invoice, *, on: date, terms: LateTerms
) -> AmountDue | None:
    """What settles an invoice on a day; None where nothing is to be paid."""
    if invoice.status != InvoiceStatus.OPEN:
        return None
    was_paid = invoice.open_amount != invoice.amount
    payments = await live_payments_of(session, invoice.key) if was_paid else ()
    debt = Debt(
        open_amount=invoice.open_amount,
        due_date=invoice.due_date,
        discount=invoice.pay_on_time_discount,
        paid=[PrincipalPaid(payment.paid_on, payment.applied) for payment in payments],
    )
    calendar = await load_calendar(session)
    return amount_due(debt, on=on, terms=terms, calendar=calendar)
