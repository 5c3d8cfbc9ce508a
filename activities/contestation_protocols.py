"""Protocols: every contact with the carrier, whole; and the request to mend a root cause."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from activities.contestation_steps import forget_correction_task
from activities.tasks import withdraw_tasks
from models import cases, contestations
from models.cases import Case
from models.contestations import Contestation, ContestationProtocol
from rules import contestation_commands as commands
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage, ContestationStep
from rules.contestation_commands import (
    ProtocolIncomplete,
    ProtocolInFuture,
    RecordCorrectionRequest,
    RecordProtocol,
)
from rules.contestation_corrections import CorrectionStatus
from rules.sentences import N_

ASKED = (ContestationStep.ASK_PROTOCOL, ContestationStep.ESCALATE)


async def record_protocol(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: RecordProtocol,
    at: datetime,
) -> None:
    """This will keep the contact; the first one after a letter starts the carrier's clock.

    It counts from the day of the contact, which the protocol proves, whenever that is written down;
    of a contact before the letter, from the letter's.
    """
    stage = ContestationStage(contestation.stage)
    commands.check_protocol(stage, command, now=at)
    _keep(session, contestation, command, at=at)
    cases.record_event(
        session, case, kind="protocol", by=command.by, at=at, protocol=command.protocol,
        attendant=command.attendant, protocol_channel=command.channel,
    )  # fmt: skip
    await withdraw_tasks(
        session,
        for_case_id=case.number,
        kinds=ASKED,
        reason=N_("O protocolo foi registrado."),
        at=at,
    )
    if stage is ContestationStage.FILED:
        since = max(contestation.stage_on, local_date(command.contacted_at))
        await enter(
            session, case, contestation, ContestationStage.AWAITING_ANSWER, by=command.by, at=at,
            counted_from=since,
        )  # fmt: skip


async def record_correction_request(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: RecordCorrectionRequest,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will start the clock of every correction that was not asked for yet."""
    for name in ("protocol", "attendant"):
        if not getattr(command, name).strip():
            raise ProtocolIncomplete(field=name)
    if command.requested_at > at:
        raise ProtocolInFuture(field="requested_at")
    due_on = local_date(command.requested_at) + timedelta(days=policy.correction_days)
    waiting = [
        each
        for each in await contestations.corrections_of(session, contestation.number)
        if each.status != CorrectionStatus.CLOSED
    ]
    if not waiting:
        raise commands.NotInThisStage
    for each in waiting:
        each.requested_at, each.due_on = command.requested_at, due_on
        each.protocol, each.attendant = command.protocol, command.attendant
        each.channel = command.channel
        session.add(each)
    if contestation.stage == ContestationStage.CORRECTING_ROOT_CAUSE:
        contestation.due_on, contestation.reminded = due_on, 0
        session.add(contestation)
    await forget_correction_task(session, case, at=at)
    cases.record_event(
        session, case, kind="correction_requested", by=command.by, at=at,
        protocol=command.protocol, attendant=command.attendant, count=len(waiting),
    )  # fmt: skip


def _keep(
    session: AsyncSession, contestation: Contestation, command: RecordProtocol, *, at: datetime
) -> None:
    session.add(
        ContestationProtocol(
            contestation_id=contestation.number, contacted_at=command.contacted_at,
            request=command.request.strip(), account=command.account.strip(),
            protocol=command.protocol.strip(), attendant=command.attendant.strip(),
            channel=command.channel, level=contestation.level, round=contestation.round,
            recorded_at=at, recorded_by=command.by,
        )
    )  # fmt: skip
