"""The life of a contestation: stages, clocks, what happens when nobody acts, which remedy is due.

A contestation is made (of a carrier's invoice) or received (of one of ours). Commands stand in
rules/contestation_commands.py, answers in rules/contestation_answers.py, and the search for
credits in rules/contestation_credits.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum

from rules.business_days import ONE_DAY, at_local_time
from rules.cases import Step
from rules.money import from_cents


class Direction(StrEnum):
    """Whose invoice is contested: a carrier's, or ours by a customer."""

    MADE = "made"
    RECEIVED = "received"


class ContestationStage(StrEnum):
    """Where a contestation stands."""

    DRAFT = "draft"
    FILED = "filed"
    AWAITING_ANSWER = "awaiting_answer"
    NO_ANSWER = "no_answer"
    ESCALATED = "escalated"
    REFUSED = "refused"
    PARTLY_ACCEPTED = "partly_accepted"
    ACCEPTED = "accepted"
    AWAITING_NEW_BARCODE = "awaiting_new_barcode"
    AWAITING_CREDIT = "awaiting_credit"
    VERIFIED = "verified"
    CORRECTING_ROOT_CAUSE = "correcting_root_cause"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = ContestationStage
FINAL = (S.CLOSED, S.WITHDRAWN)
#: The carrier has the letter and has not said its last word.
UNANSWERED = (S.FILED, S.AWAITING_ANSWER, S.NO_ANSWER, S.ESCALATED)
#: The carrier agreed, at least in part, and what it owes has not come.
GRANTED = (S.PARTLY_ACCEPTED, S.ACCEPTED, S.AWAITING_NEW_BARCODE, S.AWAITING_CREDIT)
MAY_BE_WITHDRAWN = (S.DRAFT, *UNANSWERED, S.REFUSED, *GRANTED)
MAY_ESCALATE = (*UNANSWERED, S.REFUSED)
MAY_BE_ANSWERED = (*UNANSWERED, S.REFUSED)


class Level(IntEnum):
    """Who has been turned to; each has a clock and a protocol of its own."""

    CARRIER = 0
    SECOND_LEVEL = 1
    OMBUDSMAN = 2
    REGULATOR = 3
    EXHAUSTED = 4


class ContestationStep(StrEnum):
    """What happens to a contestation by itself; from ASK_ANSWER on, to one that was received."""

    WRITE = "write"
    ASK_FILING = "ask_filing"
    ASK_PROTOCOL = "ask_protocol"
    REMIND = "remind"
    MISS_ANSWER = "miss_answer"
    ESCALATE = "escalate"
    EXHAUST = "exhaust"
    ASK_MANAGER = "ask_manager"
    CHASE_BARCODE = "chase_barcode"
    MISS_BARCODE = "miss_barcode"
    CHASE_CREDIT = "chase_credit"
    CHASE_CORRECTION = "chase_correction"
    ASK_ANSWER = "ask_answer"
    WARN_MANAGER = "warn_manager"
    CONCEDE = "concede"
    TELL_CUSTOMER = "tell_customer"
    CHASE_REFUND = "chase_refund"
    ASK_INDEX = "ask_index"


class Remedy(StrEnum):
    """How the carrier makes good what it accepted; `decide`: a person must say."""

    NEW_BARCODE = "new_barcode"
    CREDIT = "credit"
    DECIDE = "decide"


@dataclass(frozen=True)
class ContestationPolicy:
    """The clocks of contestations, in calendar days, and what needs approval."""

    team: str = "contestacao"
    answer_days: int = 30
    legal_answer_days: int = 30
    remind_days_before: int = 5
    remind_again_days_before: int = 1
    second_level_days: int = 10
    ombudsman_days: int = 10
    regulator_days: int = 10
    escalate_after_days: int = 0
    filing_days: int = 2
    protocol_days: int = 2
    barcode_days: int = 5
    credit_days: int = 45
    correction_days: int = 60
    decide_days: int = 5
    window_years: int = 3
    claims_double: bool = True
    credit_interest_percent: int = 1
    credit_index: str = "IPCA"
    credit_tolerance_cents: int = 1
    files_previews: bool = True
    approval_above: int = 50_000
    acts_at_hour: int = 9
    task_due_business_days: int = 2

    def instant_on(self, day: date) -> datetime:
        """The instant of a day at which contestations act."""
        return at_local_time(day, at=time(self.acts_at_hour))

    @property
    def credit_tolerance(self) -> Decimal:
        """How much an item's credit may be short and still settle it, in reais."""
        return from_cents(self.credit_tolerance_cents)

    def days_of(self, level: Level) -> int:
        """How long a level has to answer."""
        return {
            Level.CARRIER: self.answer_days,
            Level.SECOND_LEVEL: self.second_level_days,
            Level.OMBUDSMAN: self.ombudsman_days,
        }.get(level, self.regulator_days)


@dataclass(frozen=True)
class ContestationFacts:
    """What decides about the next step.

    `due_on` is the last day of the present wait, `reminded` counts what was done in it.
    `letter_due`: a letter is decided and not written. `invoice_due_on` is the contested invoice's.
    """

    stage: ContestationStage
    since: date
    due_on: date | None
    reminded: int = 0
    level: Level = Level.CARRIER
    letter_due: bool = False
    letter_since: datetime | None = None
    direction: Direction = Direction.MADE
    is_preview: bool = False
    invoice_due_on: date | None = None


