"""The life of a support ticket: its stages, its two clocks, and what happens when nobody acts.

What people can do to one stands in rules/ticket_commands.py, how urgent it is in
rules/ticket_priority.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from rules.business_days import Calendar, at_local_time, closing, deadline, local_date
from rules.cases import Step, earliest
from rules.clock_reminders import ClockMark
from rules.reminders import CountedIn, Moment, Post, Reminder
from rules.service_clock import Allowance
from rules.sla import SlaEvent
from rules.tasks import Priority


class TicketStage(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"

    @property
    def is_worked(self) -> bool:
        """Whether it is ours to treat."""
        return self in WORKED


WORKED = (TicketStage.OPEN, TicketStage.IN_PROGRESS, TicketStage.WAITING_CUSTOMER)


class TicketStep(StrEnum):
    """What happens to a ticket by itself."""

    WARN_RESPONSE = "warn_response"
    BREACH_RESPONSE = "breach_response"
    ESCALATE_RESPONSE = "escalate_response"
    WARN_RESOLUTION = "warn_resolution"
    BREACH_RESOLUTION = "breach_resolution"
    ESCALATE_RESOLUTION = "escalate_resolution"
    LEGAL_DAY = "legal_day"
    NUDGE = "nudge"
    GIVE_UP = "give_up"
    CLOSE = "close"


class Channel(StrEnum):
    """How a ticket reached us."""

    EMAIL = "email"
    PAGE = "page"
    API = "api"
    PHONE = "phone"


class EntryKind(StrEnum):
    """What a line of a ticket's thread is; notes are for the house alone."""

    CUSTOMER = "customer"
    REPLY = "reply"
    NOTE = "note"


class Subject(StrEnum):
    """What a ticket may be about. A contestation is kept as its case is."""

    CONTRACT = "contract"
    INVOICE = "invoice"
    CONTESTATION = "contestation"
    CASE = "case"
    TICKET = "ticket"


#: The two promises of a ticket; an SLA table calls them the same.
#: When somebody is told that the last day of the law is there, on the clocks of Brasília.
LEGAL_DAY_BEGINS = time(9)
CLOCKS = (SlaEvent.FIRST_RESPONSE, SlaEvent.RESOLUTION)
#: What the steps of each are called.
STEPS_OF = {
    SlaEvent.FIRST_RESPONSE: {
        ClockMark.WARN: TicketStep.WARN_RESPONSE,
        ClockMark.BREACH: TicketStep.BREACH_RESPONSE,
        ClockMark.ESCALATE: TicketStep.ESCALATE_RESPONSE,
    },
    SlaEvent.RESOLUTION: {
        ClockMark.WARN: TicketStep.WARN_RESOLUTION,
        ClockMark.BREACH: TicketStep.BREACH_RESOLUTION,
        ClockMark.ESCALATE: TicketStep.ESCALATE_RESOLUTION,
    },
}
REMINDERS = (
    Reminder(Moment.ELAPSED, 80, CountedIn.PERCENT, Post.ASSIGNEE),
    Reminder(Moment.AFTER_DUE, 0, CountedIn.HOURS, Post.ASSIGNEE),
    Reminder(Moment.AFTER_DUE, 0, CountedIn.HOURS, Post.LEAD),
    Reminder(Moment.AFTER_DUE, 0, CountedIn.HOURS, Post.EXECUTIVE),
    Reminder(Moment.AFTER_DUE, 4, CountedIn.HOURS, Post.MANAGER),
)


@dataclass(frozen=True)
class TicketPolicy:
    """What is promised where no SLA table says it, and when who is told. Hours are working hours.

    `calendar` is the code of a service calendar. `legal_answer_days` are the calendar days of
    Decreto 11.034/2022, art. 13, which nothing stops.
    """

    team: str = "suporte"
    calendar: str = "national"
    response_hours_high: int = 2
    response_hours_normal: int = 8
    response_hours_low: int = 16
    resolution_hours_high: int = 8
    resolution_hours_normal: int = 24
    resolution_hours_low: int = 48
    response_reminders: tuple[Reminder, ...] = REMINDERS
    resolution_reminders: tuple[Reminder, ...] = REMINDERS
    nudge_business_days: int = 3
    give_up_business_days: int = 10
    reopen_business_days: int = 5
    mails_per_hour: int = 20
    legal_answer_days: int = 7

    def allowed(self, event: SlaEvent, priority: Priority) -> Allowance:
        """The house's own promise."""
        what = "response" if event is SlaEvent.FIRST_RESPONSE else "resolution"
        return Allowance(getattr(self, f"{what}_hours_{priority.name.lower()}"))

    def reminders(self, event: SlaEvent) -> tuple[Reminder, ...]:
        """Who is told of a promise, and when."""
        is_response = event is SlaEvent.FIRST_RESPONSE
        return self.response_reminders if is_response else self.resolution_reminders


@dataclass(frozen=True)
class TicketFacts:
    """What decides about a ticket's next step; `coming` is what its clocks bring.

    `legal_at` is when the last day of the law begins; None once it was told.
    """

    stage: TicketStage
    since: datetime
    is_nudged: bool
    coming: Sequence[Step]
    calendar: Calendar
    legal_at: datetime | None = None


def next_step(facts: TicketFacts, policy: TicketPolicy) -> Step | None:
    """What comes next by itself; None once the ticket is closed."""
    match facts.stage:
        case TicketStage.OPEN | TicketStage.IN_PROGRESS:
            return earliest(*facts.coming, _legal_day(facts))
        case TicketStage.WAITING_CUSTOMER:
            return earliest(*facts.coming, _legal_day(facts), _silence(facts, policy))
        case TicketStage.RESOLVED:
            return _at_end(facts, TicketStep.CLOSE, policy.reopen_business_days)
        case _:
            return None


def legal_day(started_at: datetime, policy: TicketPolicy) -> datetime:
    """This will give when the last day of the law begins, wherever the ticket stands meanwhile."""
    last = local_date(started_at) + timedelta(days=policy.legal_answer_days)
    return at_local_time(last, at=LEGAL_DAY_BEGINS)


def _legal_day(facts: TicketFacts) -> Step | None:
    return Step(TicketStep.LEGAL_DAY, facts.legal_at) if facts.legal_at else None


def _silence(facts: TicketFacts, policy: TicketPolicy) -> Step:
    """A customer who does not answer is asked once more, and then not waited for."""
    if facts.is_nudged:
        return _at_end(facts, TicketStep.GIVE_UP, policy.give_up_business_days)
    days = policy.nudge_business_days
    return Step(
        TicketStep.NUDGE, deadline(facts.since, business_days=days, calendar=facts.calendar)
    )


def _at_end(facts: TicketFacts, step: TicketStep, days: int) -> Step:
    """What the customer may still do holds to the end of the last day."""
    return Step(step, closing(facts.since, business_days=days, calendar=facts.calendar))
