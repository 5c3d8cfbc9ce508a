"""The ends of a contestation by hand: given up, or the carrier's refusal taken as it is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_dues import Items, forgo_the_rest
from activities.contestation_remedies import verify
from activities.contestation_schedule import enter
from activities.contestation_steps import forget_correction_task, forget_tasks
from models import cases, contestations
from models.cases import Case
from models.contestations import Contestation, ContestationItem
from models.policies import load_policy
from rules import contestation_commands as commands
from rules.contestation import ContestationPolicy, ContestationStage
from rules.contestation_commands import AcceptRefusal, WithdrawContestation
from rules.findings import FindingStatus
from rules.money import ZERO


async def withdraw(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: WithdrawContestation,
    at: datetime,
) -> None:
    """Given up: findings of which nothing came back may be contested anew.

    They are set aside, not open: an audit replaces open ones, and the item still names its finding.
    """
    commands.check_withdrawal(ContestationStage(contestation.stage), reason=command.reason)
    items = await contestations.items_of(session, contestation.number)
    await _check_giving_up(session, contestation, items, approves=command.approves)
    forgo_the_rest(session, contestation, items)
    for item, finding in items:
        if item.credited == 0:
            item.is_current = False
            finding.status, finding.status_since = FindingStatus.PICKED, at
        session.add(finding)
    contestation.reason, contestation.letter_since = command.reason, None
    await forget_tasks(session, case, at=at)
    await forget_correction_task(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.WITHDRAWN, by=command.by, at=at)


async def accept_refusal(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: AcceptRefusal,
    at: datetime,
) -> None:
    """What did not come is lost; the root cause of what came is still to be mended."""
    commands.check_refusal_accepted(
        ContestationStage(contestation.stage), round=contestation.round, reason=command.reason
    )
    items = await contestations.items_of(session, contestation.number)
    await _check_giving_up(session, contestation, items, approves=command.approves)
    lost = sum((_given_up(item) for item, _ in items), ZERO)
    forgo_the_rest(session, contestation, items)
    for item, finding in items:
        status = FindingStatus.CREDITED if item.credited else FindingStatus.REFUSED
        finding.status, finding.status_since = status, at
        session.add(finding)
    contestation.reason, contestation.letter_since = command.reason, None
    cases.record_event(
        session, case, kind="rest_forgone", by=command.by, at=at, amount=str(lost),
        reason=command.reason,
    )  # fmt: skip
    if contestation.credited or await contestations.corrections_of(session, contestation.number):
        await verify(session, case, contestation, by=command.by, at=at)
        return
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.CLOSED, by=command.by, at=at)


async def _check_giving_up(
    session: AsyncSession, contestation: Contestation, items: Items, *, approves: bool
) -> None:
    """Giving much up asks for the same approval as a partial offer; a draft gives nothing up."""
    if contestation.stage == ContestationStage.DRAFT:
        return
    policy = await load_policy(session, ContestationPolicy())
    lost = sum((_given_up(item) for item, _ in items), ZERO)
    commands.check_approval(lost, limit=policy.approval_above, approves=approves)


def _given_up(item: ContestationItem) -> Decimal:
    """What of an item would not come; more than it asks for may have come already."""
    return max(item.claimed - item.credited, item.due - item.credited, ZERO)
