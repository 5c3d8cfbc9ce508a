"""What was signed, corrected: the setup's instalments are made anew, the term ends with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_charges import make_setup_charges
from activities.contract_recharge import free_keys, is_charged
from models.charges import Charge, cancel_charge, charges_of
from models.contracts import Contract
from models.invoices import Invoice
from rules.business_days import local_date
from rules.charges import ChargeKind
from rules.contract_edit import EditedTerms
from rules.contract_signing import SETUP_AMOUNTS, Invoiced
from rules.contract_terms import ContractPolicy, end_of_term
from rules.panels import InvoiceStatus
from rules.sentences import N_

CORRECTED = N_("Adesão corrigida")


async def invoiced_of(
    session: AsyncSession, contract: Contract, *, policy: ContractPolicy
) -> Invoiced:
    """The first invoices that hold the contract's setup, and any of it; cancelled ones hold
    nothing."""
    found: dict[bool, str] = {}
    statement: Any = (
        select(col(Charge.kind), col(Invoice.number), col(Invoice.code))
        .join(Invoice, col(Invoice.id) == col(Charge.invoice_id))
        .where(Charge.contract_id == contract.key, Invoice.status != InvoiceStatus.CANCELLED)
        .order_by(col(Invoice.id))
    )
    for kind, number, code in await session.exec(statement):
        found.setdefault(kind == ChargeKind.SETUP, number or code)
    setup = found.get(True, "")
    return Invoiced(
        setup=setup, any=setup or found.get(False, ""),
        adhesion_window_days=policy.adhesion_window_days,
        longest_term_months=policy.longest_term_months,
    )  # fmt: skip


def with_end_of_term(contract: Contract, terms: EditedTerms) -> EditedTerms:
    """A term of so many months ends with its signature, unless another end is asked for."""
    counts = contract.term_months and terms.ends_on == contract.ends_on
    if not counts or terms.signed_on in (None, contract.signed_on):
        return terms
    assert terms.signed_on is not None  # noqa: S101 - for the type
    return replace(terms, ends_on=end_of_term(terms.signed_on, months=contract.term_months))


async def correct_setup(
    session: AsyncSession, contract: Contract, changed: frozenset[str], *, by: str, at: datetime
) -> None:
    """This will have the setup charged as the contract says now; none of it is invoiced."""
    waiting = [
        each
        for each in await charges_of(session, contract.key)
        if each.kind == ChargeKind.SETUP and each.invoice_id is None
    ]
    if not SETUP_AMOUNTS & changed:
        for charge in waiting:
            charge.ledger_account_id = contract.setup_account_id
            session.add(charge)
        return
    for charge in waiting:
        cancel_charge(session, charge, reason=CORRECTED)
    free_keys(session, waiting, local_date(at))
    await session.flush()
    if waiting or contract.generate_setup_now or is_charged(contract):
        await make_setup_charges(session, contract, by=by, at=at)
