"""Collections: where a customer's account stands, and what happens to it by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.business_days import Calendar, deadline, first_free
from rules.cases import Step, earliest
from rules.collection_stages import CollectionStage
from rules.panels import InvoiceStatus


class AccountStage(StrEnum):
    """Where a customer's collections stand: what of them needs work first, in this order.

    A broken agreement comes before everything, then the talk that is under way, then what is about
    to begin; what only waits comes last.
    """

    BROKEN = "broken"
    NEGOTIATING = "negotiating"
    IN_CONTACT = "in_contact"
    CLASSIFIED = "classified"
    IN_AGREEMENT = "in_agreement"
    AT_BUREAU = "at_bureau"
    CLOSED = "closed"


#: The stages of invoices in which their customer is still in collections.
WORKED_STAGES = (
    CollectionStage.BROKEN,
    CollectionStage.NEGOTIATING,
    CollectionStage.IN_CONTACT,
    CollectionStage.CLASSIFIED,
    CollectionStage.IN_AGREEMENT,
)


class AccountStep(StrEnum):
    """What happens to an account by itself; the value also names the task and the history line."""

    START_TASK = "start_task"
    ESCALATE = "escalate"
    CONFIRM_TASK = "confirm_task"
    FOLLOW_UP = "follow_up"
    CADENCE = "cadence"


class AccountEvent(StrEnum):
    """What the history of an account tells, beside its steps and stages."""

    CLASSIFIED = "classified"
    STARTED = "started"
    ADOPTED = "adopted"
    ACCOUNT_OPENED = "account_opened"
    CONFIRMED = "confirmed"
    CONTACT = "contact"
    RECOVERED = "recovered"
    WITHDRAWN = "withdrawn"


#: The lines of a case's history, of whichever process, by which the customer answers a message.
ANSWERS = ("mail_received", "sms_received")


class MoveReason(StrEnum):
    """Why an invoice moved from stage to stage."""

    OVERDUE = "overdue"
    STARTED = "started"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


class ContactKind(StrEnum):
    """Who called whom."""

    ACTIVE = "active"
    REACTIVE = "reactive"


#: Which task is for which stage: it is withdrawn once no invoice is in that stage any more.
TASKS_OF_STAGE = {
    CollectionStage.CLASSIFIED: (AccountStep.START_TASK, AccountStep.ESCALATE),
    CollectionStage.IN_CONTACT: (AccountStep.CONFIRM_TASK,),
    CollectionStage.NEGOTIATING: (AccountStep.FOLLOW_UP,),
}

#: Stages that an invoice leaves by itself when it is settled or taken out of the books.
BEFORE_AGREEMENT = tuple(TASKS_OF_STAGE)

#: What becomes of an invoice that is no longer owed, before any agreement, and why.
LEAVES_AS = {
    InvoiceStatus.SETTLED: (CollectionStage.RECOVERED, MoveReason.SETTLED),
    InvoiceStatus.CANCELLED: (CollectionStage.WITHDRAWN, MoveReason.CANCELLED),
    InvoiceStatus.SUSPENDED: (CollectionStage.WITHDRAWN, MoveReason.SUSPENDED),
}


@dataclass(frozen=True)
class CollectionsPolicy:
    """Offsets of what happens by itself, and who is asked; each is a setting."""

    team: str = "cobranca"
    start_task_business_days: int = 2
    escalate_business_days: int = 5
    confirm_task_business_days: int = 1
    follow_up_business_days: int = 3
    task_due_business_days: int = 1
    #: (calendar days of negotiation, purpose of the e-mail and SMS)
    cadence: Sequence[tuple[int, str]] = (
        (1, "contact_cadence_1"),
        (6, "contact_cadence_2"),
        (14, "contact_cadence_3"),
    )


@dataclass(frozen=True)
class AccountFacts:
    """What decides about an account's stage and next step.

    `since` holds, of each stage that has invoices, since when the oldest of them is there; `done`
    when each kind of event last stood in the history. Invoices that are contested, or of who is
    marked, are in `held` alone: their stage stays, and no clock runs. `last_word_at` is the newest
    contact, message or finished follow-up; `contacted_at` the newest contact; `answered_at` when
    the customer last spoke: called us, wrote back, or took our call; `follow_up_since` since when a
    follow-up task is open. On the days of `out` nothing is written.
    """

    calendar: Calendar
    since: Mapping[str, datetime]
    done: Mapping[str, datetime] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    is_at_bureau: bool = False
    last_word_at: datetime | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    follow_up_since: datetime | None = None
    is_reachable: bool = True
    out: frozenset[date] = frozenset()


def stage_of(facts: AccountFacts) -> AccountStage:
    """Where the account stands: the first stage in the order of work that has an invoice."""
    for stage in WORKED_STAGES:
        if stage in facts.since or stage in facts.held:
            return AccountStage(stage)
    return AccountStage.AT_BUREAU if facts.is_at_bureau else AccountStage.CLOSED


def next_step(facts: AccountFacts, policy: CollectionsPolicy) -> Step | None:
    """What happens first if nobody acts; None when all that is left waits for others.

    Each clock runs while its stage has invoices, and stops once the history says that its step was
    taken after the clock began: so nothing happens twice.
    """
    return earliest(
        _start_task(facts, policy),
        _escalation(facts, policy),
        _confirm_task(facts, policy),
        _follow_up(facts, policy),
        _next_message(facts, policy),
    )


def message_due(facts: AccountFacts, policy: CollectionsPolicy, *, now: datetime) -> str | None:
    """The purpose of the cadence that is due; of several after a standstill only the newest."""
    due = [purpose for at, purpose in _cadence(facts, policy) if at <= now]
    return due[-1] if due else None


def needless_tasks(facts: AccountFacts) -> tuple[AccountStep, ...]:
    """The kinds of task that nobody needs to do any more: nothing is in their stage.

    A contact that was logged after a follow-up was asked for is that follow-up.
    """
    idle = [
        step
        for stage, steps in TASKS_OF_STAGE.items()
        if stage not in facts.since
        for step in steps
    ]
    asked, contacted = facts.follow_up_since, facts.contacted_at
    if asked is not None and contacted is not None and contacted >= asked:
        idle.append(AccountStep.FOLLOW_UP)
    return tuple(idle)


def _start_task(facts: AccountFacts, policy: CollectionsPolicy) -> Step | None:
    begun = _unstarted_since(facts)
    return _once(facts, AccountStep.START_TASK, begun, policy.start_task_business_days)


def _escalation(facts: AccountFacts, policy: CollectionsPolicy) -> Step | None:
    begun = _unstarted_since(facts)
    return _once(facts, AccountStep.ESCALATE, begun, policy.escalate_business_days)


def _unstarted_since(facts: AccountFacts) -> datetime | None:
    """Invoices that the operator left out when starting others wait anew from then on."""
    return _later(facts.since.get(CollectionStage.CLASSIFIED), facts.done.get(AccountEvent.STARTED))


def _confirm_task(facts: AccountFacts, policy: CollectionsPolicy) -> Step | None:
    begun = facts.since.get(CollectionStage.IN_CONTACT)
    return _once(facts, AccountStep.CONFIRM_TASK, begun, policy.confirm_task_business_days)


def _once(
    facts: AccountFacts, step: AccountStep, begun: datetime | None, business_days: int
) -> Step | None:
    done = facts.done.get(step)
    if begun is None or (done is not None and done >= begun):
        return None
    return Step(step, deadline(begun, business_days=business_days, calendar=facts.calendar))


def _follow_up(facts: AccountFacts, policy: CollectionsPolicy) -> Step | None:
    """Silence counts from the last word; while the task is open, its own clock runs instead."""
    begun = _later(facts.since.get(CollectionStage.NEGOTIATING), facts.last_word_at)
    if begun is None or facts.follow_up_since is not None:
        return None
    days = policy.follow_up_business_days
    return Step(AccountStep.FOLLOW_UP, deadline(begun, business_days=days, calendar=facts.calendar))


def _next_message(facts: AccountFacts, policy: CollectionsPolicy) -> Step | None:
    return next((Step(AccountStep.CADENCE, at) for at, _ in _cadence(facts, policy)), None)


def _cadence(facts: AccountFacts, policy: CollectionsPolicy) -> list[tuple[datetime, str]]:
    """What is left to write, in order; nothing once the customer answered or cannot be reached."""
    begun = facts.since.get(CollectionStage.NEGOTIATING)
    answered = facts.answered_at is not None and begun is not None and facts.answered_at >= begun
    if begun is None or answered or not facts.is_reachable:
        return []
    written = facts.done.get(AccountStep.CADENCE)
    planned = sorted(
        (first_free(begun + timedelta(days=day), facts.out), purpose)
        for day, purpose in policy.cadence
    )
    return [(at, purpose) for at, purpose in planned if written is None or at > written]


def _later(begun: datetime | None, since: datetime | None) -> datetime | None:
    """The later of the two; None while the clock has not begun."""
    return max(begun, since) if begun and since else begun
