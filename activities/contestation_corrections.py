"""What the carrier's own records need mended, and the proof that they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from activities.contestation_steps import forget_tasks
from models import contestations
from models.cases import Case
from models.contestations import Contestation, ContestationItem, Correction
from models.findings import Finding
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage
from rules.contestation_corrections import CorrectionStatus

Items = Sequence[tuple[ContestationItem, Finding]]


async def ask_corrections(
    session: AsyncSession,
    contestation: Contestation,
    items: Items,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will ask once for each rule, line and charge accepted; a known one is taken over."""
    due_on = local_date(at) + timedelta(days=policy.correction_days)
    for item, finding in items:
        if item.accepted > 0:
            await _ask_correction(session, contestation, finding, due_on=due_on, at=at)


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
        await enter(session, case, contestation, ContestationStage.CLOSED, by=by, at=at)
    elif contestation.stage != ContestationStage.CORRECTING_ROOT_CAUSE:
        stage = ContestationStage.CORRECTING_ROOT_CAUSE
        await enter(session, case, contestation, stage, by=by, at=at)
        contestation.due_on = min(each.due_on for each in open_ones)


async def _ask_correction(
    session: AsyncSession,
    contestation: Contestation,
    finding: Finding,
    *,
    due_on: date,
    at: datetime,
) -> None:
    known = select(Correction).where(
        Correction.account_id == contestation.account_id,
        Correction.rule == finding.rule,
        Correction.number == finding.number,
        Correction.code == finding.code,
        Correction.description == finding.description,
    )
    correction = (await session.exec(known)).one_or_none()
    if correction is None:
        correction = Correction(
            contestation_id=contestation.number, account_id=contestation.account_id or 0,
            rule=finding.rule, number=finding.number, code=finding.code,
            description=finding.description, status=CorrectionStatus.OPEN, opened_at=at,
            due_on=due_on,
        )  # fmt: skip
    elif correction.status == CorrectionStatus.CLOSED:
        correction.status, correction.repeats = CorrectionStatus.RETURNED, correction.repeats + 1
        correction.closed_at = None
        correction.contestation_id, correction.due_on = contestation.number, due_on
    session.add(correction)
