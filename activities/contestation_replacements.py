"""A contestation whose invoice the carrier issued anew: it follows to what is left on that one."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_schedule import enter
from activities.contestation_steps import forget_tasks
from models import cases, contestation_facts, contestations
from models.carrier_invoices import CarrierInvoice
from models.cases import Case
from models.contestations import Contestation, ContestationItem
from models.findings import Finding
from rules.business_days import local_date
from rules.contestation import UNANSWERED, ContestationStage
from rules.findings import FindingStatus
from rules.money import ZERO
from rules.refusals import Refusal


class ReplacementUnaudited(Refusal):
    message = (
        "A operadora emitiu esta fatura de novo, e o arquivo novo ainda está sendo auditado: "
        "registre isto quando a auditoria terminar."
    )


#: Nothing was granted yet, so that what is disputed may change.
FOLLOWING = (ContestationStage.DRAFT, *UNANSWERED, ContestationStage.REFUSED)
#: What is left of an item must still be free to dispute.
FREE = (FindingStatus.OPEN, FindingStatus.PICKED, FindingStatus.REFUSED)


async def check_stands(session: AsyncSession, contestation: Contestation) -> None:
    """Refuses while another file takes the invoice's place, and it is not known what is left."""
    invoice = await session.get_one(CarrierInvoice, contestation.invoice_id)
    if invoice.replaced_by_id is not None:
        raise ReplacementUnaudited


async def follow_replacement(
    session: AsyncSession, case: Case, contestation: Contestation, at: datetime
) -> None:
    """This will go over to the newest file of a contested invoice, once it was audited.

    What it no longer charges was avoided; what it still does is disputed there, with the same
    protocols and clocks. With nothing left the contestation ends.
    """
    if contestation.stage not in FOLLOWING:
        return
    invoice = await contestation_facts.standing_for(session, contestation)
    if invoice is None:
        return
    left = await contestation_facts.findings_by_key(session, invoice.key)
    items = await contestations.items_of(session, contestation.number)
    for item, finding in items:
        _follow(session, item, finding, left.get(finding.key), at=at)
    contestation.invoice_id = invoice.key
    contestation.claimed = sum((item.claimed for item, _ in items), ZERO)
    avoided = sum((item.avoided for item, _ in items), ZERO)
    contestation.avoided += avoided
    cases.record_event(
        session, case, kind="invoice_replaced", by="system", at=at, amount=str(avoided),
        invoice=invoice.number or str(invoice.key), left=str(contestation.claimed),
    )  # fmt: skip
    session.add(contestation)
    if not contestation.claimed:
        await _end(session, case, contestation, invoice, at=at)


def _follow(
    session: AsyncSession,
    item: ContestationItem,
    finding: Finding,
    again: Finding | None,
    *,
    at: datetime,
) -> None:
    """An item goes over to the same finding of the new file, if that is there."""
    claimed, left = item.claimed, again.difference if again else ZERO
    item.avoided += max(claimed - left, ZERO)
    finding.status = FindingStatus.AVOIDED if claimed > left else FindingStatus.REPLACED
    finding.status_since = at
    item.claimed = ZERO
    if again is not None and again.status in FREE:
        item.claimed, item.finding_id = left, again.id or 0
        again.status, again.status_since = FindingStatus.CONTESTED, at
        session.add(again)
    session.add_all([item, finding])


async def _end(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    invoice: CarrierInvoice,
    *,
    at: datetime,
) -> None:
    """The new file was the carrier's answer."""
    if contestation.filed_on is not None and contestation.answered_on is None:
        contestation.answered_on = local_date(invoice.imported_at)
    contestation.letter_since = None
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.CLOSED, by="system", at=at)
