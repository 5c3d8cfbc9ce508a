"""When who is told of a task: before and after it is due, and while nobody has taken it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rules.business_days import (
    Calendar,
    add_business_seconds,
    business_seconds_between,
    deadline,
)
from rules.cases import Step
from rules.reminders import CountedIn, Moment, Post, Reminder


class TaskStep(StrEnum):
    """What happens to a task by itself."""

    UNTAKEN = "untaken"
    REMIND = "remind"
    TELL = "tell"
    TELL_LEAD = "tell_lead"
    TELL_MANAGER = "tell_manager"


@dataclass(frozen=True)
class TaskPolicy:
    """When who is told of a task, and into how few letters that is put. Each is a setting."""

    reminders: tuple[Reminder, ...] = (
        Reminder(Moment.UNTAKEN, 8, CountedIn.HOURS, Post.LEAD),
        Reminder(Moment.BEFORE_DUE, 4, CountedIn.HOURS, Post.ASSIGNEE),
        Reminder(Moment.AFTER_DUE, 1, CountedIn.DAYS, Post.LEAD),
        Reminder(Moment.AFTER_DUE, 2, CountedIn.DAYS, Post.MANAGER),
    )
    gather_minutes: int = 60


@dataclass(frozen=True)
class TaskFacts:
    """What decides about a task's next step: its two clocks, and how far each was told of.

    `free_since` is None while somebody has the task.
    """

    due_at: datetime
    calendar: Calendar
    due_told: datetime | None = None
    free_since: datetime | None = None
    free_told: datetime | None = None


@dataclass(frozen=True)
class Coming:
    """A step that is still to come, and when."""

    reminder: Reminder
    at: datetime

    @property
    def kind(self) -> TaskStep:
        """What the step is called."""
        match self.reminder.moment, self.reminder.to:
            case Moment.UNTAKEN, _:
                return TaskStep.UNTAKEN
            case Moment.BEFORE_DUE, _:
                return TaskStep.REMIND
            case _, Post.LEAD:
                return TaskStep.TELL_LEAD
            case _, Post.MANAGER:
                return TaskStep.TELL_MANAGER
        return TaskStep.TELL

    @property
    def key(self) -> str:
        """By what the step is known again, beside the instant that it is counted from."""
        told = self.reminder
        return f"{told.moment}/{told.amount}{told.unit}/{self.at:%Y%m%dT%H%M}"


def next_step(facts: TaskFacts, policy: TaskPolicy) -> Step | None:
    """The next reminder or escalation; None when everybody has been told."""
    first = next(iter(_coming(facts, policy)), None)
    return None if first is None else Step(first.kind, first.at)


def due_steps(facts: TaskFacts, policy: TaskPolicy, *, now: datetime) -> list[Coming]:
    """Every step whose instant has come and that was not taken yet, the earliest first."""
    return [each for each in _coming(facts, policy) if each.at <= now]


def _coming(facts: TaskFacts, policy: TaskPolicy) -> list[Coming]:
    found = [
        Coming(each, at)
        for each in policy.reminders
        if (at := _instant(each, facts)) is not None
        and ((told := _told_until(each, facts)) is None or told < at)
    ]
    return sorted(found, key=lambda each: each.at)


def _told_until(reminder: Reminder, facts: TaskFacts) -> datetime | None:
    return facts.free_told if reminder.moment == Moment.UNTAKEN else facts.due_told


def _instant(reminder: Reminder, facts: TaskFacts) -> datetime | None:
    if reminder.moment == Moment.BEFORE_DUE:
        return _before(facts.due_at, reminder, facts.calendar)
    since = facts.free_since if reminder.moment == Moment.UNTAKEN else facts.due_at
    return None if since is None else _after(since, reminder, facts.calendar)


def _after(since: datetime, reminder: Reminder, calendar: Calendar) -> datetime:
    if reminder.unit == CountedIn.DAYS:
        return deadline(since, business_days=reminder.amount, calendar=calendar)
    return add_business_seconds(since, seconds=reminder.amount * 3600, calendar=calendar)


def _before(due_at: datetime, reminder: Reminder, calendar: Calendar) -> datetime:
    """The instant from which so many working hours, or whole business days, are left."""
    if reminder.unit == CountedIn.DAYS:
        return deadline(due_at, business_days=-reminder.amount, calendar=calendar)
    start = due_at
    wanted, left = reminder.amount * 3600, 0
    while left < wanted:
        start -= timedelta(days=1)
        left = business_seconds_between(start, end=due_at, calendar=calendar)
    return add_business_seconds(start, seconds=left - wanted, calendar=calendar)
