"""Who hears what became of an agreement: the customer's collections, the bureau records."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models import bureau, cases, outbox
from models.agreements import Agreement
from models.cases import Case
from models.standings import refresh_standings
from rules.cases import Process
from rules.collections import AccountStage


async def tell_of(
    session: AsyncSession, case: Case, agreement: Agreement, *, was: str, by: str, at: datetime
) -> None:
    """This will have everybody concerned look again, after invoices moved or the agreement ended.

    `was` is the status it had; a new one goes into the account's history too.
    """
    news_id = f"agreement/{agreement.number}/{case.version}"
    account = await cases.case_of(
        session, process=Process.COLLECTIONS, subject_id=agreement.customer_id
    )
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


def _wake(session: AsyncSession, account: Case, *, by: str, at: datetime) -> None:
    """A payment that is taken back can find the account closed; its next move finds its stage."""
    if account.closed_at is not None:
        cases.reopen(session, account, AccountStage.IN_AGREEMENT, by=by, at=at)
        session.add(account)
