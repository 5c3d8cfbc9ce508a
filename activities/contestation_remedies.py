"""How a carrier makes good what it accepted: a new barcode, or a credit."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_corrections import settle_corrections
from activities.contestation_dues import Items, count_dues
from activities.contestation_replacements import check_stands
from activities.contestation_schedule import enter
from activities.contestation_steps import ask, forget_tasks
from models import cases, contestations
from models.carrier_invoices import CarrierInvoice, invoice_of
from models.cases import Case
from models.contestations import Contestation
from rules import contestation_commands as commands
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage, ContestationStep, Remedy
from rules.contestation_answers import (
    read_new_barcode,
)
from rules.contestation_commands import RecordInvoicePayment, RecordNewBarcode
from rules.findings import FindingStatus

#: Granted, and the invoice is unpaid so far: paid, it is made good by a credit.
UNTIL_PAID = (
    ContestationStage.ACCEPTED,
    ContestationStage.PARTLY_ACCEPTED,
    ContestationStage.AWAITING_NEW_BARCODE,
)


def corrected_amount(invoice: CarrierInvoice, contestation: Contestation) -> Decimal:
    """What is to be paid of an invoice once that is off which its carrier accepted."""
    before = invoice.payable if invoice.payable is not None else invoice.total
    return before - contestation.accepted


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
    invoice = await invoice_contested(session, contestation)
    expected = corrected_amount(invoice, contestation)
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
    await check_stands(session, contestation)
    invoice = await invoice_contested(session, contestation)
    commands.check_payment(
        ContestationStage(contestation.stage), paid_on=command.paid_on,
        issued_on=invoice.issue_date, today=local_date(at),
    )  # fmt: skip
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
    invoice = await invoice_contested(session, contestation)
    if invoice.paid_on is None:
        return
    if contestation.stage in UNTIL_PAID:
        await take_remedy(session, case, contestation, Remedy.CREDIT, by=by, policy=policy, at=at)
        return
    is_new = contestation.counted_on is None
    if is_new and contestation.stage == ContestationStage.AWAITING_CREDIT:
        await _claim_paid(session, case, contestation, policy=policy, by=by, at=at)


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
        await ask(session, case, ContestationStep.MISS_BARCODE, policy=policy, at=at)
        return
    await forget_tasks(session, case, at=at)
    if remedy is Remedy.CREDIT:
        await _claim_paid(session, case, contestation, policy=policy, by=by, at=at)
    stage = {
        Remedy.NEW_BARCODE: ContestationStage.AWAITING_NEW_BARCODE,
        Remedy.CREDIT: ContestationStage.AWAITING_CREDIT,
    }[remedy]
    await enter(session, case, contestation, stage, by=by, at=at)


async def verify(
    session: AsyncSession, case: Case, contestation: Contestation, *, by: str, at: datetime
) -> None:
    """What was accepted has come; what is left is the root cause, if it is not mended already.

    A letter that was to ask for it is not written any more.
    """
    contestation.letter_since = None
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.VERIFIED, by=by, at=at)
    await settle_corrections(session, case, contestation, by=by, at=at)


async def _claim_paid(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    *,
    policy: ContestationPolicy,
    by: str,
    at: datetime,
) -> None:
    """This will claim what was paid and not due, corrected and with interest.

    In double where the law gives that (CDC 42, sole paragraph; RGC). The carrier is told once what
    that comes to.
    """
    items = await contestations.items_of(session, contestation.number)
    if policy.claims_double:
        await _claim_double(session, case, contestation, items, by=by, at=at)
    is_new = contestation.counted_on is None
    await count_dues(session, contestation, items, day=local_date(at), at=at)
    if is_new and contestation.counted_on and any(item.awaited for item, _ in items):
        contestation.letter_since = at


async def _claim_double(
    session: AsyncSession, case: Case, contestation: Contestation, items: Items, *, by: str,
    at: datetime,
) -> None:  # fmt: skip
    if (await invoice_contested(session, contestation)).paid_on is None:
        return
    for item, _ in items:
        item.extra = item.accepted
    if contestation.extra != contestation.accepted:
        contestation.extra = contestation.accepted
        told = str(contestation.accepted + contestation.extra)
        cases.record_event(session, case, kind="claimed_double", by=by, at=at, amount=told)


async def invoice_contested(session: AsyncSession, contestation: Contestation) -> CarrierInvoice:
    """The carrier's invoice that is contested."""
    return await invoice_of(session, contestation.invoice_id or 0)