def due_of(
    stage: ContestationStage,
    *,
    level: Level,
    today: date,
    policy: ContestationPolicy,
    invoice_due_on: date | None = None,
    closing_on: date | None = None,
) -> date | None:
    """The last day of the wait that begins today; None where nobody is waited for.

    A preview is answered by the day its invoice closes, whatever the term.
    """
    match stage:
        case S.DRAFT:
            due = today + timedelta(days=policy.filing_days)
        case S.FILED | S.AWAITING_ANSWER | S.ESCALATED:
            due = today + timedelta(days=policy.days_of(level))
        case S.AWAITING_NEW_BARCODE:
            due = today + timedelta(days=policy.barcode_days)
            return min(due, invoice_due_on) if invoice_due_on else due
        case S.AWAITING_CREDIT:
            due = today + timedelta(days=policy.credit_days)
        case S.REFUSED | S.PARTLY_ACCEPTED | S.ACCEPTED:
            due = today + timedelta(days=policy.decide_days)
        case _:
            return None
    return min(due, closing_on) if closing_on else due


def next_step(facts: ContestationFacts, policy: ContestationPolicy) -> Step | None:
    """What comes next by itself; None when only people, the carrier or an invoice can move it."""
    if facts.letter_due and facts.letter_since is not None:
        return Step(ContestationStep.WRITE, facts.letter_since)
    day_and_kind = _next_of(facts, policy)
    return Step(day_and_kind[1], policy.instant_on(day_and_kind[0])) if day_and_kind else None


def _next_of(
    facts: ContestationFacts, policy: ContestationPolicy
) -> tuple[date, ContestationStep] | None:
    due = facts.due_on or facts.since
    match facts.stage:
        case S.FILED:
            return min([*_protocol(facts, policy), _unanswered(facts, due)])
        case S.AWAITING_ANSWER | S.ESCALATED if facts.level < Level.EXHAUSTED:
            return _reminder(facts, due, policy) or _unanswered(facts, due)
        case S.NO_ANSWER:
            return facts.since + timedelta(days=policy.escalate_after_days), _up(facts)
        case S.AWAITING_NEW_BARCODE:
            return _barcode(facts, due)
    is_asked = facts.reminded > 0 or facts.stage not in _ASKED_ONCE
    return None if is_asked else (due, _ASKED_ONCE[facts.stage])


def _protocol(
    facts: ContestationFacts, policy: ContestationPolicy
) -> list[tuple[date, ContestationStep]]:
    asked_on = facts.since + timedelta(days=policy.protocol_days)
    return [] if facts.reminded else [(asked_on, ContestationStep.ASK_PROTOCOL)]


_ASKED_ONCE = {
    S.DRAFT: ContestationStep.ASK_FILING,
    S.REFUSED: ContestationStep.ASK_MANAGER,
    S.PARTLY_ACCEPTED: ContestationStep.ASK_MANAGER,
    S.ACCEPTED: ContestationStep.ASK_MANAGER,
    S.AWAITING_CREDIT: ContestationStep.CHASE_CREDIT,
    S.CORRECTING_ROOT_CAUSE: ContestationStep.CHASE_CORRECTION,
}


def _reminder(
    facts: ContestationFacts, due: date, policy: ContestationPolicy
) -> tuple[date, ContestationStep] | None:
    """The next reminder that still lies within the wait; a short wait has fewer."""
    ahead = (policy.remind_days_before, policy.remind_again_days_before)
    days = [due - timedelta(days=each) for each in sorted(ahead, reverse=True)]
    left = [day for day in days if day > facts.since][facts.reminded :]
    return (left[0], ContestationStep.REMIND) if left else None


def _unanswered(facts: ContestationFacts, due: date) -> tuple[date, ContestationStep]:
    """The day after the last one."""
    kind = _up(facts) if facts.stage == S.ESCALATED else ContestationStep.MISS_ANSWER
    return due + ONE_DAY, kind


def _up(facts: ContestationFacts) -> ContestationStep:
    is_last = facts.level >= Level.REGULATOR
    return ContestationStep.EXHAUST if is_last else ContestationStep.ESCALATE


def _barcode(facts: ContestationFacts, due: date) -> tuple[date, ContestationStep] | None:
    """Asked for on the day it is due; once the invoice is overdue it would pay nothing."""
    if facts.reminded == 0 and (facts.invoice_due_on is None or due <= facts.invoice_due_on):
        return due, ContestationStep.CHASE_BARCODE
    if facts.invoice_due_on is None:
        return None
    return facts.invoice_due_on + ONE_DAY, ContestationStep.MISS_BARCODE


def remedy_of(*, accepted_on: date, due_on: date | None, paid_on: date | None) -> Remedy:
    """How what was accepted is made good.

    A new barcode while the invoice is unpaid and not past due; a credit on the next one once it
    is paid; past due and unpaid, a person decides.
    """
    if paid_on is not None:
        return Remedy.CREDIT
    if due_on is None or accepted_on <= due_on:
        return Remedy.NEW_BARCODE
    return Remedy.DECIDE


def is_deemed_accepted(*, filed_on: date, today: date, policy: ContestationPolicy) -> bool:
    """Whether the legal term passed without an answer: the law then takes it as accepted."""
    return today > filed_on + timedelta(days=policy.legal_answer_days)


def last_day_to_contest(charged_on: date, *, years: int) -> date:
    """The last day on which a charge may be contested, so many years after it."""
    try:
        return charged_on.replace(year=charged_on.year + years)
    except ValueError:  # 29 February
        return date(charged_on.year + years, 3, 1)
