"""Where a contestation stands and what comes next, written into its row and its case together."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_refunds import index_out_on
from models import cases
from models.carrier_invoices import CarrierInvoice
from models.cases import Case
from models.contestations import Contestation
from models.notices import notice_of
from models.policies import load_policy
from models.received_contestations import received_of
from rules import contestation as rules
from rules import contestation_received as received
from rules.business_days import local_date
from rules.cases import Step, spread
from rules.contestation import (
    FINAL,
    ContestationFacts,
    ContestationPolicy,
    ContestationStage,
    ContestationStep,
    Direction,
    Level,
)
from rules.contestation_received import ReceivedFacts, ReceivedPolicy

#: The letters to a customer: that the contestation came in, and what was answered.
RECEIVED, ANSWERED = "contestation_received", "contestation_answered"


async def enter(  # noqa: PLR0913 - what goes where, by whom, and from when it counts
    session: AsyncSession,
    case: Case,
    contestation: Contestation,
    stage: ContestationStage,
    *,
    by: str,
    at: datetime,
    counted_from: date | None = None,
) -> None:
    """This will put a contestation into a stage, or begin its wait anew, and set its clock.

    The clock counts from today, or from an earlier day that is proven (`counted_from`).
    """
    today = local_date(at)
    is_final = stage in FINAL
    cases.move_to(session, case, stage, by=by, at=at, is_final=is_final)
    contestation.stage, contestation.stage_on, contestation.reminded = stage, today, 0
    contestation.due_on = await _due(session, contestation, stage, counted_from or today)
    if is_final:
        contestation.ended_at, contestation.ended_by = at, by
    session.add(contestation)


async def schedule(
    session: AsyncSession, case: Case, contestation: Contestation, *, policy: ContestationPolicy
) -> None:
    """This will write down what comes next if nobody acts, and by when it is due."""
    step = await next_of(session, case, contestation, policy=policy)
    if step is not None and step.kind != ContestationStep.WRITE:
        step = Step(step.kind, spread(step.at, case.number))
    cases.schedule(case, step)
    due = contestation.due_on
    case.due_at = policy.instant_on(due) if due and case.closed_at is None else None
    session.add(case)


async def next_of(
    session: AsyncSession, case: Case, contestation: Contestation, *, policy: ContestationPolicy
) -> Step | None:
    """What comes next by itself, as the rows stand; None at its end."""
    if contestation.stage in FINAL:
        return None
    if contestation.direction == Direction.MADE:
        return rules.next_step(await load_facts(session, contestation), policy)
    facts = await _received_facts(session, case, contestation)
    found = received.next_step(facts, await load_policy(session, ReceivedPolicy()))
    return Step(found[1], policy.instant_on(found[0])) if found else None


async def load_facts(session: AsyncSession, contestation: Contestation) -> ContestationFacts:
    """What decides about the next step, as the rows stand."""
    return ContestationFacts(
        stage=ContestationStage(contestation.stage),
        since=contestation.stage_on,
        due_on=contestation.due_on,
        reminded=contestation.reminded,
        level=Level(contestation.level),
        letter_due=contestation.letter_since is not None,
        letter_since=contestation.letter_since,
        direction=Direction(contestation.direction),
        is_preview=contestation.is_preview,
        invoice_due_on=await _invoice_due(session, contestation),
    )


async def _due(
    session: AsyncSession, contestation: Contestation, stage: ContestationStage, today: date
) -> date | None:
    """The last day of the wait that begins today."""
    if contestation.direction == Direction.RECEIVED:
        kept = await received_of(session, contestation.number)
        policy = await load_policy(session, ReceivedPolicy())
        return received.due_of(
            stage, today=today, channel=kept.refunds_by, policy=policy,
            awaits_index=kept.awaits_index,
        )  # fmt: skip
    return rules.due_of(
        stage,
        level=Level(contestation.level),
        today=today,
        policy=await load_policy(session, ContestationPolicy()),
        invoice_due_on=await _invoice_due(session, contestation),
        closing_on=contestation.closing_on,
    )


async def _received_facts(
    session: AsyncSession, case: Case, contestation: Contestation
) -> ReceivedFacts:
    notice, _ = await notice_of(session, case, ANSWERED)
    kept = await received_of(session, contestation.number)
    return ReceivedFacts(
        stage=ContestationStage(contestation.stage),
        since=contestation.stage_on,
        due_on=contestation.due_on,
        reminded=contestation.reminded,
        notice=notice,
        index_out_on=await index_out_on(session, kept),
    )


async def _invoice_due(session: AsyncSession, contestation: Contestation) -> date | None:
    if contestation.invoice_id is None:
        return None
    invoice = await session.get_one(CarrierInvoice, contestation.invoice_id)
    return invoice.due_date
