"""What settles an invoice on a day, by the terms of the profile that it is collected by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.contracts import Contract
from models.index_months import rates_of
from models.invoices import Invoice
from models.payment_profiles import profile_of
from models.payments import live_payments_of
from models.policies import load_policy
from models.registries import PaymentProfile
from rules.debts import DebtPolicy
from rules.invoice_documents import AmountDue, Debt, amount_due
from rules.late_charges import LateTerms, LegalRates, PrincipalPaid
from rules.money import ZERO
from rules.panels import InvoiceStatus


async def terms_of(session: AsyncSession, invoice: Invoice) -> LateTerms:
    """The late-payment terms of an invoice: its profile's, within what the law allows.

    Without a profile, those of the law; where the profile says that no rate was agreed, the legal
    one, months that nobody informed left out. Correction comes with any, if the house corrects.
    """
    policy = await load_policy(session, DebtPolicy())
    profile = await profile_of(session, invoice)
    correction = await rates_of(session, policy.correction_index) if policy.corrects_late else None
    terms = LateTerms(rounding=policy.rounding, correction=correction)
    if profile is None:
        return terms
    is_telecom = await bears_limits(session, invoice)
    fine, interest = charged_by(profile, policy, is_telecom=is_telecom)
    legal = await _legal_rates(session, policy) if profile.has_legal_rate else None
    return replace(terms, fine_percent=fine, interest_percent_month=interest, legal=legal)


async def bears_limits(session: AsyncSession, invoice: Invoice) -> bool:
    """Whether the limits of a telecom debt hold: unless its contract is known to be another."""
    contract = await session.get(Contract, invoice.contract_id or 0)
    return contract is None or contract.telecom_service


def charged_by(
    profile: PaymentProfile, policy: DebtPolicy, *, is_telecom: bool
) -> tuple[Decimal, Decimal]:
    """The fine and the month's interest of a profile, in per cent, as far as the law lets it."""
    if not is_telecom:
        return profile.fine_percent, profile.interest_percent
    return (
        min(profile.fine_percent, policy.telecom_fine_percent),
        min(profile.interest_percent, policy.telecom_interest_percent),
    )


async def _legal_rates(session: AsyncSession, policy: DebtPolicy) -> LegalRates:
    rates = await rates_of(session, policy.legal_rate_index)
    return LegalRates(rates, policy.legal_rate_from)


async def due_of(
    session: AsyncSession, invoice: Invoice, *, on: date, terms: LateTerms
) -> AmountDue | None:
    """What settles an invoice on a day; None where nothing is to be paid."""
    if invoice.status != InvoiceStatus.OPEN:
        return None
    is_late = on > invoice.due_date  # late charges may be paid before any of the principal is
    payments = await live_payments_of(session, invoice.key) if is_late else ()
    debt = Debt(
        open_amount=invoice.open_amount,
        due_date=invoice.due_date,
        discount=invoice.pay_on_time_discount,
        paid=[PrincipalPaid(each.paid_on, each.applied, each.charges) for each in payments],
    )
    calendar = await load_calendar(session)
    return amount_due(debt, on=on, terms=terms, calendar=calendar)


async def charges_in(
    session: AsyncSession, invoice: Invoice, amount: Decimal, *, paid_on: date
) -> Decimal:
    """What of a payment beyond the open amount is late charges of its day, where nobody told."""
    terms = await terms_of(session, invoice)
    due = await due_of(session, invoice, on=paid_on, terms=terms)
    if due is None:
        return ZERO
    return max(ZERO, min(amount - due.open_amount, due.charges.total))
