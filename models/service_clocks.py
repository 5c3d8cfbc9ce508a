"""Clocks of cases: promises in business time, with their stops, starts and due instants as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import JsonColumn, identity, instant, reference
from models.calendars import ALWAYS, load_service_calendar
from models.cases import Case
from rules import service_clock as rules
from rules.business_days import Calendar, CalendarKind
from rules.clock_reminders import BREACH, ClockStep, ComingStep, ahead_again, coming_steps
from rules.reminders import Reminder
from rules.service_clock import Allowance, Clock, Pause
from rules.sla import SlaUnit
from rules.time_left import Span, in_business_days, in_days


class ServiceClock(SQLModel, table=True):
    """One promise of a case. `due_at` is None while it is stopped; `promised_at` never moves.

    `calendar_version` is that of the calendar from which `due_at` was computed.
    """

    __tablename__ = "service_clocks"
    __table_args__ = (UniqueConstraint("case_id", "kind", "round"),)

    id: int | None = identity()
    case_id: int = reference("cases.id", index=False)
    kind: str = Field(max_length=30)
    round: int = Field(default=1, description="raised when the case is reopened")
    calendar: str = Field(max_length=12, description="its code")
    calendar_version: str = Field(max_length=120)
    allowed_seconds: int
    amount: int | None = Field(default=None, description="what was promised, in its unit")
    unit: str = Field(default="", max_length=20)
    started_at: datetime = instant()
    promised_at: datetime = instant()
    due_at: datetime | None = instant(None)
    ended_at: datetime | None = instant(None)
    breached_at: datetime | None = instant(None)
    taken: list[str] = Field(
        default_factory=list, sa_type=JsonColumn, nullable=False,
        description="its breach and the reminders that are behind it",
    )  # fmt: skip

    @property
    def number(self) -> int:
        """The clock's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


class ClockStop(SQLModel, table=True):
    """A stretch in which a clock stood still, and why; `until` is None while it lasts."""

    __tablename__ = "clock_stops"
    __table_args__ = (Index("ix_clock_stops_clock", "clock_id", "id"),)

    id: int | None = identity()
    clock_id: int = reference("service_clocks.id", index=False)
    since: datetime = instant()
    reason: str = Field(max_length=300)
    by: str = Field(max_length=60)
    until: datetime | None = instant(None)
    until_by: str | None = Field(default=None, max_length=60)


@dataclass
class Timed:
    """A clock with its stops and its calendar, as the rules compute on it."""

    row: ServiceClock
    stops: list[ClockStop]
    calendar: Calendar

    @property
    def clock(self) -> Clock:
        """What the rules know of it."""
        pauses = tuple(Pause(each.since, each.reason, each.until) for each in self.stops)
        return Clock(self.row.started_at, self.row.allowed_seconds, pauses)

    @property
    def is_running(self) -> bool:
        """Whether its time passes."""
        return self.row.ended_at is None and not self.clock.is_stopped

    def coming(self, reminders: Sequence[Reminder]) -> list[ComingStep]:
        """What is still to happen on the way; nothing once it has ended or while it is stopped."""
        if not self.is_running:
            return []
        taken = self.row.taken
        return coming_steps(self.clock, reminders, taken=taken, calendar=self.calendar)

    def left_seconds(self, now: datetime) -> int:
        """The working time left, negative once it is over."""
        until = self.row.ended_at or now
        ran = rules.elapsed_seconds(self.clock, now=until, calendar=self.calendar)
        return self.row.allowed_seconds - ran

    def left(self, now: datetime) -> Span:
        """The same in days: from now on, or, once it is over, since it was due."""
        seconds, until = self.left_seconds(now), self.row.ended_at or now
        if self.row.calendar == ALWAYS:
            return in_days(abs(seconds))
        due = rules.due_at(self.clock, calendar=self.calendar)
        since = due if due is not None and seconds < 0 else until
        return in_business_days(abs(seconds), since=since, calendar=self.calendar)


