"""What decides about an agreement, read from its rows."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from models import agreements, cases
from models.agreements import Agreement
from models.calendars import load_calendar
from models.cases import Case
from models.coming_days import days_out
from models.customer_marks import is_left_alone
from models.invoices import Invoice
from rules.agreement_terms import AgreementKind
from rules.agreements import AgreedInvoice, AgreementFacts, AgreementStatus, AgreementStep
from rules.business_days import local_date
from rules.panels import InvoiceStatus


async def load_facts(session: AsyncSession, case: Case, agreement: Agreement) -> AgreementFacts:
    """The facts of an agreement as the rows stand, the session's own changes included."""
    await session.flush()
    linked = await agreements.linked_invoices(session, agreement.number, role=agreement.kept_by)
    checked = await cases.has_event(session, case, kind=AgreementStep.CHECK_PROMISE)
    return AgreementFacts(
        status=AgreementStatus(agreement.status),
        kind=AgreementKind(agreement.kind),
        tolerance_date=agreement.tolerance_date,
        reminded_until=agreement.reminded_until or local_date(agreement.made_at),
        is_promise_checked=checked,
        invoices=tuple(
            _agreed(invoice) for _, invoice in linked if invoice.status != InvoiceStatus.CANCELLED
        ),
        out=await days_out(session, case),
        is_left_alone=await is_left_alone(session, agreement.customer_id),
        calendar=await load_calendar(session),
    )


def _agreed(invoice: Invoice) -> AgreedInvoice:
    is_settled = invoice.status == InvoiceStatus.SETTLED
    return AgreedInvoice(
        invoice.key,
        invoice.due_date,
        invoice.settled_on or invoice.due_date if is_settled else None,
    )
