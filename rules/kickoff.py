"""The life of a kickoff: meeting, parametrisation, acceptance, and what happens by itself.

What people do to one stands in rules/kickoff_commands.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.business_days import Calendar, deadline
from rules.cases import Step, earliest
from rules.service_clock import Allowance, Mark, share
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

    HALF_MEETING = "half_meeting"
    WARN_MEETING = "warn_meeting"
    BREACH_MEETING = "breach_meeting"
    ESCALATE_MEETING = "escalate_meeting"
    HALF_INSTALLATION = "half_installation"
    WARN_INSTALLATION = "warn_installation"
    BREACH_INSTALLATION = "breach_installation"
    ESCALATE_INSTALLATION = "escalate_installation"
    ASK_ACCEPTANCE = "ask_acceptance"


#: The two promises, and what happens on the way of each; an SLA table calls them the same.
CLOCKS = (SlaEvent.KICKOFF_MEETING, SlaEvent.INSTALLATION)
S = KickoffStep
STEPS_OF = {
    SlaEvent.KICKOFF_MEETING: (
        *(S.HALF_MEETING, S.WARN_MEETING, S.BREACH_MEETING, S.ESCALATE_MEETING),
    ),
    SlaEvent.INSTALLATION: (
        *(S.HALF_INSTALLATION, S.WARN_INSTALLATION),
        *(S.BREACH_INSTALLATION, S.ESCALATE_INSTALLATION),
    ),
}
CLOCK_OF = {step: event for event, steps in STEPS_OF.items() for step in steps}
BREACHES = (S.BREACH_MEETING, S.BREACH_INSTALLATION)
ESCALATIONS = (S.ESCALATE_MEETING, S.ESCALATE_INSTALLATION)


@dataclass(frozen=True)
class KickoffPolicy:
    """What is promised where no SLA table says it, and when who is told."""

    team: str = "implantacao"
    calendar: str = "national"
    meeting_business_days: int = 10
    installation_business_days: int = 30
    remind_at_percent: int = 50
    warn_at_percent: int = 80
    escalate_after_hours: int = 8
    acceptance_business_days: int = 3

    def allowed(self, event: SlaEvent) -> Allowance:
        """The house's own promise."""
        is_meeting = event is SlaEvent.KICKOFF_MEETING
        days = self.meeting_business_days if is_meeting else self.installation_business_days
        return Allowance(days, SlaUnit.BUSINESS_DAYS)

    def marks(self, event: SlaEvent, seconds: int) -> tuple[Mark, ...]:
        """Half of the time, most of it, the breach, and the escalation after it."""
        half, warn, breach, escalate = STEPS_OF[event]
        return (
            Mark(half, share(seconds, self.remind_at_percent)),
            Mark(warn, share(seconds, self.warn_at_percent)),
            Mark(breach, seconds),
            Mark(escalate, seconds + self.escalate_after_hours * 3600),
        )


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
    at = deadline(facts.since, business_days=days, calendar=facts.calendar)
    return Step(KickoffStep.ASK_ACCEPTANCE, at)
