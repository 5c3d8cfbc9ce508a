"""Kickoffs: what comes next by itself, what is refused, and the invitation as RFC 5545 wants it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules import kickoff_commands as commands
from rules.business_days import Calendar, local_date
from rules.cases import Step
from rules.clock_reminders import ClockMark, coming_steps
from rules.invitations import Guest, Invitation, written
from rules.kickoff import KickoffFacts, KickoffPolicy, KickoffStage, KickoffStep, next_step
from rules.kickoff_commands import AcceptKickoff, HoldMeeting, ScheduleMeeting
from rules.service_clock import due_at, start
from rules.sla import SlaEvent

pytestmark = pytest.mark.once

MONDAY = datetime(2026, 3, 9, 13, tzinfo=UTC)
POLICY = KickoffPolicy()
S = KickoffStage


@pytest.mark.parametrize(
    ("signed", "meeting_by", "installed_by"),
    [
        (date(2026, 3, 9), date(2026, 3, 23), date(2026, 5, 7)),
        (date(2028, 2, 29), date(2028, 3, 14), date(2028, 4, 27)),  # a leap day
        (date(2026, 12, 31), date(2027, 1, 15), date(2027, 2, 26)),  # the 31st, over New Year
    ],
)
def test_ten_business_days_to_the_meeting_and_thirty_to_the_installation(
    signed, meeting_by, installed_by
):
    at = datetime(signed.year, signed.month, signed.day, 15, tzinfo=UTC)
    clock = start(at, allowed=POLICY.allowed(SlaEvent.KICKOFF_MEETING), calendar=Calendar())
    held = due_at(clock, calendar=Calendar())
    then = start(held, allowed=POLICY.allowed(SlaEvent.INSTALLATION), calendar=Calendar())

    assert local_date(held) == meeting_by
    assert local_date(due_at(then, calendar=Calendar())) == installed_by


def test_half_of_the_time_and_eighty_per_cent_are_reminded_of():
    clock = start(MONDAY, allowed=POLICY.allowed(SlaEvent.KICKOFF_MEETING), calendar=Calendar())
    reminders = POLICY.reminders(SlaEvent.KICKOFF_MEETING)

    found = coming_steps(clock, reminders, taken=(), calendar=Calendar())

    assert [(each.step.mark, local_date(each.at).day, each.step.to) for each in found] == [
        (ClockMark.WARN, 16, "assignee"), (ClockMark.WARN, 16, "executive"),
        (ClockMark.WARN, 19, "assignee"), (ClockMark.WARN, 19, "executive"),
        (ClockMark.BREACH, 23, ""), (ClockMark.BREACH, 23, "assignee"),
        (ClockMark.BREACH, 23, "executive"), (ClockMark.BREACH, 23, "lead"),
        (ClockMark.ESCALATE, 24, "manager"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "asked", "expected"),
    [
        (S.SCHEDULING, False, KickoffStep.WARN_MEETING),
        (S.INSTALLED, False, KickoffStep.ASK_ACCEPTANCE),
        (S.INSTALLED, True, None),
        (S.IN_SERVICE, False, None),
        (S.CANCELLED, False, None),
    ],
)
def test_what_comes_next_is_of_the_stage(stage, asked, expected):
    coming = (Step(KickoffStep.WARN_MEETING, MONDAY),)

    found = next_step(KickoffFacts(stage, MONDAY, asked, coming, Calendar()), POLICY)

    assert (found.kind if found else None) == expected


def test_a_meeting_in_the_past_too_long_or_after_the_meeting_is_refused():
    soon = MONDAY + timedelta(days=1)
    with pytest.raises(commands.MeetingInThePast):
        commands.check_meeting(ScheduleMeeting("ana", MONDAY), S.SCHEDULING, now=MONDAY)
    with pytest.raises(commands.MeetingTooLong):
        commands.check_meeting(ScheduleMeeting("ana", soon, 481), S.SCHEDULING, now=MONDAY)
    with pytest.raises(commands.MeetingAlreadyHeld):
        commands.check_meeting(ScheduleMeeting("ana", soon), S.PARAMETRISING, now=MONDAY)


def test_minutes_without_people_of_tomorrow_or_from_before_the_signature_are_refused():
    told = {"signed_at": MONDAY, "now": MONDAY}
    with pytest.raises(commands.KickoffTextRequired) as refused:
        commands.check_held(HoldMeeting("ana", MONDAY, "Ata", "", " "), **told)
    with pytest.raises(commands.HeldInTheFuture):
        commands.check_held(HoldMeeting("ana", MONDAY + timedelta(1), "Ata", "", "Ana"), **told)
    with pytest.raises(commands.HeldBeforeSignature):
        commands.check_held(HoldMeeting("ana", MONDAY - timedelta(1), "Ata", "", "Ana"), **told)
    # at an earlier hour of the very day it was signed
    commands.check_held(HoldMeeting("ana", MONDAY - timedelta(hours=2), "Ata", "", "Ana"), **told)

    assert refused.value.field == "attendees"


def test_an_acceptance_before_the_installation_or_by_nobody_is_refused():
    before = AcceptKickoff("ana", "Rui", MONDAY - timedelta(minutes=1))
    with pytest.raises(commands.AcceptedBeforeInstalled):
        commands.check_accepted(before, S.INSTALLED, installed_at=MONDAY, now=MONDAY)
    with pytest.raises(commands.KickoffNotInstalled):
        commands.check_accepted(before, S.PARAMETRISING, installed_at=None, now=MONDAY)
    with pytest.raises(commands.KickoffTextRequired):
        commands.check_accepted(
            AcceptKickoff("ana", " "), S.INSTALLED, installed_at=MONDAY, now=MONDAY
        )


def an_invitation(**values):
    told = {
        "uid": "kickoff-1@acerto.test", "sequence": 2, "title": "Reunião; início, já",
        "description": "Linha um\nlinha dois", "place": "Sala é " + "ç" * 80,
        "starts_at": MONDAY, "minutes": 90, "organiser": Guest("Acerto", "a@acerto.test"),
        "guests": (Guest('Maria "Mia" Souza', "maria@exemplo.test"),), "written_at": MONDAY,
    }  # fmt: skip
    return Invitation(**{**told, **values})


def test_an_invitation_is_what_rfc_5545_asks_for():
    raw = written(an_invitation())
    lines = raw.decode().split("\r\n")
    whole = raw.decode().replace("\r\n ", "").split("\r\n")

    assert all(len(line.encode()) <= 75 for line in lines)
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert "DTSTART:20260309T130000Z" in whole
    assert "DTEND:20260309T143000Z" in whole
    assert "SUMMARY:Reunião\\; início\\, já" in whole
    assert "DESCRIPTION:Linha um\\nlinha dois" in whole
    assert "LOCATION:Sala é " + "ç" * 80 in whole
    assert "SEQUENCE:2" in whole
    assert any(line.startswith('ATTENDEE;CN="Maria Mia Souza";') for line in whole)


def test_a_cancelled_meeting_leaves_the_calendars_again():
    text = written(an_invitation(is_cancelled=True)).decode()

    assert "METHOD:CANCEL" in text
    assert "STATUS:CANCELLED" in text
