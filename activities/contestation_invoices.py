"""An audited invoice is told to the contestations of its account; a preview makes one at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.carrier_replacements import check_counted, check_may_stand, replace_invoice
from activities.contestation_moves import file
from activities.contestation_news import reopen_returned
from activities.contestation_schedule import schedule
from activities.contestations import NothingToContest, contest_invoice
from models import cases, contestations, outbox
from models.carrier_invoices import CarrierInvoice, invoice_of, lock_invoice
from models.contestations import Contestation
from models.people import Deed, record
from models.policies import load_policy
from rules.business_days import local_date
from rules.cases import SYSTEM, CaseNotFound, Process
from rules.contestation import ContestationPolicy
from rules.contestation_commands import FileContestation, check_paid_on
from rules.money import CENT
from rules.refusals import Refusal


class PreviewNotPaid(Refusal):
    message = "Uma prévia não se paga: anote o pagamento na fatura emitida."
    field = "paid_on"


async def hear_of_invoice(session: AsyncSession, invoice: CarrierInvoice, *, at: datetime) -> None:
    """This will have everybody concerned look again, in the transaction that ends an audit.

    Credits, proofs of corrections and previews are looked for by each contestation's own move.
    """
    await session.flush()
    if invoice.is_preview:
        await _contest_preview(session, invoice, at=at)
        return
    await reopen_returned(session, invoice, at=at)
    await session.flush()
    await tell_account(session, invoice.account_id, news_id=_news_id(invoice, at), at=at)


async def note_payment(
    session: AsyncSession, invoice_id: int, paid_on: date | None, *, deed: Deed
) -> CarrierInvoice:
    """This will say when the company paid a carrier's invoice, None: it did not.

    What is owed back of it depends on that: the account's contestations look again. Refuses
    CarrierInvoiceNotFound, one that was replaced (CarrierInvoiceReplaced), a preview
    (PreviewNotPaid), and a day that cannot be (check_paid_on).
    """
    invoice = await invoice_of(session, invoice_id)
    await check_counted(session, invoice)
    if invoice.is_preview:
        raise PreviewNotPaid
    if paid_on is not None:
        check_paid_on(paid_on, issued_on=invoice.issue_date, today=local_date(deed.at))
    invoice.paid_on = paid_on
    session.add(invoice)
    news_id = f"carrier-invoice/{invoice_id}/paid/{deed.at.timestamp():.0f}"
    await tell_account(session, invoice.account_id, news_id=news_id, at=deed.at)
    record(
        session, deed, "carrier_invoice.paid", subject=f"carrier_invoice/{invoice_id}",
        paid_on=str(paid_on or ""),
    )  # fmt: skip
    return invoice


async def replace_by_known(
    session: AsyncSession, invoice_id: int, known_id: int, *, reason: str, deed: Deed
) -> CarrierInvoice:
    """This will have an invoice that is here count in the place of another of its month.

    For one that its carrier issued anew under another number, and that was imported beside the
    first. Refuses what check_may_stand and replace_invoice do.
    """
    old, known = await lock_invoice(session, invoice_id), await lock_invoice(session, known_id)
    await check_may_stand(session, known, of=old)
    await replace_invoice(session, old, known, reason=reason, by=deed.by, at=deed.at)
    await session.flush()
    news_id = f"carrier-invoice/{invoice_id}/replaced/{known_id}"
    await tell_account(session, old.account_id, news_id=news_id, at=deed.at)
    record(
        session, deed, "carrier_invoice.replace", subject=f"carrier_invoice/{invoice_id}",
        invoice=known_id, reason=reason,
    )  # fmt: skip
    return old


async def tell_account(
    session: AsyncSession, account_id: int, *, news_id: str, at: datetime
) -> None:
    """This will have the open contestations of an account look at its invoices again."""
    for each in await contestations.live_on_account(session, account_id):
        case = await cases.case_of(session, process=Process.CONTESTATION, subject_id=each.number)
        if case is not None:
            outbox.tell_case(session, case, news_id=news_id, at=at)


async def _contest_preview(session: AsyncSession, invoice: CarrierInvoice, *, at: datetime) -> None:
    """All that a preview charges too much goes out at once, to be mended before it is issued."""
    policy = await load_policy(session, ContestationPolicy())
    if not policy.files_previews:
        return
    try:
        made = await contest_invoice(session, invoice.key, minimum=CENT, by=SYSTEM, at=at)
    except NothingToContest:
        return
    await file_drafts(session, [made], by=SYSTEM, approves=True, at=at)


async def file_drafts(
    session: AsyncSession, made: Sequence[Contestation], *, by: str, approves: bool, at: datetime
) -> None:
    """This will file drafts in the transaction that made them, each by one letter.

    Refuses a large amount to who may not approve (ApprovalRequired).
    """
    policy = await load_policy(session, ContestationPolicy())
    for each in made:
        case = await cases.case_of(session, process=Process.CONTESTATION, subject_id=each.number)
        if case is None:
            raise CaseNotFound
        await file(session, case, each, FileContestation(by, approves=approves), policy, at)
        await schedule(session, case, each, policy=policy)


def _news_id(invoice: CarrierInvoice, at: datetime) -> str:
    return f"carrier-invoice/{invoice.key}/{at.timestamp():.0f}"
