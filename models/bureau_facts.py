"""What decides about bureau records, read from contracts, notices, payments and agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import agreements, bureau
from models.agreements import AgreementInvoice, Role
from models.bureau import BureauRecord
from models.calendars import load_calendar
from models.cases import Case, CaseEvent
from models.contested import contested_days
from models.contracts import Contract
from models.invoices import Invoice
from models.notices import notice_of
from models.payments import live_payments_of
from rules.bureau import (
    BureauPolicy,
    BureauStep,
    RecordFacts,
    RecordStage,
    RemoveOn,
)
from rules.bureau_entry import CandidateFacts
from rules.business_days import CalendarKind, local_date
from rules.panels import CollectionStage, InvoiceStatus

NOTICE = "bureau_notice"


async def candidates(
    session: AsyncSession, invoices: Sequence[Invoice], *, today: date
) -> dict[int, CandidateFacts]:
    """What decides whether each of these invoices may be put at the bureau."""
    recorded = await bureau.live_records(session, [invoice.key for invoice in invoices])
    return {
        invoice.key: CandidateFacts(
            code=invoice.code,
            status=invoice.status,
            stage=invoice.collection_stage,
            due_date=invoice.due_date,
            has_live_record=invoice.key in recorded,
            is_before_termination=await _is_before_termination(session, invoice, today),
        )
        for invoice in invoices
    }


async def load_facts(
    session: AsyncSession, case: Case, record: BureauRecord, *, policy: BureauPolicy, now: datetime
) -> RecordFacts:
    """The facts of a record as the rows stand, the session's own changes included."""
    await session.flush()
    notice, sent_at = await notice_of(session, case, NOTICE)
    invoice = await session.get_one(Invoice, record.invoice_id)
    since, days = await _contested(session, invoice, noticed_at=record.noticed_at)
    done = await _done_since(session, case, record.conflict_since)
    return RecordFacts(
        stage=RecordStage(record.stage),
        now=now,
        noticed_at=sent_at or record.noticed_at,
        notice=notice,
        expires_on=record.expires_on,
        calendar=await load_calendar(session, kind=CalendarKind.BANK),
        is_owed=invoice.status == InvoiceStatus.OPEN,
        freed_on=await freed_on(session, invoice, policy=policy) or _conflict(record, since),
        is_contested=since is not None,
        stood_still_days=days,
        is_asked=BureauStep.ASK_REMOVAL in done,
        is_alerted=BureauStep.ALERT_REMOVAL in done,
    )


async def freed_on(session: AsyncSession, invoice: Invoice, *, policy: BureauPolicy) -> date | None:
    """The day on which the money was at hand that takes the invoice's record away; None: none yet.

    A replaced invoice is freed by the instalments in its place, also when those were replaced in
    turn: by the first one, or by all of them, as the policy says.
    """
    if invoice.status == InvoiceStatus.SETTLED:
        payments = await live_payments_of(session, invoice.key)
        credited = max((payment.credited_on for payment in payments), default=None)
        return credited or invoice.settled_on
    if invoice.status == InvoiceStatus.CANCELLED:
        return local_date(invoice.stage_since) if invoice.stage_since else invoice.due_date
    if invoice.collection_stage != CollectionStage.REPLACED or invoice.agreement_id is None:
        return None
    linked = await agreements.linked_invoices(session, invoice.agreement_id, role=Role.INSTALMENT)
    owed = [each for _, each in linked if each.status != InvoiceStatus.CANCELLED]
    days = [await freed_on(session, each, policy=policy) for each in owed]
    known = [day for day in days if day is not None]
    if policy.remove_on == RemoveOn.FIRST_INSTALLMENT:
        return min(known, default=None)
    return max(known, default=None) if len(known) == len(days) else None


def _conflict(record: BureauRecord, contested_since: date | None) -> date | None:
    """What stands at the bureau conflicts with a contestation; what was only noticed waits."""
    return None if record.stage == RecordStage.NOTICED else contested_since


async def _contested(
    session: AsyncSession, invoice: Invoice, *, noticed_at: datetime
) -> tuple[date | None, int]:
    """Since when the invoice is contested, if it is; on how many days since the notice it was."""
    pauses = (await contested_days(session, invoice.customer_id)).get(invoice.key, ())
    running = next((each.since for each in pauses if each.until is None), None)
    first = local_date(noticed_at)
    ended = [each.until - max(each.since, first) for each in pauses if each.until]
    return running, sum(max(each.days, 0) for each in ended)


async def _is_before_termination(session: AsyncSession, invoice: Invoice, today: date) -> bool:
    """Whether a telecom contract that the debt comes from has not ended."""
    return any(
        contract.telecom_service
        and (contract.terminated_on is None or contract.terminated_on > today)
        for contract in await _contracts_behind(session, invoice)
    )


async def _contracts_behind(session: AsyncSession, invoice: Invoice) -> list[Contract]:
    """The invoice's contract; an instalment of several has theirs."""
    if invoice.contract_id is not None:
        return [await session.get_one(Contract, invoice.contract_id)]
    made_by = select(AgreementInvoice.agreement_id).where(
        AgreementInvoice.invoice_id == invoice.id, AgreementInvoice.role == Role.INSTALMENT
    )
    statement = (
        select(Invoice)
        .join(AgreementInvoice, col(AgreementInvoice.invoice_id) == col(Invoice.id))
        .where(
            AgreementInvoice.role == Role.ORIGINAL,
            col(AgreementInvoice.agreement_id).in_(made_by),
        )
    )
    originals = (await session.exec(statement)).all()
    return [each for one in originals for each in await _contracts_behind(session, one)]


async def _done_since(session: AsyncSession, case: Case, since: datetime | None) -> set[str]:
    """The steps that the history tells since the record became a conflict."""
    if since is None:
        return set()
    statement = select(CaseEvent.kind).where(CaseEvent.case_id == case.id, CaseEvent.at >= since)
    return set(await session.exec(statement))
