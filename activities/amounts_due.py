"""What settles an invoice on a day, by the terms of the profile that it is collected by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendars import load_calendar
from models.contracts import Contract
from models.index_months import rates_of
from models.invoices import Invoice
from models.payment_profiles import profile_or_default
from models.payments import principal_paid
from models.policies import load_policy
from models.registries import PaymentProfile
from rules.debts import DebtPolicy
from rules.invoice_documents import AmountDue, Debt, amount_due, charges_within
from rules.late_charges import LateTerms, LegalRates
from rules.money import ZERO
from rules.panels import InvoiceStatus


async def terms_of(session: AsyncSession, invoice: Invoice) -> LateTerms:
    """The late-payment terms of an invoice: its profile's, within what the law allows.

    Without a profile, those of the law; where the profile says that no rate was agreed, the legal
    one, months that nobody informed left out. Correction comes with any, if the house corrects.
    """
    return (await terms_by_invoice(session, [invoice.key]))[invoice.key]


async def terms_by_invoice(
    session: AsyncSession, invoice_ids: Collection[int]
) -> dict[int, LateTerms]:
    """The same of many invoices, in as many questions as there are profiles among them."""
    statement = (
        select(Invoice.id, Invoice.payment_profile_id, col(Contract.telecom_service))
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(col(Invoice.id).in_(invoice_ids))
    )
    alike: dict[tuple[int | None, bool], list[int]] = defaultdict(list)
    for invoice_id, profile_id, is_telecom in await session.exec(statement):
        alike[profile_id, is_telecom is not False].append(invoice_id or 0)
    found: dict[int, LateTerms] = {}
    for (profile_id, is_telecom), ids in alike.items():
        found |= dict.fromkeys(ids, await _terms(session, profile_id, is_telecom=is_telecom))
    return found


async def _terms(session: AsyncSession, profile_id: int | None, *, is_telecom: bool) -> LateTerms:
    """The limits of a telecom debt hold unless its contract is known to be another."""
    policy = await load_policy(session, DebtPolicy())
    profile = await profile_or_default(session, profile_id)
    correction = await rates_of(session, policy.correction_index) if policy.corrects_late else None
    terms = LateTerms(rounding=policy.rounding, correction=correction)
    if profile is None:
        return terms
    fine, interest = charged_by(profile, policy, is_telecom=is_telecom)
    legal = await _legal_rates(session, policy) if profile.has_legal_rate else None
    return replace(terms, fine_percent=fine, interest_percent_month=interest, legal=legal)


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
    paid = await principal_paid(session, [invoice.key]) if is_late else {}
    debt = Debt(
        open_amount=invoice.open_amount,
        due_date=invoice.due_date,
        discount=invoice.pay_on_time_discount,
        paid=paid.get(invoice.key, ()),
    )
    calendar = await load_calendar(session)
    return amount_due(debt, on=on, terms=terms, calendar=calendar)


async def charges_in(
    session: AsyncSession, invoice: Invoice, amount: Decimal, *, paid_on: date
) -> Decimal:
    """What of a payment beyond the open amount is late charges of its day, where nobody told."""
    terms = await terms_of(session, invoice)
    due = await due_of(session, invoice, on=paid_on, terms=terms)
    return charges_within(amount, due) if due else ZERO
