"""A kickoff."""

from __future__ import annotations

from docs.journeys.arrows import Arrow, Journey
from rules.cases import Process
from rules.kickoff import KickoffStage, KickoffStep
from rules.kickoff_commands import (
    AcceptKickoff,
    AddItem,
    CancelKickoff,
    CheckItem,
    ClientReady,
    HoldMeeting,
    ProposeDates,
    ReportInstalled,
    ScheduleMeeting,
    TakeKickoff,
    WaitForClient,
)

S, Step = KickoffStage, KickoffStep

JOURNEY = Journey(
    title="A kickoff",
    words=(
        "Signature promises a meeting, the meeting an installation; waiting for the client stops"
        " the clock that runs. Each item of the check-list is a task; its end is news. Accepted,"
        " the contract is in service and its charges are made."
    ),
    stages=KickoffStage,
    arrows=(
        Arrow(None, S.SCHEDULING, "contract made, of a model with a check-list"),
        Arrow(S.SCHEDULING, S.SCHEDULING, ProposeDates),
        Arrow(S.SCHEDULING, S.SCHEDULING, TakeKickoff),
        Arrow(S.SCHEDULING, S.SCHEDULED, ScheduleMeeting),
        *(
            Arrow(S.SCHEDULING, S.SCHEDULING, step)
            for step in (
                Step.WARN_MEETING,
                Step.BREACH_MEETING,
                Step.ESCALATE_MEETING,
            )
        ),
        Arrow(S.SCHEDULED, S.SCHEDULED, ScheduleMeeting),
        Arrow(S.SCHEDULED, S.PARAMETRISING, HoldMeeting),
        Arrow(S.PARAMETRISING, S.PARAMETRISING, CheckItem),
        Arrow(S.PARAMETRISING, S.PARAMETRISING, AddItem),
        *(
            Arrow(S.PARAMETRISING, S.PARAMETRISING, step)
            for step in (
                Step.WARN_INSTALLATION,
                Step.BREACH_INSTALLATION,
                Step.ESCALATE_INSTALLATION,
            )
        ),
        Arrow(S.PARAMETRISING, S.WAITING_CLIENT, WaitForClient),
        Arrow(S.WAITING_CLIENT, S.PARAMETRISING, ClientReady),
        Arrow(S.PARAMETRISING, S.INSTALLED, ReportInstalled),
        Arrow(S.INSTALLED, S.INSTALLED, Step.ASK_ACCEPTANCE),
        Arrow(S.INSTALLED, S.IN_SERVICE, AcceptKickoff),
        *(
            Arrow(stage, S.CANCELLED, CancelKickoff)
            for stage in (S.SCHEDULING, S.SCHEDULED, S.PARAMETRISING, S.WAITING_CLIENT, S.INSTALLED)
        ),
    ),
    final=(S.IN_SERVICE, S.CANCELLED),
    process=Process.KICKOFF,
    steps=KickoffStep,
)
