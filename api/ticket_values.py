"""What is said to a ticket, and how one is told: the same models for pages and programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.actions import Seen
from api.inputs import Input
from api.language import gettext, ngettext
from models import tickets
from models.calendars import ALWAYS
from models.cases import Case
from models.service_clocks import Timed, clocks_of
from models.tickets import Ticket
from rules import service_words
from rules.tickets import Subject

FileKey = Annotated[int, Field(ge=1, le=10**12)]


class NewTicketInput(Input):
    """A ticket that is opened by page or program; `key` makes asking twice harmless."""

    subject: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=20_000)
    customer: str = Field(default="", max_length=40, description="code of the customer")
    contract: str = Field(default="", max_length=40, description="code of the contract")
    category_id: int | None = None
    requester: str = Field(default="", max_length=160)
    requester_email: str = Field(default="", max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")
    key: str = Field(default="", max_length=80)


class TextInput(Seen):
    """Words: a reply, a note, a question, an answer, a solution."""

    text: str = Field(min_length=1, max_length=20_000)


class WordsInput(TextInput):
    """Words to the customer; `seen_entry` is the newest line of the thread that was read.

    `files` of the ticket go with them by e-mail, and are shown to the client's people.
    """

    seen_entry: int = 0
    files: list[FileKey] = Field(default=[], max_length=20)


class TakeInput(Seen):
    """Who treats it; nobody named: whoever asks."""

    to: str = Field(default="", max_length=60)


class PriorityInput(Seen):
    """How urgent it is after all, and why."""

    priority: int = Field(ge=1, le=3)
    reason: str = Field(min_length=1, max_length=300)


class ReopenInput(Seen):
    """Why it is not done after all."""

    reason: str = Field(min_length=1, max_length=300)


class MergeInput(Seen):
    """The protocol of the ticket that goes on for both."""

    into: str = Field(min_length=1, max_length=20)


class SplitInput(Seen):
    """Which message is another matter, and what to call that."""

    entry_id: int
    subject: str = Field(default="", max_length=200)


class LinkInput(Seen):
    """What the ticket is about: a contract, invoice, case or other ticket, by its code."""

    subject: Subject
    code: str = Field(min_length=1, max_length=60)
    is_removed: bool = False


class IdentifyInput(Seen):
    """Whose ticket it is, by the customer's code."""

    customer: str = Field(min_length=1, max_length=40)
    keeps_contact: bool = False


class ClockOut(BaseModel):
    """A promise: when it was due first, when it is due now, and what is left of it."""

    kind: str
    started_at: datetime
    promised_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    breached_at: datetime | None
    is_running: bool
    left_seconds: int
    calendar: str
    calendar_version: str


@dataclass(frozen=True)
class ShownClock:
    """A promise as the page shows it; `left` is the time left, or by how much it was missed."""

    label: str
    out: ClockOut
    stops: tuple[Any, ...]
    left: str


def clock_out(kind: str, timed: Timed, *, now: datetime) -> ClockOut:
    """A clock as programs read it."""
    row = timed.row
    told = row.model_dump(
        include={"started_at", "promised_at", "due_at", "ended_at", "breached_at", "calendar"}
    )
    return ClockOut(
        kind=kind, **told, calendar_version=row.calendar_version, is_running=timed.is_running,
        left_seconds=timed.left_seconds(now),
    )  # fmt: skip


async def shown_clocks(session: AsyncSession, case: Case, *, now: datetime) -> list[ShownClock]:
    """The promises of a case, with their stops."""
    return [
        ShownClock(
            gettext(service_words.CLOCKS[kind]), clock_out(kind, timed, now=now),
            tuple(timed.stops), told_left(timed, now=now),
        )
        for kind, timed in (await clocks_of(session, case.number)).items()
    ]  # fmt: skip


def told_left(timed: Timed, *, now: datetime) -> str:
    """The time left of a promise, or by how much it was missed: 9 dias úteis e 3 h."""
    span = timed.left(now)
    if timed.row.calendar == ALWAYS:
        days = ngettext("%(num)s dia", "%(num)s dias", span.days)
    else:
        days = ngettext("%(num)s dia útil", "%(num)s dias úteis", span.days)
    hours, minutes = span.seconds // 3600, span.seconds % 3600 // 60
    if span.days and hours:
        return gettext("%(days)s e %(hours)s h", days=days, hours=hours)
    return days if span.days else f"{hours} h {minutes:02} min"


async def ticket_out(
    session: AsyncSession, ticket: Ticket, case: Case, *, now: datetime
) -> dict[str, Any]:
    """A ticket with its thread, clocks and links, as programs read it."""
    clocks = await clocks_of(session, case.number)
    entries = await tickets.entries_of(session, ticket.number)
    return {
        **ticket.model_dump(mode="json", exclude={"key"}),
        "version": case.version,
        "next": {"kind": case.next_kind, "at": case.next_at},
        "clocks": [clock_out(kind, timed, now=now) for kind, timed in clocks.items()],
        "entries": [entry.model_dump(mode="json", exclude={"heard_at"}) for entry in entries],
        "links": [
            link.model_dump(include={"subject", "subject_id", "code"})
            for link in await tickets.links_of(session, ticket.number)
        ],
    }
