"""The ends of a contestation by hand: given up, or the carrier's refusal taken as it is."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from activities.contestation_steps import forget_tasks
from models import contestations
from models.cases import Case
from models.contestations import Contestation
from rules import contestation_commands as commands
from rules.contestation import ContestationStage
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
    for item, finding in await contestations.items_of(session, contestation.number):
        item.accepted, item.extra = item.credited, ZERO
        if item.credited == 0:
            item.is_current = False
            finding.status, finding.status_since = FindingStatus.PICKED, at
        session.add_all([item, finding])
    contestation.reason, contestation.letter_since = command.reason, None
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.WITHDRAWN, by=command.by, at=at)


async def accept_refusal(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: AcceptRefusal,
    at: datetime,
) -> None:
    """The refusal stands: what did not come is lost."""
    commands.check_refusal_accepted(ContestationStage(contestation.stage), reason=command.reason)
    for item, finding in await contestations.items_of(session, contestation.number):
        item.accepted, item.extra = item.credited, ZERO
        if item.credited == 0:
            finding.status, finding.status_since = FindingStatus.REFUSED, at
        session.add_all([item, finding])
    contestation.accepted, contestation.extra = contestation.credited, ZERO
    contestation.reason, contestation.letter_since = command.reason, None
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.CLOSED, by=command.by, at=at)
