"""What happens on the way of a promise: who is told of it before, at its breach, and after.

Steps are counted in time that ran, so one that was taken is not taken again because the clock
stood still meanwhile, and none comes while it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from rules.business_days import Calendar, business_seconds_between, deadline, next_working_instant
from rules.reminders import CountedIn, Moment, Reminder
from rules.service_clock import Clock, due_at, reaches_at, share

#: By what the breach is known as taken; it comes whatever steps are set.
BREACH = "breach"


class ClockMark(IntEnum):
    """What a step is to its promise."""

    WARN = 1
    BREACH = 2
    ESCALATE = 3


@dataclass(frozen=True)
class ClockStep:
    """A step of a promise, once so many seconds of it ran; `to` is nobody for the breach itself."""

    seconds: int
    mark: ClockMark
    key: str
    to: str = ""


@dataclass(frozen=True)
class ComingStep:
    """A step that is still to come, and when."""

    step: ClockStep
    at: datetime


def coming_steps(
    clock: Clock, reminders: Sequence[Reminder], *, taken: Collection[str], calendar: Calendar
) -> list[ComingStep]:
    """Every step that was not taken yet, the earliest first; none while the clock stands still."""
    due = due_at(clock, calendar=calendar)
    if due is None or clock.is_stopped:
        return []
    steps = [ClockStep(clock.allowed_seconds, ClockMark.BREACH, BREACH)]
    steps += (_step(each, clock, due=due, calendar=calendar) for each in reminders)
    left = sorted(
        (each for each in steps if each.key not in taken),
        key=lambda each: (each.seconds, each.mark),
    )
    instants = ((each, _instant(each, clock, due=due, calendar=calendar)) for each in left)
    return [ComingStep(each, at) for each, at in instants if at is not None]


def due_steps(coming: Sequence[ComingStep], *, now: datetime) -> list[ClockStep]:
    """The steps whose instant has come."""
    return [each.step for each in coming if each.at <= now]


def ahead_again(
    clock: Clock,
    reminders: Sequence[Reminder],
    *,
    taken: Collection[str],
    now: datetime,
    calendar: Calendar,
) -> set[str]:
    """What was taken and lies ahead once more, because more time is allowed now."""
    every = coming_steps(clock, reminders, taken=(), calendar=calendar)
    return {each.step.key for each in every if each.at > now} & set(taken)


def key_of(reminder: Reminder) -> str:
    """By what a step is known as taken."""
    return f"{reminder.moment}/{reminder.amount}{reminder.unit}/{reminder.to}"


def _step(reminder: Reminder, clock: Clock, *, due: datetime, calendar: Calendar) -> ClockStep:
    seconds = max(0, _seconds(reminder, clock.allowed_seconds, due=due, calendar=calendar))
    return ClockStep(seconds, _mark(reminder), key_of(reminder), reminder.to)


def _instant(
    step: ClockStep, clock: Clock, *, due: datetime, calendar: Calendar
) -> datetime | None:
    """When a step comes. A reminder that falls on a closing hour comes with the next opening, while
    that is before the promise is due: whoever it is for has gone."""
    at = reaches_at(clock, seconds=step.seconds, calendar=calendar)
    if at is None or step.mark is not ClockMark.WARN:
        return at
    opening = next_working_instant(at, calendar=calendar)
    return opening if opening < due else at


def _mark(reminder: Reminder) -> ClockMark:
    if reminder.moment != Moment.AFTER_DUE:
        return ClockMark.WARN
    return ClockMark.ESCALATE if reminder.amount else ClockMark.BREACH


def _seconds(reminder: Reminder, allowed: int, *, due: datetime, calendar: Calendar) -> int:
    """How much of the clock's time runs until the step; more is counted off than there is: below 0.

    Days are those of the calendar around the due instant.
    """
    if reminder.moment == Moment.ELAPSED:
        return share(allowed, reminder.amount)
    is_before = reminder.moment == Moment.BEFORE_DUE
    if reminder.unit == CountedIn.HOURS:
        return allowed + (-1 if is_before else 1) * reminder.amount * 3600
    if is_before:
        at = deadline(due, business_days=-reminder.amount, calendar=calendar)
        return allowed - business_seconds_between(at, end=due, calendar=calendar)
    at = deadline(due, business_days=reminder.amount, calendar=calendar)
    return allowed + business_seconds_between(due, end=at, calendar=calendar)
