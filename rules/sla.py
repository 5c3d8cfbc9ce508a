"""SLA tables: what is promised for an event, by priority, and in which time it is counted."""

from __future__ import annotations

from enum import StrEnum


class SlaEvent(StrEnum):
    """What a target promises."""

    ACTIVATION = "activation"
    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"
    KICKOFF_MEETING = "kickoff_meeting"
    INSTALLATION = "installation"


class SlaUnit(StrEnum):
    """How a target counts: hours of the clock, working hours, or whole business days."""

    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"
