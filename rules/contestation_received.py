"""Contestations received: a customer of ours contests one of our invoices; the roles turned round.

The law (RGC, Resolução Anatel 765/2023): what is contested is not collected until the customer was
told of the answer; what is not contested gets a bill of its own; within 30 days an answer with
reasons, or the customer is right. What was paid without being due comes back in double, corrected
and with interest by the day (rules/refunds.py). Every number is a setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.business_days import ONE_DAY
from rules.contestation import ContestationStage, ContestationStep
from rules.messages import NoticeState
from rules.money import ZERO, round_half_up

S = ContestationStage
#: Answered, and the customer not told of it yet: until then the clocks stand still.
ANSWERED = (S.REFUSED, S.PARTLY_ACCEPTED, S.ACCEPTED)
#: The customer may give it up until it is over.
MAY_BE_GIVEN_UP = (S.AWAITING_ANSWER,)


class RefundChannel(StrEnum):
    """How money comes back; the customer chooses."""

    NEXT_INVOICE = "next_invoice"
    BANK = "bank"
    PREPAID = "prepaid"  #: credit of a prepaid line

    @property
    def is_by_hand(self) -> bool:
        """Whether a person gives it, and records when."""
        return self is not RefundChannel.NEXT_INVOICE


class BillForm(StrEnum):
    """How the customer wants the corrected bill."""

    ELECTRONIC = "electronic"
    PRINTED = "printed"


@dataclass(frozen=True)
class ReceivedPolicy:
    """The clocks of contestations received, in calendar days, and what comes back."""

    answer_days: int = 30
    remind_days_before: int = 10
    warn_days_before: int = 3
    new_bill_due_days: int = 10
    bill_ahead_days: int = 5
    tell_days: int = 2
    refund_days: int = 45
    bank_refund_days: int = 5
    prepaid_valid_days: int = 90
    refund_times: int = 2
    refund_interest_percent: int = 1
    refund_index: str = "IPCA"


@dataclass(frozen=True)
class Shares:
    """An invoice under contestation: what is contested and unpaid, and what goes on being owed."""

    unpaid: Decimal
    uncontested: Decimal


def shares_of(*, claimed: Decimal, open_amount: Decimal) -> Shares:
    """This will part what an invoice still owes: payments covered first what nobody contests."""
    unpaid = min(claimed, open_amount)
    return Shares(unpaid, open_amount - unpaid)


@dataclass(frozen=True)
class Settlement:
    """What an answer does to the money: cancelled while unpaid, given back where it was paid."""

    cancelled: Decimal
    was_paid: Decimal


def settlement_of(*, upheld: Decimal, open_amount: Decimal) -> Settlement:
    """This will cancel what is unpaid first; the rest of what is upheld was paid."""
    cancelled = min(upheld, open_amount)
    return Settlement(cancelled, upheld - cancelled)


@dataclass(frozen=True)
class Covered:
    """What a payment took off what an invoice owes, and what of it were late charges."""

    on: date
    principal: Decimal
    charges: Decimal = ZERO


def overpaid_by_day(amount: Decimal, covered: Sequence[Covered]) -> dict[date, Decimal]:
    """This will say on which days so much of an invoice was paid that was not due.

    The last payments hold it, as the first covered what nobody contests; the late charges on it
    were no more due than it is, and go with their payment in the same part. What was never paid,
    being forgiven, does not go back.
    """
    found: dict[date, Decimal] = {}
    whole, left = sum((each.principal for each in covered), ZERO), amount
    for each in sorted(covered, key=lambda payment: payment.on, reverse=True):
        part = min(left, each.principal)
        # Late charges that came by themselves are of all that was owed.
        of, base = (part, each.principal) if each.principal else (amount, whole)
        charges = round_half_up(each.charges * of / base) if base else ZERO
        left -= part
        if part + charges:
            found[each.on] = found.get(each.on, ZERO) + part + charges
    return found


def new_bill_due(today: date, *, due_date: date, policy: ReceivedPolicy) -> date:
    """When the bill of what is not contested falls due: never earlier than the invoice did."""
    return max(today + timedelta(days=policy.new_bill_due_days), due_date)


def in_hand_by(due_date: date, policy: ReceivedPolicy) -> date:
    """The last day on which a printed bill may reach the customer who asked for one."""
    return due_date - timedelta(days=policy.bill_ahead_days)


@dataclass(frozen=True)
class ReceivedFacts:
    """What decides about the next step. `notice` is what became of the letter with the answer.

    `index_out_on`: it was given back, and a month of the index is only out on that day.
    """

    stage: ContestationStage
    since: date
    due_on: date | None
    reminded: int = 0
    notice: NoticeState = NoticeState.PENDING
    index_out_on: date | None = None


def due_of(
    stage: ContestationStage,
    *,
    today: date,
    channel: RefundChannel,
    policy: ReceivedPolicy,
    awaits_index: bool = False,
) -> date | None:
    """The last day of the wait that begins today; None where nobody is waited for."""
    match stage:
        case S.AWAITING_CREDIT if awaits_index:
            return None
        case S.AWAITING_ANSWER:
            return today + timedelta(days=policy.answer_days)
        case S.REFUSED | S.PARTLY_ACCEPTED | S.ACCEPTED:
            return today + timedelta(days=policy.tell_days)
        case S.AWAITING_CREDIT:
            by_hand = channel.is_by_hand
            return today + timedelta(
                days=policy.bank_refund_days if by_hand else policy.refund_days
            )
        case _:
            return None


def next_step(facts: ReceivedFacts, policy: ReceivedPolicy) -> tuple[date, ContestationStep] | None:
    """What comes next by itself, and on which day; None when only people or the refund move it."""
    due = facts.due_on or facts.since
    match facts.stage:
        case S.AWAITING_ANSWER:
            return _next_of_answer(facts, due, policy)
        case S.REFUSED | S.PARTLY_ACCEPTED | S.ACCEPTED if not facts.reminded:
            is_lost = facts.notice is NoticeState.FAILED
            return facts.since if is_lost else due, ContestationStep.TELL_CUSTOMER
        case S.AWAITING_CREDIT if facts.index_out_on:
            return None if facts.reminded else (facts.index_out_on, ContestationStep.ASK_INDEX)
        case S.AWAITING_CREDIT if not facts.reminded:
            return due, ContestationStep.CHASE_REFUND
        case _:
            return None


def _next_of_answer(
    facts: ReceivedFacts, due: date, policy: ReceivedPolicy
) -> tuple[date, ContestationStep]:
    """A reminder, a word to the manager; the day after the last one the customer is right."""
    ahead = (
        (due - timedelta(days=policy.remind_days_before), ContestationStep.ASK_ANSWER),
        (due - timedelta(days=policy.warn_days_before), ContestationStep.WARN_MANAGER),
    )
    left = [each for each in sorted(ahead) if each[0] > facts.since][facts.reminded :]
    return left[0] if left else (due + ONE_DAY, ContestationStep.CONCEDE)
