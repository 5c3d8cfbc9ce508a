"""The life of a kickoff: meeting, parametrisation, acceptance, and what happens by itself.

What people do to one stands in rules/kickoff_commands.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.business_days import Calendar, closing
from rules.cases import Step, earliest
from rules.clock_reminders import ClockMark
from rules.reminders import CountedIn, Moment, Post, Reminder
from rules.service_clock import Allowance
from rules.sla import SlaEvent, SlaUnit


class KickoffStage(StrEnum):
    """Where a kickoff stands."""

    SCHEDULING = "scheduling"
    SCHEDULED = "scheduled"
    PARAMETRISING = "parametrising"
    WAITING_CLIENT = "waiting_client"
    INSTALLED = "installed"
    IN_SERVICE = "in_service"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self in OVER


OVER = (KickoffStage.IN_SERVICE, KickoffStage.CANCELLED)
BEFORE_MEETING = (KickoffStage.SCHEDULING, KickoffStage.SCHEDULED)


class KickoffStep(StrEnum):
    """What happens to a kickoff by itself."""

    WARN_MEETING = "warn_meeting"
    BREACH_MEETING = "breach_meeting"
    ESCALATE_MEETING = "escalate_meeting"
    WARN_INSTALLATION = "warn_installation"
    BREACH_INSTALLATION = "breach_installation"
    ESCALATE_INSTALLATION = "escalate_installation"
    ASK_ACCEPTANCE = "ask_acceptance"


class ClientStep(StrEnum):
    """What a client is told on the way; the templates `kickoff_step` have a sentence for each."""

    BEGUN = "begun"
    HELD = "held"
    WAITING = "waiting"
    READY = "ready"
    INSTALLED = "installed"
    ACCEPTANCE = "acceptance"
    IN_SERVICE = "in_service"
    CANCELLED = "cancelled"


#: The two promises; an SLA table calls them the same.
CLOCKS = (SlaEvent.KICKOFF_MEETING, SlaEvent.INSTALLATION)
#: What the steps of each are called.
STEPS_OF = {
    SlaEvent.KICKOFF_MEETING: {
        ClockMark.WARN: KickoffStep.WARN_MEETING,
        ClockMark.BREACH: KickoffStep.BREACH_MEETING,
        ClockMark.ESCALATE: KickoffStep.ESCALATE_MEETING,
    },
    SlaEvent.INSTALLATION: {
        ClockMark.WARN: KickoffStep.WARN_INSTALLATION,
        ClockMark.BREACH: KickoffStep.BREACH_INSTALLATION,
        ClockMark.ESCALATE: KickoffStep.ESCALATE_INSTALLATION,
    },
}
REMINDERS = (
    *(
        Reminder(Moment.ELAPSED, part, CountedIn.PERCENT, post)
        for part in (50, 80)
        for post in (Post.ASSIGNEE, Post.EXECUTIVE)
    ),
    *(
        Reminder(Moment.AFTER_DUE, 0, CountedIn.HOURS, post)
        for post in (Post.ASSIGNEE, Post.EXECUTIVE, Post.LEAD)
    ),
    Reminder(Moment.AFTER_DUE, 8, CountedIn.HOURS, Post.MANAGER),
)


@dataclass(frozen=True)
class KickoffPolicy:
    """What is promised where no SLA table says it, and when who is told."""

    team: str = "implantacao"
    calendar: str = "national"
    meeting_business_days: int = 10
    installation_business_days: int = 30
    meeting_reminders: tuple[Reminder, ...] = REMINDERS
    installation_reminders: tuple[Reminder, ...] = REMINDERS
    acceptance_business_days: int = 3

    def allowed(self, event: SlaEvent) -> Allowance:
        """The house's own promise."""
        is_meeting = event is SlaEvent.KICKOFF_MEETING
        days = self.meeting_business_days if is_meeting else self.installation_business_days
        return Allowance(days, SlaUnit.BUSINESS_DAYS)

    def reminders(self, event: SlaEvent) -> tuple[Reminder, ...]:
        """Who is told of a promise, and when."""
        is_meeting = event is SlaEvent.KICKOFF_MEETING
        return self.meeting_reminders if is_meeting else self.installation_reminders


@dataclass(frozen=True)
class KickoffFacts:
    """What decides about a kickoff's next step; `coming` is what its clocks bring."""

    stage: KickoffStage
    since: datetime
    is_acceptance_asked: bool
    coming: Sequence[Step]
    calendar: Calendar


def next_step(facts: KickoffFacts, policy: KickoffPolicy) -> Step | None:
    """What comes next by itself; None once it is over, and while only people can move it."""
    if facts.stage.is_over:
        return None
    if facts.stage is not KickoffStage.INSTALLED:
        return earliest(*facts.coming)
    if facts.is_acceptance_asked:
        return None
    days = policy.acceptance_business_days
    at = closing(facts.since, business_days=days, calendar=facts.calendar)
    return Step(KickoffStep.ASK_ACCEPTANCE, at)
