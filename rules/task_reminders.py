"""Who is told of a task, and when: before and after it is due, and while nobody has taken it.

Any number of steps, each so long before or after, each to a post, a role or a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from rules.business_days import (
    Calendar,
    add_business_seconds,
    business_seconds_between,
    deadline,
)
from rules.cases import Step
from rules.refusals import Refusal


class TaskStep(StrEnum):
    """What happens to a task by itself."""

    UNTAKEN = "untaken"
    REMIND = "remind"
    TELL = "tell"
    TELL_LEAD = "tell_lead"
    TELL_MANAGER = "tell_manager"


class Moment(StrEnum):
    """From where a step is counted: before or after the due instant, or since nobody has it."""

    BEFORE_DUE = "before_due"
    AFTER_DUE = "after_due"
    UNTAKEN = "untaken"


class CountedIn(StrEnum):
    """How a step is counted."""

    HOURS = "hours"  #: working hours
    DAYS = "days"  #: business days


class Post(StrEnum):
    """Whom a step tells, by what they are to the task."""

    ASSIGNEE = "assignee"
    LEAD = "lead"
    MANAGER = "manager"


#: What stands before a role's code and a person's login, where a step tells no post.
ROLE, PERSON = "role:", "user:"
MOST_STEPS = 20
LONGEST = 365
LONGEST_TO = 80


class RemindersRefused(Refusal):
    message = (
        "Diga de cada aviso quanto tempo (de 1 a %(most)s; 0 só depois do prazo), de onde se conta"
        " e a quem vai, no máximo %(steps)s e nenhum duas vezes."
    )
    field = "value"


@dataclass(frozen=True)
class Reminder:
    """A step: so many hours or days from a moment; `to` is a Post, role:<code> or user:<login>."""

    moment: str
    amount: int
    unit: str
    to: str


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


def post_hears(
    to: str, *, assignee: str | None, lead: str | None, manager: str | None
) -> str | None:
    """Whom a step to a post tells; where nobody holds it, the next one up, and None without any."""
    line = {
        Post.ASSIGNEE: (assignee, lead, manager),
        Post.LEAD: (lead, manager),
        Post.MANAGER: (manager, lead),
    }[Post(to)]
    return next((login for login in line if login), None)


def check_reminders(value: Any) -> list[dict[str, Any]]:
    """This will give the steps as they are stored. Refuses RemindersRefused.

    Whether roles and people exist is not looked at here: only the database knows them.
    """
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise _refused()
    steps = [_checked(each) for each in value]
    if len({tuple(each.values()) for each in steps}) < len(steps):
        raise _refused()
    return steps


def _checked(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) != {"moment", "amount", "unit", "to"}:
        raise _refused()
    moment, amount, unit, to = (value[each] for each in ("moment", "amount", "unit", "to"))
    is_whole = isinstance(amount, int) and not isinstance(amount, bool)
    is_known = (
        isinstance(moment, str) and moment in set(Moment)
        and isinstance(unit, str) and unit in set(CountedIn)
    )  # fmt: skip
    if not is_whole or not is_known or not _names_somebody(to):
        raise _refused()
    if not (0 if moment == Moment.AFTER_DUE else 1) <= amount <= LONGEST:
        raise _refused()
    return {"moment": str(moment), "amount": int(amount), "unit": str(unit), "to": str(to)}


def _names_somebody(to: Any) -> bool:
    if not isinstance(to, str) or len(to) > LONGEST_TO:
        return False
    return to in set(Post) or (to.startswith((ROLE, PERSON)) and not to.endswith(":"))


def _refused() -> RemindersRefused:
    return RemindersRefused(most=LONGEST, steps=MOST_STEPS)


def logins_in(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """The people that steps name."""
    return {each["to"].removeprefix(PERSON) for each in steps if each["to"].startswith(PERSON)}


def roles_in(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """The codes of the roles that steps name."""
    return {each["to"].removeprefix(ROLE) for each in steps if each["to"].startswith(ROLE)}