async def start_clock(
    session: AsyncSession,
    case: Case,
    kind: str,
    *,
    at: datetime,
    allowed: Allowance,
    calendar: str = CalendarKind.BANK,
) -> Timed:
    """This will start a clock on a calendar; one that runs already stays as it is.

    A clock of this kind that has ended gets a new round. Refuses a calendar without hours.
    """
    known = (await clocks_of(session, case.number)).get(kind)
    if known is not None and known.row.ended_at is None:
        return known
    code = ALWAYS if allowed.unit == SlaUnit.HOURS else calendar
    counted = await load_service_calendar(session, code)
    clock = rules.start(at, allowed=allowed, calendar=counted)
    due = rules.due_at(clock, calendar=counted)
    row = ServiceClock(
        case_id=case.number, kind=kind, round=known.row.round + 1 if known else 1,
        calendar=code, calendar_version=counted.version,
        allowed_seconds=clock.allowed_seconds, amount=allowed.amount, unit=allowed.unit,
        started_at=at, promised_at=due or at, due_at=due,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return Timed(row, [], counted)


async def clocks_of(session: AsyncSession, case_id: int) -> dict[str, Timed]:
    """The clocks of a case by kind, of each the newest round; for changing them."""
    statement = (
        select(ServiceClock)
        .where(ServiceClock.case_id == case_id)
        .order_by(col(ServiceClock.round), col(ServiceClock.id))
    )
    rows = {row.kind: row for row in await session.exec(statement)}
    stops = await _stops_of(session, [row.number for row in rows.values()])
    calendars = {
        key: await load_service_calendar(session, key)
        for key in {row.calendar for row in rows.values()}
    }
    return {
        kind: Timed(row, stops.get(row.number, []), calendars[row.calendar])
        for kind, row in rows.items()
    }


def stop_clock(session: AsyncSession, timed: Timed, *, reason: str, by: str, at: datetime) -> None:
    """This will let a clock stand still; ended or already stopped: nothing."""
    if not timed.is_running:
        return
    rules.stop(timed.clock, at=at, reason=reason)
    stop = ClockStop(clock_id=timed.row.number, since=at, reason=reason, by=by)
    timed.stops.append(stop)
    session.add(stop)
    timed.row.due_at = None
    session.add(timed.row)


def resume_clock(session: AsyncSession, timed: Timed, *, by: str, at: datetime) -> None:
    """This will let a clock run again, with a new due instant; ended or running: nothing."""
    if timed.row.ended_at is not None or not timed.clock.is_stopped:
        return
    rules.resume(timed.clock, at=at)
    last = timed.stops[-1]
    last.until, last.until_by = at, by
    session.add(last)
    _plan(session, timed)


def end_clock(session: AsyncSession, timed: Timed, *, at: datetime) -> None:
    """This will end a clock, breached if it was due before that instant. Ended: nothing."""
    row = timed.row
    if row.ended_at is not None:
        return
    if row.due_at is not None and at > row.due_at:
        row.breached_at = row.breached_at or row.due_at
    row.ended_at = at
    session.add(row)


def take_steps(session: AsyncSession, timed: Timed, steps: Iterable[ClockStep]) -> None:
    """This will put steps behind the clock; the breach is remembered by its due instant."""
    keys = [each.key for each in steps]
    timed.row.taken = [*timed.row.taken, *keys]
    if BREACH in keys:
        timed.row.breached_at = timed.row.breached_at or timed.row.due_at
    session.add(timed.row)


def allow(
    session: AsyncSession,
    timed: Timed,
    allowed: Allowance,
    *,
    reminders: Sequence[Reminder],
    at: datetime,
) -> None:
    """This will change how much time is allowed, from the same start; the first promise stays.

    What was told and lies ahead again is told again.
    """
    row = timed.row
    row.amount, row.unit = allowed.amount, allowed.unit
    recount(session, timed)
    again = ahead_again(
        timed.clock, reminders, taken=row.taken, now=at, calendar=timed.calendar
    )  # fmt: skip
    row.taken = [key for key in row.taken if key not in again]
    session.add(row)


def recount(session: AsyncSession, timed: Timed) -> None:
    """This will count a promise anew on the calendar as it stands; the first promise stays."""
    row = timed.row
    if row.amount is not None:
        allowed = Allowance(row.amount, SlaUnit(row.unit))
        clock = rules.start(row.started_at, allowed=allowed, calendar=timed.calendar)
        row.allowed_seconds = clock.allowed_seconds
    if row.due_at is not None:
        _plan(session, timed)
    row.calendar_version = timed.calendar.version
    session.add(row)


def _plan(session: AsyncSession, timed: Timed) -> None:
    timed.row.due_at = rules.due_at(timed.clock, calendar=timed.calendar)
    timed.row.calendar_version = timed.calendar.version
    session.add(timed.row)


async def _stops_of(session: AsyncSession, clock_ids: list[int]) -> dict[int, list[ClockStop]]:
    statement = (
        select(ClockStop).where(col(ClockStop.clock_id).in_(clock_ids)).order_by(col(ClockStop.id))
    )
    found: dict[int, list[ClockStop]] = {}
    for stop in await session.exec(statement):
        found.setdefault(stop.clock_id, []).append(stop)
    return found
