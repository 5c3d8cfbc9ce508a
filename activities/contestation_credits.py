"""Credits on a carrier's later invoices: looked for, found, let go by a cent, gone back for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_dues import Items, count_dues
from activities.contestation_remedies import verify
from activities.contestation_schedule import enter
from activities.contestation_steps import forget_tasks
from models import cases, contestation_facts, contestations
from models.carrier_invoices import CarrierInvoice
from models.cases import Case
from models.contestations import Contestation, ContestationCredit
from models.policies import load_policy
from rules.business_days import local_date
from rules.contestation import ContestationPolicy, ContestationStage, Level
from rules.contestation_credits import Awaited, Matched, is_settled, match_credits
from rules.findings import FindingStatus
from rules.money import ZERO


async def look_for_credit(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will look for what is awaited on every later invoice, and go back for what is short."""
    items = await contestations.items_of(session, contestation.number)
    later = await contestation_facts.invoices_after(session, contestation)
    if not later:  # it may be said meanwhile when it was paid, or that it was not
        await count_dues(session, contestation, items, day=local_date(at), at=at)
    if await _have_paid(session, case, contestation, items, later, policy=policy, at=at):
        await verify(session, case, contestation, by="system", at=at)
    elif _is_told(contestation, later):
        await _go_back(session, case, contestation, items, at)


async def look_for_missing(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    policy: ContestationPolicy,
    at: datetime,
) -> None:
    """This will look for what was gone back for: a carrier that pays it need not say so.

    What is still short goes on being asked for, by the letter and the clock that run.
    """
    known = contestation.counted_on
    later = [
        each
        for each in await contestation_facts.invoices_after(session, contestation)
        if known is None or each.issue_date > known
    ]
    items = await contestations.items_of(session, contestation.number)
    if later and await _have_paid(session, case, contestation, items, later, policy=policy, at=at):
        await verify(session, case, contestation, by="system", at=at)


async def _have_paid(  # noqa: PLR0913 - what is awaited, and where it is looked for
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    items: Items,
    invoices: Sequence[CarrierInvoice],
    *,
    policy: ContestationPolicy,
    at: datetime,
) -> bool:
    """Whether these invoices bring all that is awaited, or all but what is let go."""
    for invoice in invoices:
        await count_dues(session, contestation, items, day=invoice.issue_date, at=at)
        await _match(session, case, contestation, items, invoice, at=at)
    is_let_go = _tolerate(session, case, items, policy, at)
    return is_let_go or not any(item.awaited for item, _ in items)


def _tolerate(
    session: AsyncSession, case: Case, items: Items, policy: ContestationPolicy, at: datetime
) -> bool:
    """Whether what is short is too little to go back for: then it is written down, and left."""
    owed = [(item.credited, item.awaited) for item, _ in items if item.due]
    short = _awaited(items)
    if not short or not is_settled(owed, tolerance=policy.credit_tolerance):
        return False
    for item, finding in items:
        if item.awaited:
            finding.status, finding.status_since = FindingStatus.CREDITED, at
            session.add(finding)
    cases.record_event(
        session, case, kind="credit_tolerated", by="system", at=at, amount=str(short)
    )
    return True


def _is_told(contestation: Contestation, later: Sequence[CarrierInvoice]) -> bool:
    """Whether an invoice issued since the answer has come: the credit was due on it."""
    answered_on = contestation.answered_on
    return answered_on is not None and any(each.issue_date > answered_on for each in later)


async def _match(
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    items: Items,
    invoice: CarrierInvoice,
    *,
    at: datetime,
) -> None:
    matched = await _found_on(session, contestation, items, invoice)
    if not matched:
        return
    _take(session, items, matched, at=at)
    amount = sum((each.amount for each in matched), ZERO)
    contestation.credited += amount
    session.add(contestation)
    left = _awaited(items)
    cases.record_event(
        session, case, kind="credit_found", by="system", at=at, amount=str(amount),
        invoice=invoice.number or str(invoice.key), left=str(left) if left else None,
    )  # fmt: skip
    await session.flush()


async def _found_on(
    session: AsyncSession, contestation: Contestation, items: Items, invoice: CarrierInvoice
) -> Sequence[Matched]:
    """Which of an invoice's credits pay what is awaited."""
    policy = await load_policy(session, ContestationPolicy())
    awaited = [
        Awaited(item.key, finding.number, item.awaited, item.bare)
        for item, finding in items
        if item.awaited
    ]
    contacts = await contestations.protocols_of(session, contestation.number)
    return match_credits(
        awaited, await contestation_facts.credits_on(session, invoice.key),
        protocols=[each.protocol for each in contacts], tolerance=policy.credit_tolerance,
    )  # fmt: skip


def _take(session: AsyncSession, items: Items, matched: Sequence[Matched], *, at: datetime) -> None:
    by_id = {item.key: (item, finding) for item, finding in items}
    for each in matched:
        item, finding = by_id[each.item_id]
        item.credited += each.amount
        if not item.awaited:
            finding.status, finding.status_since = FindingStatus.CREDITED, at
        session.add_all([item, finding])
        session.add(
            ContestationCredit(
                item_id=each.item_id, charge_id=each.credit_id, amount=each.amount, found_at=at
            )
        )


async def _go_back(
    session: AsyncSession, case: Case, contestation: Contestation, items: Items, at: datetime
) -> None:
    """A new round: a letter about what is missing, and a protocol to wait for."""
    await count_dues(session, contestation, items, day=local_date(at), at=at)
    asked = sum((item.due for item, _ in items), ZERO)
    cases.record_event(
        session, case, kind="credit_missing", by="system", at=at,
        amount=str(_awaited(items)), round=contestation.round + 1, total=str(asked),
        excess=str(contestation.interest) if contestation.interest else None,
        correction=str(contestation.correction),
    )  # fmt: skip
    contestation.round += 1
    contestation.level = Level.CARRIER
    contestation.remedy = ""
    contestation.letter_since = at
    await forget_tasks(session, case, at=at)
    await enter(session, case, contestation, ContestationStage.FILED, by="system", at=at)


def _awaited(items: Items) -> Decimal:
    return sum((item.awaited for item, _ in items), ZERO)
