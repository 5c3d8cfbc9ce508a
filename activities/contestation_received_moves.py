"""The transitions of a contestation received: answered, told, given back; clocks go on after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contestation_claim import Claim
from activities.contestation_given import settle_rest, was_given
from activities.contestation_received import reference_of
from activities.contestation_received_money import settle
from activities.contestation_received_tasks import ask, forget_tasks
from activities.contestation_refunds import ask_for_unknown, count_refund
from activities.contestation_schedule import ANSWERED, next_of
from activities.invoice_news import tell_concerned
from activities.ladder_pauses import resume
from activities.messages import write_to_customer
from activities.protest_tasks import follow_answer
from models.cases import Case
from models.charges import Charge
from models.contestations import Contestation
from models.customers import Customer
from models.invoices import Invoice
from models.notices import notice_of
from models.policies import load_policy
from models.received_contestations import received_of
from models.standings import refresh_standings
from rules import contestation_received_commands as commands
from rules.cases import Elapsed, News
from rules.charges import ChargeStatus
from rules.contestation import ContestationPolicy, ContestationStage
from rules.contestation import ContestationStep as Next
from rules.contestation_answers import stage_after
from rules.contestation_commands import NotInThisStage, WithdrawContestation, check_approval
from rules.contestation_received import ANSWERED as IS_ANSWERED
from rules.contestation_received import ReceivedPolicy, RefundChannel
from rules.contestation_received_commands import AnswerCustomer, RecordCustomerTold, RecordRefund
from rules.ladder import PauseReason
from rules.messages import NoticeState
from rules.money import ZERO

S = ContestationStage


async def decide_received(
    session: AsyncSession, case: Case, contestation: Contestation, command: Any, at: datetime
) -> None:
    """What a command does to a contestation received; inside the caller's transaction."""
    received = await received_of(session, contestation.number)
    claim = Claim(session, case, contestation, received, command.by, at)
    match command:
        case Elapsed(step=step):
            await _elapse(claim, Next(step))
        case News():
            pass
        case AnswerCustomer():
            await _answer(claim, command)
        case RecordCustomerTold():
            _record_told(claim, command)
        case RecordRefund():
            await _record_refund(claim, command)
        case WithdrawContestation():
            await _give_up(claim, command)
        case _:
            raise NotInThisStage
    await _catch_up(claim)
    # An answer changes what is owed before the customer knows of it, and panels show what is owed.
    await refresh_standings(session, [(await claim.invoice()).customer_id])


async def _elapse(claim: Claim, step: Next) -> None:
    """The step is taken only if it is still what comes next."""
    policy = await load_policy(claim.session, ContestationPolicy())
    due = await next_of(claim.session, claim.case, claim.contestation, policy=policy)
    if due is None or due.kind != step or due.at > claim.at:
        return
    if step is Next.CONCEDE:
        claim.case.breached_at = claim.case.breached_at or claim.at
        claim.record("conceded")
        claim.contestation.accepted = claim.contestation.claimed
        await _close_answer(claim)
        return
    claim.contestation.reminded += 1
    claim.session.add(claim.contestation)
    if step is Next.ASK_INDEX:
        await _ask_index(claim)
        return
    await ask(claim, step, policy)


async def _ask_index(claim: Claim) -> None:
    """The month is out by now: whoever informs indices is asked for it."""
    claim.record(Next.ASK_INDEX, by="system")
    await ask_for_unknown(claim.session, claim.received, at=claim.at)


async def _answer(claim: Claim, command: AnswerCustomer) -> None:
    contestation = claim.contestation
    commands.check_answer(
        claim.stage, command, claimed=contestation.claimed, due_on=contestation.due_on,
        today=claim.today,
    )  # fmt: skip
    limit = (await load_policy(claim.session, ContestationPolicy())).approval_above
    check_approval(command.upheld, limit=limit, approves=command.approves)
    contestation.accepted, contestation.reason = command.upheld, command.reason.strip()
    claim.record(
        "answered_customer", amount=str(command.upheld), total=str(contestation.claimed),
        reason=contestation.reason or None,
    )  # fmt: skip
    await _close_answer(claim, is_justified=command.is_justified)


async def _close_answer(claim: Claim, *, is_justified: bool = False) -> None:
    """The money follows the answer at once; the customer is written to, and the clocks wait."""
    contestation = claim.contestation
    contestation.answered_on = claim.today
    await forget_tasks(claim)
    policy = await load_policy(claim.session, ReceivedPolicy())
    await settle(claim, policy, is_justified=is_justified)
    await claim.enter(stage_after(claimed=contestation.claimed, accepted=contestation.accepted))
    await _write(claim, policy)


