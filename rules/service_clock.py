"""A promise in working time: it starts, stops while somebody else is waited for, and goes on.

Exact to the second, on any calendar of rules/business_days.py. What happens on the way, a reminder
at half of the time or the breach at its end, stands in rules/clock_reminders.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from rules.business_days import (
    Calendar,
    add_business_seconds,
    business_seconds_between,
    closing,
)
from rules.refusals import Refusal
from rules.sla import SlaUnit


class ClockAlreadyStopped(Refusal):
    message = "A contagem do prazo já está parada. Retome-a antes de parar de novo."


class ClockNotStopped(Refusal):
    message = "A contagem do prazo não está parada. Pare-a antes de retomar."


class ClockOutOfOrder(Refusal):
    message = "O horário é anterior ao último registro do prazo. Informe um horário posterior."


@dataclass(frozen=True)
class Allowance:
    """How much time a promise allows, as an SLA table says it."""

    amount: int
    unit: SlaUnit = SlaUnit.BUSINESS_HOURS


@dataclass(frozen=True)
class Pause:
    """A stop of a clock and why; until is exclusive, and None while the clock stands still."""

    since: datetime
    reason: str
    until: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """A promise in working time that stops while somebody else is waited for."""

    started_at: datetime
    allowed_seconds: int
    pauses: tuple[Pause, ...] = ()

    @property
    def is_stopped(self) -> bool:
        """Whether it stands still now."""
        return bool(self.pauses) and self.pauses[-1].until is None


def start(at: datetime, *, allowed: Allowance, calendar: Calendar) -> Clock:
    """This will start a clock on the time that is allowed."""
    if allowed.unit == SlaUnit.BUSINESS_DAYS:
        return clock_of_days(at, business_days=allowed.amount, calendar=calendar)
    return Clock(at, allowed.amount * 3600)


def clock_of_days(start: datetime, *, business_days: int, calendar: Calendar) -> Clock:
    """This will start a clock that allows the working time until the last day is over."""
    due = closing(start, business_days=business_days, calendar=calendar)
    return Clock(start, business_seconds_between(start, end=due, calendar=calendar))


def stop(clock: Clock, *, at: datetime, reason: str) -> Clock:
    """This will stop the clock. Refuses a stopped clock and an instant before its last record."""
    if clock.is_stopped:
        raise ClockAlreadyStopped
    _check_order(clock, at)
    return replace(clock, pauses=(*clock.pauses, Pause(at, reason)))


def resume(clock: Clock, *, at: datetime) -> Clock:
    """This will let the clock run again. Refuses a running clock and an instant before its stop."""
    if not clock.is_stopped:
        raise ClockNotStopped
    _check_order(clock, at)
    return replace(clock, pauses=(*clock.pauses[:-1], replace(clock.pauses[-1], until=at)))


def elapsed_seconds(clock: Clock, *, now: datetime, calendar: Calendar) -> int:
    """This will count the working seconds that ran until now, pauses left out."""
    return sum(
        business_seconds_between(begins, end=min(ends or now, now), calendar=calendar)
        for begins, ends in _runs_of(clock)
    )


def reaches_at(clock: Clock, *, seconds: int, calendar: Calendar) -> datetime | None:
    """This will give the instant at which so many seconds have run: a reminder, or the breach.

    None while the clock is stopped short of it: nobody knows when it will run again.
    """
    for begins, ends in _runs_of(clock):
        if ends is None:
            return add_business_seconds(begins, seconds=seconds, calendar=calendar)
        ran = business_seconds_between(begins, end=ends, calendar=calendar)
        if seconds <= ran:
            return add_business_seconds(begins, seconds=seconds, calendar=calendar)
        seconds -= ran
    return None


def due_at(clock: Clock, *, calendar: Calendar) -> datetime | None:
    """This will give the instant at which the allowed time runs out, None while stopped short."""
    return reaches_at(clock, seconds=clock.allowed_seconds, calendar=calendar)


def share(seconds: int, percent: int) -> int:
    """So many percent of a stretch of time, in whole seconds, never rounded up."""
    return seconds * percent // 100


def _check_order(clock: Clock, at: datetime) -> None:
    last = clock.pauses[-1] if clock.pauses else None
    if at < (clock.started_at if last is None else last.until or last.since):
        raise ClockOutOfOrder


def _runs_of(clock: Clock) -> Iterator[tuple[datetime, datetime | None]]:
    begins: datetime | None = clock.started_at
    for pause in clock.pauses:
        if begins is not None:
            yield begins, pause.since
        begins = pause.until
    if begins is not None:
        yield begins, None
