"""Invitations and calendars of due instants as .ics (RFC 5545, 5546), for calendar programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: RFC 5545, section 3.1: a line has at most 75 octets, and goes on after a line break and a space.
LONGEST_LINE = 75
#: A due instant has no length; calendars do not draw what has none.
ENTRY = timedelta(minutes=15)


@dataclass(frozen=True)
class Guest:
    """Somebody who is invited."""

    name: str
    address: str


@dataclass(frozen=True)
class Invitation:
    """A meeting; the same `uid` with a higher `sequence` moves it in the guests' calendars."""

    uid: str
    sequence: int
    title: str
    description: str
    place: str
    starts_at: datetime
    minutes: int
    organiser: Guest
    guests: tuple[Guest, ...]
    written_at: datetime
    is_cancelled: bool = False


def written(invitation: Invitation) -> bytes:
    """This will write the file: a request, or the cancellation of one that was sent before."""
    ends_at = invitation.starts_at + timedelta(minutes=invitation.minutes)
    status = "CANCELLED" if invitation.is_cancelled else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Acerto//Acerto//PT",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if invitation.is_cancelled else 'REQUEST'}",
        "BEGIN:VEVENT",
        f"UID:{invitation.uid}",
        f"SEQUENCE:{invitation.sequence}",
        f"DTSTAMP:{_instant(invitation.written_at)}",
        f"DTSTART:{_instant(invitation.starts_at)}",
        f"DTEND:{_instant(ends_at)}",
        f"SUMMARY:{_text(invitation.title)}",
        f"DESCRIPTION:{_text(invitation.description)}",
        f"LOCATION:{_text(invitation.place)}",
        f"STATUS:{status}",
        f"ORGANIZER;CN={_parameter(invitation.organiser.name)}:mailto:{invitation.organiser.address}",
        *(_guest(guest) for guest in invitation.guests),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


@dataclass(frozen=True)
class Deadline:
    """Something that is due, as an entry of a calendar that is looked at again and again."""

    uid: str
    title: str
    description: str
    link: str
    due_at: datetime


def calendar_of(name: str, deadlines: Iterable[Deadline], *, written_at: datetime) -> bytes:
    """This will write a calendar of due instants; each entry ends when its time is up."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Acerto//Acerto//PT",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        *(line for each in deadlines for line in _entry(each, written_at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _entry(deadline: Deadline, written_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{deadline.uid}",
        f"DTSTAMP:{_instant(written_at)}",
        f"DTSTART:{_instant(deadline.due_at - ENTRY)}",
        f"DTEND:{_instant(deadline.due_at)}",
        f"SUMMARY:{_text(deadline.title)}",
        f"DESCRIPTION:{_text(deadline.description)}",
        f"URL:{deadline.link}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _guest(guest: Guest) -> str:
    asked = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    return f"ATTENDEE;CN={_parameter(guest.name)};{asked}:mailto:{guest.address}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Section 3.3.11: what would end a value is written with a backslash."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _parameter(text: str) -> str:
    """Section 3.2: in quotes, which it may not hold itself."""
    clean = "".join(char for char in text if char.isprintable() and char != '"')
    return f'"{clean}"'


def _folded(line: str) -> str:
    """Cut where a character ends, never within one."""
    parts, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += octets
    return "\r\n".join(parts)
