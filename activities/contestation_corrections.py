"""What the carrier's own records need mended, and the proof that they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from activities.contestation_steps import forget_correction_task, forget_tasks
from models import contestations
from models.carrier_invoices import CarrierInvoice, invoice_of
from models.cases import Case
from models.contestations import Contestation, ContestationItem, Correction
from models.findings import Finding
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage
from rules.contestation_corrections import Cause, CorrectionStatus

Items = Sequence[tuple[ContestationItem, Finding]]


async def ask_corrections(
    session: AsyncSession,
    contestation: Contestation,
    items: Items,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> bool:
    """This will ask once for each rule, line and charge accepted; a known one is taken over.

    True while one of this contestation's has not been requested of the carrier.
    """
    due_on = local_date(at) + timedelta(days=policy.correction_days)
    invoice = await invoice_of(session, contestation.invoice_id or 0)
    known = await contestations.corrections_by_cause(session, contestation.account_id or 0)
    for item, finding in items:
        cause = Cause(finding.rule, finding.number, finding.code, finding.description)
        if item.accepted > 0 and cause not in known:
            known[cause] = _new(contestation, cause, due_on=due_on, at=at)
        elif item.accepted > 0 and await _is_back(session, known[cause], contestation, invoice):
            _take_over(known[cause], contestation, due_on=due_on)
    session.add_all(known.values())
    return any(
        each.contestation_id == contestation.number
        and each.requested_at is None
        and each.status != CorrectionStatus.CLOSED
        for each in known.values()
    )


async def settle_corrections(
    session: AsyncSession, case: Case, contestation: Contestation, *, by: str, at: datetime
) -> None:
    """This will close what has nothing left to be mended, or await the proof that it was."""
    await session.flush()
    open_ones = [
        each
        for each in await contestations.corrections_of(session, contestation.number)
        if each.status != CorrectionStatus.CLOSED
    ]
    if not open_ones:
        await forget_tasks(session, case, at=at)
        await forget_correction_task(session, case, at=at)
        await enter(session, case, contestation, ContestationStage.CLOSED, by=by, at=at)
    elif contestation.stage != ContestationStage.CORRECTING_ROOT_CAUSE:
        stage = ContestationStage.CORRECTING_ROOT_CAUSE
        await enter(session, case, contestation, stage, by=by, at=at)
        contestation.due_on = min(each.due_on for each in open_ones)


def _new(contestation: Contestation, cause: Cause, *, due_on: date, at: datetime) -> Correction:
    return Correction(
        contestation_id=contestation.number, account_id=contestation.account_id or 0,
        rule=cause.rule, number=cause.number, code=cause.code, description=cause.description,
        status=CorrectionStatus.OPEN, opened_at=at, due_on=due_on,
    )  # fmt: skip


async def _is_back(
    session: AsyncSession,
    correction: Correction,
    contestation: Contestation,
    invoice: CarrierInvoice,
) -> bool:
    """Whether the error stands on an invoice after the one that proved it mended.

    What the same contestation is granted again, or an older one late, is the error of before.
    """
    is_closed = correction.status == CorrectionStatus.CLOSED
    if not is_closed or correction.contestation_id == contestation.number:
        return False
    proof = await invoice_of(session, correction.checked_id) if correction.checked_id else None
    return proof is None or invoice.issue_date > proof.issue_date


def _take_over(correction: Correction, contestation: Contestation, *, due_on: date) -> None:
    """What was mended once is back, and this contestation asks for it."""
    correction.status, correction.repeats = CorrectionStatus.RETURNED, correction.repeats + 1
    correction.closed_at = correction.requested_at = None
    correction.contestation_id, correction.due_on = contestation.number, due_on