async def _write(claim: Claim, policy: ReceivedPolicy) -> None:
    contestation, received = claim.contestation, claim.received
    told = {
        "protocol": received.protocol, "claimed": contestation.claimed,
        "upheld": contestation.accepted, "cancelled": received.cancelled,
        "refund": received.refund, "refund_by": received.refund_channel,
        "refund_times": received.times, "prepaid_days": policy.prepaid_valid_days,
        "reason": contestation.reason, "is_late": claim.case.breached_at is not None,
    }  # fmt: skip
    await write_to_customer(
        claim.session, case=claim.case, at=claim.at, by=claim.by, purpose=ANSWERED,
        customer=await claim.session.get_one(Customer, contestation.customer_id),
        key=f"contestation/{contestation.number}/answered", values={"contestation": told},
        invoice_id=contestation.own_invoice_id, respects_window=False,
        requires_open_invoice=False,
    )  # fmt: skip


def _record_told(claim: Claim, command: RecordCustomerTold) -> None:
    commands.check_told(claim.stage, command, today=claim.today)
    claim.received.told_on, claim.received.told_how = command.told_on, command.how.strip()
    claim.session.add(claim.received)
    claim.record("told", how=claim.received.told_how)


async def _record_refund(claim: Claim, command: RecordRefund) -> None:
    commands.check_refund(
        claim.stage, command, channel=claim.received.refunds_by, today=claim.today,
        awaits_index=claim.received.awaits_index,
    )  # fmt: skip
    claim.received.receipt = command.receipt.strip()
    if not claim.received.given:
        await count_refund(
            claim.session, claim.contestation, claim.received, command.refunded_on, at=claim.at
        )
    await was_given(claim, on=command.refunded_on)


async def _give_up(claim: Claim, command: WithdrawContestation) -> None:
    """The customer does not contest any more: the clocks go on where they stood."""
    commands.check_given_up(claim.stage, reason=command.reason)
    claim.contestation.reason = command.reason
    await forget_tasks(claim)
    await _thaw(claim)
    await claim.enter(S.WITHDRAWN)


async def _catch_up(claim: Claim) -> None:
    """Told by now, the amount is free again; given back by now, it is over."""
    await claim.session.flush()
    if claim.stage in IS_ANSWERED and await _is_told(claim):
        await forget_tasks(claim)
        claim.contestation.credited = claim.received.cancelled
        await _thaw(claim)
        await claim.enter(S.AWAITING_CREDIT if claim.received.refund else S.CLOSED, by="system")
    if claim.stage is S.AWAITING_CREDIT and claim.received.awaits_index:
        await settle_rest(claim)
    elif claim.stage is S.AWAITING_CREDIT and claim.received.charge_id is not None:
        await _follow_charge(claim, claim.received.charge_id)


async def _is_told(claim: Claim) -> bool:
    notice, _ = await notice_of(claim.session, claim.case, ANSWERED)
    if claim.received.told_on is None and notice is NoticeState.SENT:
        claim.received.told_on = claim.today
        claim.session.add(claim.received)
    return claim.received.told_on is not None


async def _follow_charge(claim: Claim, charge_id: int) -> None:
    """On an invoice, it is given back; taken off the books, it goes by bank instead."""
    charge = await claim.session.get_one(Charge, charge_id)
    if charge.status == ChargeStatus.CANCELLED:
        claim.received.refund_channel, claim.received.charge_id = RefundChannel.BANK, None
        claim.session.add(claim.received)
        await claim.enter(S.AWAITING_CREDIT, by="system")
    elif charge.status == ChargeStatus.INVOICED and charge.invoice_id is not None:
        invoice = await claim.session.get_one(Invoice, charge.invoice_id)
        await was_given(claim, on=invoice.issue_date or claim.today)


async def _thaw(claim: Claim) -> None:
    """Ladder, collections and bureau of what is still owed go on where they stood."""
    invoice = await claim.invoice()
    await resume(
        claim.session, invoice, reason=PauseReason.CONTESTATION, at=claim.at, by=claim.by,
        reference=reference_of(claim.contestation),
    )  # fmt: skip
    was_undue = claim.received.cancelled > ZERO
    await follow_answer(claim.session, invoice.key, was_undue=was_undue, at=claim.at)
    news = f"contested/{claim.contestation.number}/over"
    await tell_concerned(claim.session, invoice, news_id=news, at=claim.at)
