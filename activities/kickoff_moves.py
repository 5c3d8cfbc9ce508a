"""The transitions of kickoffs: taken, scheduled, held, waiting for the client, going on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities import kickoff_ends as ends
from activities import kickoff_list as checklist
from activities.cases import Answer, Move, Moved, transition
from activities.kickoff_desk import (
    Desk,
    ask,
    desk_of,
    schedule,
    start_clock,
    withdraw,
)
from activities.kickoff_letters import invitation, tell_called_off, tell_client, tell_house
from activities.kickoff_steps import take_step
from activities.tasks import check_giving
from models.cases import Case
from models.colleagues import check_colleague
from models.database import Database
from models.kickoff import KickoffDate
from rules import kickoff_commands as rules
from rules.cases import Elapsed, News, Process
from rules.contracts import ContractStage
from rules.kickoff import BEFORE_MEETING, CLOCKS, ClientStep, KickoffStage
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
from rules.sentences import N_
from rules.sla import SlaEvent
from rules.task_lists import HOLD, SCHEDULE

KickoffCommand = Annotated[
    TakeKickoff
    | ProposeDates
    | ScheduleMeeting
    | HoldMeeting
    | CheckItem
    | AddItem
    | WaitForClient
    | ClientReady
    | ReportInstalled
    | AcceptKickoff
    | CancelKickoff
    | Elapsed
    | News,
    Field(discriminator="kind"),
]


class KickoffActivities:
    """The transitions of kickoffs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_kickoff(self, move: Move[KickoffCommand]) -> Moved:
        """One transition of one kickoff."""
        return await transition(self.database, move, decide)


async def decide(
    session: AsyncSession, case: Case, command: KickoffCommand, at: datetime
) -> Answer:
    """What a command does to a kickoff; everything inside the caller's transaction."""
    desk = await desk_of(session, case, by=command.by, at=at)
    await checklist.hear(desk)
    match command:
        case Elapsed(step=step):
            await take_step(desk, step)
        case News():
            if ContractStage(desk.contract.stage).is_over:
                await tell_called_off(desk)
                await ends.end(desk, KickoffStage.CANCELLED)
        case ReportInstalled() | AcceptKickoff() | CancelKickoff():
            await ends.obey(desk, command)
        case CheckItem() | AddItem():
            await checklist.obey(desk, command)
        case _:
            await _obey(desk, command)
    await schedule(desk)
    return {"kickoff_id": desk.kickoff.number, "stage": desk.kickoff.stage}


async def _obey(desk: Desk, command: KickoffCommand) -> None:
    match command:
        case TakeKickoff():
            await _take(desk, command)
        case ProposeDates():
            await _propose(desk, command)
        case ScheduleMeeting():
            await _schedule(desk, command)
        case HoldMeeting():
            await _hold(desk, command)
        case WaitForClient():
            await _wait(desk, command)
        case ClientReady():
            await _go_on(desk)


async def _take(desk: Desk, command: TakeKickoff) -> None:
    rules.check_take(owner=desk.case.owner, command=command)
    owner = command.to or command.by
    await check_colleague(desk.session, owner)
    if desk.case.owner != owner:
        if command.to:
            await check_giving(desk.session, owner, Process.KICKOFF, field="to")
        desk.case.owner = owner
        desk.record("taken", to=owner)


async def _propose(desk: Desk, command: ProposeDates) -> None:
    if desk.kickoff.held_at is not None:
        raise rules.MeetingAlreadyHeld
    rules.check_dates(command.dates, now=desk.at)
    desk.session.add_all(
        KickoffDate(
            kickoff_id=desk.kickoff.number, at=each, proposed_at=desk.at, proposed_by=desk.by
        )
        for each in sorted(set(command.dates))
    )
    await desk.session.flush()
    desk.record("dates_proposed", dates=len(command.dates))
    await tell_client(desk, "kickoff_dates")


async def _schedule(desk: Desk, command: ScheduleMeeting) -> None:
    """Scheduled, or moved; the clock of the promise goes on as it was."""
    kickoff = desk.kickoff
    if kickoff.held_at is not None:
        raise rules.MeetingAlreadyHeld
    rules.check_meeting(command, desk.stage, now=desk.at)
    kind, was = ("rescheduled" if kickoff.meeting_at else "scheduled"), kickoff.meeting_at
    kickoff.first_meeting_at = kickoff.first_meeting_at or command.at
    kickoff.meeting_at, kickoff.meeting_minutes = command.at, command.minutes
    kickoff.meeting_place = command.place.strip()[:200]
    kickoff.meeting_sequence += 1 if was else 0
    desk.record(
        kind, until=command.at.isoformat(), due_at=was.isoformat() if was else None,
        place=kickoff.meeting_place,
    )  # fmt: skip
    if desk.stage is KickoffStage.WAITING_CLIENT:
        desk.resume_clock(SlaEvent.KICKOFF_MEETING)
    desk.move_to(KickoffStage.SCHEDULED)
    await withdraw(desk, SCHEDULE, HOLD, reason=N_("A reunião tem data."))
    await ask(desk, HOLD, due_at=command.at)
    file = await invitation(desk)
    await tell_client(desk, "kickoff_invite", file=file)
    await tell_house(desk, "invited", file=file)


async def _hold(desk: Desk, command: HoldMeeting) -> None:
    """The meeting keeps its promise at the instant it was held; from then on counts the next."""
    kickoff = desk.kickoff
    if kickoff.held_at is not None:
        raise rules.MeetingAlreadyHeld
    rules.check_held(command, signed_at=kickoff.signed_at, now=desk.at)
    await tell_called_off(desk)  # held before the day that was booked
    held_at = command.held_at
    kickoff.held_at, kickoff.minutes = held_at, command.minutes.strip()
    kickoff.decisions, kickoff.attendees = command.decisions.strip(), command.attendees.strip()
    desk.resume_clock(SlaEvent.KICKOFF_MEETING)
    desk.end_clock(SlaEvent.KICKOFF_MEETING, at=max(held_at, kickoff.signed_at))
    desk.record("meeting_held", due_at=held_at.isoformat())
    desk.move_to(KickoffStage.PARAMETRISING)
    await withdraw(desk, SCHEDULE, HOLD, reason=N_("A reunião foi realizada."))
    await start_clock(desk, SlaEvent.INSTALLATION, at=held_at)
    await checklist.begin(desk)
    await tell_client(desk, "kickoff_step", step=ClientStep.HELD)


async def _wait(desk: Desk, command: WaitForClient) -> None:
    rules.check_text(command.reason, field="reason")
    if desk.stage is KickoffStage.WAITING_CLIENT:
        raise rules.KickoffAlreadyWaiting
    if desk.stage not in {*BEFORE_MEETING, KickoffStage.PARAMETRISING}:
        raise rules.KickoffAlreadyInstalled
    desk.kickoff.waited_in = desk.stage
    for event in CLOCKS:
        desk.stop_clock(event, reason=command.reason.strip()[:300])
    desk.move_to(KickoffStage.WAITING_CLIENT)
    await tell_client(desk, "kickoff_step", step=ClientStep.WAITING)


async def _go_on(desk: Desk) -> None:
    if desk.stage is not KickoffStage.WAITING_CLIENT:
        raise rules.KickoffNotWaiting
    for event in CLOCKS:
        desk.resume_clock(event)
    desk.move_to(KickoffStage(desk.kickoff.waited_in))
    await tell_client(desk, "kickoff_step", step=ClientStep.READY)
