"""What a contestation learns by looking at the carrier's invoices again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_corrections import settle_corrections
from activities.contestation_credits import look_for_credit, look_for_missing
from activities.contestation_remedies import follow_payment
from activities.contestation_replacements import follow_replacement
from activities.contestation_schedule import enter
from activities.contestation_steps import forget_tasks
from models import cases, contestation_facts, contestations
from models.carrier_invoices import CarrierInvoice
from models.cases import Case
from models.contestations import Contestation, Correction
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage
from rules.contestation_commands import is_waiting
from rules.contestation_corrections import Cause, CorrectionStatus, judge
from rules.findings import FindingStatus
from rules.money import ZERO

PROVING = (ContestationStage.VERIFIED, ContestationStage.CORRECTING_ROOT_CAUSE)


async def catch_up(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will take in what invoices say by now, before a command or a deadline is judged."""
    if contestation.ended_at is not None or contestation.invoice_id is None:
        return
    if contestation.is_preview:
        await _compare_with_final(session, case, contestation, at)
        return
    await follow_replacement(session, case, contestation, at)
    if contestation.ended_at is not None:
        return
    await follow_payment(session, case, contestation, policy=policy, by="system", at=at)
    await look_for_money(session, case, contestation, policy=policy, at=at)
    await _judge_corrections(session, case, contestation, at)
    if contestation.stage in PROVING:
        await settle_corrections(session, case, contestation, by="system", at=at)


async def look_for_money(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will look on later invoices for what was granted, where any of it is awaited."""
    if contestation.stage == ContestationStage.AWAITING_CREDIT:
        await look_for_credit(session, case, contestation, policy, at)
    elif contestation.asks_granted and is_waiting(ContestationStage(contestation.stage)):
        await look_for_missing(session, case, contestation, policy, at)


async def _judge_corrections(
    session: AsyncSession, case: Case, contestation: Contestation, at: datetime
) -> None:
    """By the newest invoice that was issued after each correction was opened, and audited.

    A rule that is switched off by now finds nothing, which proves nothing.
    """
    invoice = await contestation_facts.newest_audited(session, contestation.account_id or 0)
    if invoice is None or invoice.key == contestation.invoice_id:
        return  # the contested one proves nothing, though it be dated after its answer
    found = await contestation_facts.causes_on(session, invoice.key)
    unasked = await contestation_facts.rules_not_asked(session, invoice)
    for correction in await contestations.corrections_of(session, contestation.number):
        is_later = invoice.issue_date > local_date(correction.opened_at)
        is_judged = correction.rule not in unasked
        if is_later and is_judged and correction.checked_id != invoice.key:
            _judge(session, case, correction, invoice, found, at)
    await session.flush()


def _judge(
    session: AsyncSession,
    case: Case,
    correction: Correction,
    invoice: CarrierInvoice,
    found: set[Cause],
    at: datetime,
) -> None:
    cause = Cause(correction.rule, correction.number, correction.code, correction.description)
    was, is_back = CorrectionStatus(correction.status), cause in found
    status = judge(was, cause, found)
    correction.checked_id = invoice.key
    correction.closed_at = at if status is CorrectionStatus.CLOSED else None
    if is_back:
        correction.repeats += 1
    correction.status = CorrectionStatus.RETURNED if is_back else status
    kind = "correction_returned" if is_back else "correction_proved"
    if status is not was or is_back:
        cases.record_event(
            session, case, kind=kind, by="system", at=at, audit_rule=correction.rule,
            number=correction.number, invoice=invoice.number or str(invoice.key),
        )  # fmt: skip
    session.add(correction)


async def _compare_with_final(
    session: AsyncSession, case: Case, contestation: Contestation, at: datetime
) -> None:
    """The final file is there: what is no longer in it was avoided, the rest stands there anew."""
    final = await contestation_facts.final_of(session, contestation)
    if final is None:
        return
    left = await contestation_facts.differences_by_key(session, final.key)
    items = await contestations.items_of(session, contestation.number)
    for item, finding in items:
        item.avoided = max(item.claimed - left.get(finding.key, ZERO), ZERO)
        status = FindingStatus.AVOIDED if item.avoided else FindingStatus.REFUSED
        finding.status, finding.status_since = status, at
        session.add_all([item, finding])
    contestation.avoided = sum((item.avoided for item, _ in items), ZERO)
    contestation.letter_since = None
    cases.record_event(
        session, case, kind="preview_compared", by="system", at=at,
        amount=str(contestation.avoided), left=str(contestation.claimed - contestation.avoided),
    )  # fmt: skip
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.CLOSED, by="system", at=at)


async def reopen_returned(session: AsyncSession, invoice: CarrierInvoice, *, at: datetime) -> None:
    """This will open closed contestations again whose mended error is back on an invoice."""
    found = await contestation_facts.causes_on(session, invoice.key)
    statement = (
        select(Correction, Contestation)
        .join(Contestation, col(Contestation.id) == col(Correction.contestation_id))
        .where(
            Correction.account_id == invoice.account_id,
            Correction.status == CorrectionStatus.CLOSED,
            col(Contestation.ended_at).is_not(None),
        )
    )
    back = {
        contestation.number: contestation
        for correction, contestation in (await session.exec(statement)).all()
        if Cause(correction.rule, correction.number, correction.code, correction.description)
        in found
    }
    for contestation in back.values():
        await _reopen(session, contestation, at)


async def _reopen(session: AsyncSession, contestation: Contestation, at: datetime) -> None:
    case = await cases.case_of(session, process="contestation", subject_id=contestation.number)
    if case is None or case.closed_at is None:
        return
    contestation.ended_at = contestation.ended_by = None
    stage = ContestationStage.CORRECTING_ROOT_CAUSE
    cases.reopen(session, case, stage, by="system", at=at)
    await enter(session, case, contestation, stage, by="system", at=at)
