"""The life of a support ticket: its stages, its two clocks, and what happens when nobody acts.

What people can do to one stands in rules/ticket_commands.py, how urgent it is in
rules/ticket_priority.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.business_days import Calendar, deadline
from rules.cases import Step, earliest
from rules.service_clock import Allowance, Mark, share
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
    """What a ticket may be about."""

    CONTRACT = "contract"
    INVOICE = "invoice"
    CASE = "case"
    TICKET = "ticket"


#: The two promises of a ticket; an SLA table calls them the same.
CLOCKS = (SlaEvent.FIRST_RESPONSE, SlaEvent.RESOLUTION)
RESPONSE_STEPS = (
    *(TicketStep.WARN_RESPONSE, TicketStep.BREACH_RESPONSE, TicketStep.ESCALATE_RESPONSE),
)
RESOLUTION_STEPS = (
    *(TicketStep.WARN_RESOLUTION, TicketStep.BREACH_RESOLUTION, TicketStep.ESCALATE_RESOLUTION),
)
STEPS_OF = {SlaEvent.FIRST_RESPONSE: RESPONSE_STEPS, SlaEvent.RESOLUTION: RESOLUTION_STEPS}
CLOCK_OF = {step: event for event, steps in STEPS_OF.items() for step in steps}
BREACHES = (TicketStep.BREACH_RESPONSE, TicketStep.BREACH_RESOLUTION)


@dataclass(frozen=True)
class TicketPolicy:
    """What is promised where no SLA table says it, and when who is told. Hours are working hours.

    `calendar` is the code of a service calendar.
    """

    team: str = "suporte"
    calendar: str = "national"
    response_hours_high: int = 2
    response_hours_normal: int = 8
    response_hours_low: int = 16
    resolution_hours_high: int = 8
    resolution_hours_normal: int = 24
    resolution_hours_low: int = 48
    warn_percent: int = 80
    escalate_after_hours: int = 4
    nudge_business_days: int = 3
    give_up_business_days: int = 10
    reopen_business_days: int = 5
    mails_per_hour: int = 20

    def allowed(self, event: SlaEvent, priority: Priority) -> Allowance:
        """The house's own promise."""
        what = "response" if event is SlaEvent.FIRST_RESPONSE else "resolution"
        return Allowance(getattr(self, f"{what}_hours_{priority.name.lower()}"))

    def marks(self, event: SlaEvent, seconds: int) -> tuple[Mark, ...]:
        """The warning before, the breach, and the escalation after a promise of so many seconds."""
        warn, breach, escalate = STEPS_OF[event]
        return (
            Mark(warn, share(seconds, self.warn_percent)),
            Mark(breach, seconds),
            Mark(escalate, seconds + self.escalate_after_hours * 3600),
        )


@dataclass(frozen=True)
class TicketFacts:
    """What decides about a ticket's next step; `coming` is what its clocks bring."""

    stage: TicketStage
    since: datetime
    is_nudged: bool
    coming: Sequence[Step]
    calendar: Calendar


def next_step(facts: TicketFacts, policy: TicketPolicy) -> Step | None:
    """What comes next by itself; None once the ticket is closed."""
    match facts.stage:
        case TicketStage.OPEN | TicketStage.IN_PROGRESS:
            return earliest(*facts.coming)
        case TicketStage.WAITING_CUSTOMER:
            return earliest(*facts.coming, _silence(facts, policy))
        case TicketStage.RESOLVED:
            return _after(facts, TicketStep.CLOSE, policy.reopen_business_days)
        case _:
            return None


def _silence(facts: TicketFacts, policy: TicketPolicy) -> Step:
    """A customer who does not answer is asked once more, and then not waited for."""
    if facts.is_nudged:
        return _after(facts, TicketStep.GIVE_UP, policy.give_up_business_days)
    return _after(facts, TicketStep.NUDGE, policy.nudge_business_days)


def _after(facts: TicketFacts, step: TicketStep, days: int) -> Step:
    return Step(step, deadline(facts.since, business_days=days, calendar=facts.calendar))
