"""The transitions of agreements: kept, broken, called off, renegotiated, undone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.agreed_invoices import follow, give_back, restore_originals
from activities.agreement_letters import tell_customer
from activities.agreement_news import tell_of, tell_of_payments
from activities.agreement_steps import TASKS, take_step
from activities.cases import Answer, Move, Moved, transition
from activities.coming_days import may_run
from activities.tasks import withdraw_tasks
from models import agreements, cases, messages
from models.agreement_facts import load_facts
from models.agreements import Agreement
from models.cases import Case
from models.customer_marks import is_left_alone
from models.database import Database
from models.policies import load_policy
from rules import agreement_ends as ends
from rules import agreements as rules
from rules.agreements import (
    AgreementPolicy,
    AgreementReason,
    AgreementStatus,
    AgreementStep,
    CancelAgreement,
    Reminder,
    Renegotiate,
    RestoreOriginals,
)
from rules.cases import Elapsed, News, Step, spread
from rules.sentences import N_

AgreementCommand = Annotated[
    CancelAgreement | Renegotiate | RestoreOriginals | Elapsed | News,
    Field(discriminator="kind"),
]


class AgreementActivities:
    """The transitions of agreements."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_agreement(self, move: Move[AgreementCommand]) -> Moved:
        """One transition of one agreement."""
        return await transition(self.database, move, decide)


async def decide(
    session: AsyncSession, case: Case, command: AgreementCommand, at: datetime
) -> Answer:
    """What a command does to an agreement; everything inside the caller's transaction."""
    agreement = await agreements.agreement_of(session, case.subject_id)
    was = agreement.status
    moved = await _catch_up(session, case, agreement, at)
    match command:
        case CancelAgreement() | Renegotiate() | RestoreOriginals():
            moved += await _end_by_hand(session, case, agreement, command, at)
        case Elapsed(step=step):
            moved += await _elapse(session, case, agreement, AgreementStep(step), at)
        case News():
            pass
    await schedule(session, case, agreement)
    if await is_left_alone(session, agreement.customer_id):
        await _stand_still(session, case, at)
    if moved or agreement.status != was:
        await tell_of(session, case, agreement, was=was, by=command.by, at=at)
    return {"agreement_id": agreement.number, "status": agreement.status}


async def schedule(session: AsyncSession, case: Case, agreement: Agreement) -> None:
    """This will write down what comes next if nobody acts, and by when it is to be kept."""
    policy = await load_policy(session, AgreementPolicy())
    facts = await load_facts(session, case, agreement)
    step = rules.next_step(facts, policy)
    cases.schedule(case, Step(step.kind, spread(step.at, case.number)) if step else None)
    case.due_at = policy.instant_on(agreement.tolerance_date)


async def _stand_still(session: AsyncSession, case: Case, at: datetime) -> None:
    """Nobody is asked or written to about who is marked; what was waiting does not leave."""
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=TASKS, reason=N_("O cliente foi marcado."), at=at
    )
    overtaken = (*Reminder, AgreementReason.MADE, AgreementReason.BROKEN)
    await messages.withdraw_messages(session, case_id=case.number, purposes=overtaken, at=at)


async def _catch_up(
    session: AsyncSession, case: Case, agreement: Agreement, at: datetime
) -> list[int]:
    """Payments first: what was paid by now decides what a command or a deadline still means."""
    status = AgreementStatus(agreement.status)
    if not status.is_live:
        return await _after_reversal(session, case, agreement, at)
    moved = await _follow(session, case, agreement, at)
    facts = await load_facts(session, case, agreement)
    if facts.unsettled:
        return moved
    policy = await load_policy(session, AgreementPolicy())
    await _end(session, case, agreement, rules.fulfilment(facts, policy), by="system", at=at)
    return moved


async def _follow(
    session: AsyncSession, case: Case, agreement: Agreement, at: datetime
) -> list[int]:
    """Its invoices go where their payments put them, and the histories say which were paid."""
    moved = await follow(session, agreement, at=at)
    await tell_of_payments(session, case, agreement, moved, at=at)
    return [invoice.key for invoice, _ in moved]


async def _after_reversal(
    session: AsyncSession, case: Case, agreement: Agreement, at: datetime
) -> list[int]:
    """A payment was taken back after the end: a fulfilled agreement is in force again; of one that
    was called off, what is owed once more is negotiated."""
    if case.closed_at is not None:
        return []
    if agreement.status in rules.KEPT:
        agreement.status = case.stage
        agreement.ended_at = agreement.ended_by = None
        session.add(agreement)
        return await _follow(session, case, agreement, at)
    cases.move_to(session, case, agreement.status, by="system", at=at, is_final=True)
    return await give_back(
        session, agreement, reason=AgreementReason.PAYMENT_REVERSED, by="system", at=at
    )


async def _end_by_hand(
    session: AsyncSession,
    case: Case,
    agreement: Agreement,
    command: CancelAgreement | Renegotiate | RestoreOriginals,
    at: datetime,
) -> list[int]:
    status, by = AgreementStatus(agreement.status), command.by
    match command:
        case CancelAgreement():
            ends.check_cancellation(status, reason=command.reason)
            agreement.reason = command.reason
            undo, why, ended = (
                restore_originals,
                AgreementReason.CANCELLED,
                AgreementStatus.CANCELLED,
            )
        case Renegotiate():
            ends.check_broken(status)
            undo, why, ended = give_back, AgreementReason.RENEGOTIATED, AgreementStatus.RENEGOTIATED
        case RestoreOriginals():
            has_originals = await agreements.has_originals(session, agreement.number)
            ends.check_restorable(status, has_originals=has_originals)
            undo, why, ended = restore_originals, AgreementReason.RESTORED, AgreementStatus.RESTORED
    moved = await undo(session, agreement, reason=why, by=by, at=at)
    await _end(session, case, agreement, ended, by=by, at=at)
    if ended is AgreementStatus.CANCELLED:
        await tell_customer(session, case, agreement, why, at=at)
    return moved


async def _elapse(
    session: AsyncSession, case: Case, agreement: Agreement, step: AgreementStep, at: datetime
) -> list[int]:
    """The step is taken only if it is still what comes next: all may be paid meanwhile."""
    policy = await load_policy(session, AgreementPolicy())
    facts = await load_facts(session, case, agreement)
    due = rules.next_step(facts, policy)
    if due is None or due.kind != step or due.at > at:
        return []
    if not await may_run(session, case, due, at=at):
        return []
    await take_step(session, case, agreement, step, facts=facts, policy=policy, at=at)
    return await _follow(session, case, agreement, at)


async def _end(
    session: AsyncSession,
    case: Case,
    agreement: Agreement,
    status: AgreementStatus,
    *,
    by: str,
    at: datetime,
) -> None:
    agreement.status, agreement.ended_at, agreement.ended_by = status, at, by
    session.add(agreement)
    cases.move_to(session, case, status, by=by, at=at, is_final=True)
    await withdraw_tasks(
        session, for_case_id=case.number, kinds=TASKS, reason=N_("O acordo foi encerrado."), at=at
    )
    await messages.withdraw_messages(session, case_id=case.number, purposes=tuple(Reminder), at=at)
