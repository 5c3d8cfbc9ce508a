"""Who hears what became of an agreement: the customer's collections, the bureau records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models import bureau, cases, outbox
from models.agreements import Agreement
from models.cases import Case
from models.invoices import Invoice
from models.standings import refresh_standings
from rules.agreements import AgreementReason
from rules.cases import Process
from rules.collections import AccountStage
from rules.money import ZERO

#: What became of an agreement's invoices, as the histories of agreement and account tell it.
TOLD = {
    AgreementReason.SETTLED: "agreed_settled",
    AgreementReason.PAYMENT_REVERSED: "agreed_reversed",
}


async def tell_of(
    session: AsyncSession, case: Case, agreement: Agreement, *, was: str, by: str, at: datetime
) -> None:
    """This will have everybody concerned look again, after invoices moved or the agreement ended.

    `was` is the status it had; a new one goes into the account's history too.
    """
    news_id = f"agreement/{agreement.number}/{case.version}"
    account = await _account_of(session, agreement)
    if account is not None:
        if agreement.status != was:
            cases.record_event(
                session, account, kind=f"agreement_{agreement.status}", by=by, at=at,
                agreement_id=agreement.number, reason=agreement.reason,
            )  # fmt: skip
        _wake(session, account, by=by, at=at)
        outbox.tell_case(session, account, news_id=news_id, at=at)
    await bureau.tell_records_of(session, agreement.number, news_id=news_id, at=at)
    await refresh_standings(session, [agreement.customer_id])


async def tell_of_payments(
    session: AsyncSession,
    case: Case,
    agreement: Agreement,
    moved: Sequence[tuple[Invoice, AgreementReason]],
    *,
    at: datetime,
) -> None:
    """This will write what was paid of an agreement, and what was taken back, into its history and
    the account's: `moved` are the invoices that moved, and why."""
    account = None
    for reason, kind in TOLD.items():
        invoices = [invoice for invoice, why in moved if why == reason]
        if not invoices:
            continue
        account = account or await _account_of(session, agreement)
        for each in filter(None, (case, account)):
            cases.record_event(
                session, each, kind=kind, by="system", at=at, agreement_id=agreement.number,
                invoices=len(invoices), codes=[invoice.code for invoice in invoices],
                amount=str(sum((invoice.amount for invoice in invoices), ZERO)),
            )  # fmt: skip


async def _account_of(session: AsyncSession, agreement: Agreement) -> Case | None:
    return await cases.case_of(
        session, process=Process.COLLECTIONS, subject_id=agreement.customer_id
    )


def _wake(session: AsyncSession, account: Case, *, by: str, at: datetime) -> None:
    """A payment that is taken back can find the account closed; its next move finds its stage."""
    if account.closed_at is not None:
        cases.reopen(session, account, AccountStage.IN_AGREEMENT, by=by, at=at)
        session.add(account)
