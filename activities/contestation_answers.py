"""What the carrier answers, item by item, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_corrections import Items, ask_corrections
from activities.contestation_remedies import invoice_contested, take_remedy, verify
from activities.contestation_replacements import check_stands
from activities.contestation_schedule import enter
from activities.contestation_steps import ASK_CORRECTION, ask, forget_tasks
from models import cases, contestations
from models.cases import Case
from models.contestations import Contestation, ContestationItem
from models.findings import Finding
from rules import contestation as rules
from rules import contestation_commands as commands
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage
from rules.contestation_answers import (
    ClaimedItem,
    accepted_amounts,
    check_answered_on,
    stage_after,
)
from rules.contestation_commands import RecordAnswer
from rules.findings import FindingStatus
from rules.money import ZERO


async def record_answer(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: RecordAnswer,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will write the answer item by item, and go on to the remedy that it leads to."""
    commands.check_answerable(ContestationStage(contestation.stage))
    await check_stands(session, contestation)
    since = await _told_since(session, contestation)
    check_answered_on(command.answered_on, since=since, today=local_date(at))
    items = await contestations.items_of(session, contestation.number)
    # What came above the claim, in double and with interest, says nothing of what is accepted.
    claimed = [
        ClaimedItem(
            item.key, item.claimed, min(item.credited, item.claimed),
            item.accepted if contestation.asks_granted else None,
        )
        for item, _ in items
    ]  # fmt: skip
    amounts = accepted_amounts(claimed, command)
    lost = sum((each.asked for each in claimed), ZERO) - sum(amounts.values(), ZERO)
    if any(amounts.values()):
        commands.check_approval(lost, limit=policy.approval_above, approves=command.approves)
    _note_reasons(contestation, items, amounts, command)
    for item, finding in items:
        item.accepted = amounts[item.key]
        _mark(finding, item, at)
        session.add_all([item, finding])
    contestation.accepted = sum(amounts.values(), ZERO)
    contestation.answered_on = command.answered_on
    await _go_on(session, case, contestation, items, command, policy=policy, at=at)


async def _told_since(session: AsyncSession, contestation: Contestation) -> date | None:
    """The first day on which the carrier knew: of the letter, or of a contact before it."""
    contacts = await contestations.protocols_of(session, contestation.number)
    days = [local_date(each.contacted_at) for each in contacts]
    return min([*days, *([contestation.filed_on] if contestation.filed_on else [])], default=None)


def _note_reasons(
    contestation: Contestation, items: Items, amounts: Mapping[int, Decimal], command: RecordAnswer
) -> None:
    """Why something is not accepted; an answer that says no more keeps what was said before."""
    told = {each.item_id: each.reason for each in command.items}
    for item, _ in items:
        before = item.reason if contestation.asks_granted else ""
        is_short = amounts[item.key] < item.claimed
        item.reason = told.get(item.key, "") or (command.reason or before if is_short else "")
    before = contestation.reason if contestation.asks_granted else ""
    contestation.reason = command.reason or before


async def _go_on(  # noqa: PLR0913 - what was answered, and by whom
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    items: Items,
    command: RecordAnswer,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    by = command.by
    await forget_tasks(session, case, at=at)
    cases.record_event(
        session, case, kind="answered", by=by, at=at, amount=str(contestation.accepted),
        total=str(contestation.claimed), reason=command.reason,
    )  # fmt: skip
    stage = stage_after(claimed=contestation.claimed, accepted=contestation.accepted)
    await enter(session, case, contestation, stage, by=by, at=at)
    if stage is ContestationStage.REFUSED:
        return
    if await ask_corrections(session, contestation, items, policy=policy, at=at):
        await ask(session, case, ASK_CORRECTION, policy=policy, at=at)
    if contestation.is_preview:
        return  # mended in the final file, or not: that one tells
    invoice = await invoice_contested(session, contestation)
    remedy = rules.remedy_of(
        accepted_on=contestation.answered_on or local_date(at),
        due_on=invoice.due_date, paid_on=invoice.paid_on,
    )  # fmt: skip
    await take_remedy(session, case, contestation, remedy, by=by, policy=policy, at=at)
    if not any(item.awaited for item, _ in items):
        await verify(session, case, contestation, by=by, at=at)


def _mark(finding: Finding, item: ContestationItem, at: datetime) -> None:
    status = FindingStatus.ACCEPTED if item.accepted > 0 else FindingStatus.REFUSED
    if finding.status != FindingStatus.CREDITED:
        finding.status, finding.status_since = status, at
