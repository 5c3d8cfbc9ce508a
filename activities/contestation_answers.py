"""What the carrier answers, and how it makes good: a new barcode, or a credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from activities.contestation_steps import forget_tasks
from models import cases, contestations
from models.carrier_invoices import CarrierInvoice, invoice_of
from models.cases import Case
from models.contestations import Contestation, ContestationItem, Correction
from models.findings import Finding
from rules import contestation as rules
from rules import contestation_commands as commands
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage, Remedy
from rules.contestation_answers import (
    ClaimedItem,
    accepted_amounts,
    read_new_barcode,
    stage_after,
)
from rules.contestation_commands import RecordAnswer, RecordInvoicePayment, RecordNewBarcode
from rules.contestation_corrections import CorrectionStatus
from rules.findings import FindingStatus
from rules.money import ZERO

Items = Sequence[tuple[ContestationItem, Finding]]


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
    items = await contestations.items_of(session, contestation.number)
    claimed = [ClaimedItem(item.key, item.claimed, item.credited) for item, _ in items]
    amounts = accepted_amounts(claimed, command, today=local_date(at))
    lost = contestation.claimed - sum(amounts.values(), ZERO)
    if any(amounts.values()):
        commands.check_approval(lost, limit=policy.approval_above, approves=command.approves)
    reasons = {each.item_id: each.reason for each in command.items}
    for item, finding in items:
        item.accepted = amounts[item.key]
        item.reason = reasons.get(item.key, "") or (command.reason if lost else "")
        _mark(finding, item, at)
        session.add_all([item, finding])
    contestation.accepted = sum(amounts.values(), ZERO)
    contestation.answered_on, contestation.reason = command.answered_on, command.reason
    await _go_on(session, case, contestation, items, by=command.by, policy=policy, at=at)


async def record_barcode(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: RecordNewBarcode,
    at: datetime,
) -> None:
    """The corrected bill came: its check digits and amount are right, or it is refused."""
    commands.check_awaits(
        ContestationStage(contestation.stage), ContestationStage.AWAITING_NEW_BARCODE
    )
    invoice = await _invoice(session, contestation)
    before = invoice.payable if invoice.payable is not None else invoice.total
    expected = before - contestation.accepted
    code = read_new_barcode(command.code, expected=expected, today=local_date(at))
    invoice.payable, invoice.payable_barcode = expected, code
    contestation.barcode, contestation.credited = code, contestation.accepted
    for item, finding in await contestations.items_of(session, contestation.number):
        item.credited = item.accepted
        if item.accepted > 0:
            finding.status, finding.status_since = FindingStatus.CREDITED, at
        session.add_all([item, finding])
    cases.record_event(
        session, case, kind="new_barcode", by=command.by, at=at,
        amount=str(expected), excess=str(contestation.accepted),
    )  # fmt: skip
    session.add_all([invoice, contestation])
    await verify(session, case, contestation, by=command.by, at=at)


async def record_payment(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    command: RecordInvoicePayment,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """The contested invoice was paid: what is accepted comes back as a credit from now on."""
    commands.check_payment(
        ContestationStage(contestation.stage), paid_on=command.paid_on, today=local_date(at)
    )
    invoice = await _invoice(session, contestation)
    invoice.paid_on = command.paid_on
    session.add(invoice)
    cases.record_event(
        session, case, kind="invoice_paid", by=command.by, at=at,
        amount=str(invoice.payable if invoice.payable is not None else invoice.total),
    )  # fmt: skip
    await follow_payment(session, case, contestation, policy=policy, by=command.by, at=at)


async def follow_payment(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    *,
    policy: ContestationPolicy,
    by: str,
    at: datetime,
) -> None:
    """A paid invoice takes no new barcode, and nothing is left to be decided about it."""
    waits = (
        ContestationStage.ACCEPTED,
        ContestationStage.PARTLY_ACCEPTED,
        ContestationStage.AWAITING_NEW_BARCODE,
    )
    invoice = await _invoice(session, contestation)
    if contestation.stage in waits and invoice.paid_on is not None:
        await take_remedy(session, case, contestation, Remedy.CREDIT, by=by, policy=policy, at=at)


async def take_remedy(  # noqa: PLR0913 - which remedy, and who says so when
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    remedy: Remedy,
    *,
    by: str,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will await what the remedy brings; DECIDE leaves it to a person's task."""
    contestation.remedy = "" if remedy is Remedy.DECIDE else remedy
    if remedy is Remedy.DECIDE:
        return
    await forget_tasks(session, case, at=at)
    await _claim_double(session, case, contestation, policy=policy, by=by, at=at)
    stage = {
        Remedy.NEW_BARCODE: ContestationStage.AWAITING_NEW_BARCODE,
        Remedy.CREDIT: ContestationStage.AWAITING_CREDIT,
    }[remedy]
    await enter(session, case, contestation, stage, by=by, at=at)


async def verify(
    session: AsyncSession, case: Case, contestation: Contestation, *, by: str, at: datetime
) -> None:
    """What was accepted has come; what is left is the root cause, if it is not mended already."""
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.VERIFIED, by=by, at=at)
    await settle_corrections(session, case, contestation, by=by, at=at)


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


async def _go_on(  # noqa: PLR0913 - what was answered, and by whom
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    items: Items,
    *,
    by: str,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    await forget_tasks(session, case, at=at)
    cases.record_event(
        session, case, kind="answered", by=by, at=at, amount=str(contestation.accepted),
        total=str(contestation.claimed), reason=contestation.reason,
    )  # fmt: skip
    stage = stage_after(claimed=contestation.claimed, accepted=contestation.accepted)
    await enter(session, case, contestation, stage, by=by, at=at)
    if stage is ContestationStage.REFUSED:
        return
    await _ask_corrections(session, contestation, items, policy=policy, at=at)
    if contestation.is_preview:
        return  # mended in the final file, or not: that one tells
    invoice = await _invoice(session, contestation)
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


async def _claim_double(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    *,
    policy: ContestationPolicy,
    by: str,
    at: datetime,
) -> None:
    """What was paid and not due is claimed in double (CDC 42, sole paragraph; RGC)."""
    invoice = await _invoice(session, contestation)
    if not policy.claims_double or invoice.paid_on is None:
        return
    for item, _ in await contestations.items_of(session, contestation.number):
        item.extra = item.accepted
        session.add(item)
    if contestation.extra != contestation.accepted:
        contestation.extra = contestation.accepted
        told = str(contestation.accepted + contestation.extra)
        cases.record_event(session, case, kind="claimed_double", by=by, at=at, amount=told)
    session.add(contestation)


async def _ask_corrections(
    session: AsyncSession,
    contestation: Contestation,
    items: Items,
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """One for each rule, line and charge that was accepted; one known already is taken over."""
    due_on = local_date(at) + timedelta(days=policy.correction_days)
    for item, finding in items:
        if item.accepted > 0:
            await _ask_correction(session, contestation, finding, due_on=due_on, at=at)


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


async def _invoice(session: AsyncSession, contestation: Contestation) -> CarrierInvoice:
    return await invoice_of(session, contestation.invoice_id or 0)
