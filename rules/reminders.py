"""Who is told of what is due, and when: steps that a house sets for tasks and for promises.

Any number of steps, each so long before or after, each to a post, a role or a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.refusals import Refusal


class Moment(StrEnum):
    """From where a step is counted."""

    BEFORE_DUE = "before_due"
    AFTER_DUE = "after_due"
    UNTAKEN = "untaken"  #: since nobody has it
    ELAPSED = "elapsed"  #: once this part of the time has passed


class CountedIn(StrEnum):
    """How a step is counted."""

    HOURS = "hours"  #: working hours
    DAYS = "days"  #: business days
    PERCENT = "percent"  #: of the time that is allowed


class Post(StrEnum):
    """Whom a step tells, by what they are to the task or case."""

    ASSIGNEE = "assignee"
    LEAD = "lead"
    MANAGER = "manager"
    EXECUTIVE = "executive"  #: of the customer's account


@dataclass(frozen=True)
class Scope:
    """What the steps of one kind of thing may be counted from, and which posts they may tell."""

    moments: tuple[Moment, ...]
    posts: tuple[Post, ...]

    @property
    def units(self) -> tuple[CountedIn, ...]:
        """What its steps may be counted in."""
        has_parts = Moment.ELAPSED in self.moments
        return (CountedIn.HOURS, CountedIn.DAYS, *([CountedIn.PERCENT] if has_parts else []))


LINE = (Post.ASSIGNEE, Post.LEAD, Post.MANAGER)
#: Steps of tasks, and those of the promises to customers.
OF_TASKS = Scope((Moment.UNTAKEN, Moment.BEFORE_DUE, Moment.AFTER_DUE), LINE)
OF_PROMISES = Scope((Moment.ELAPSED, Moment.BEFORE_DUE, Moment.AFTER_DUE), (*LINE, Post.EXECUTIVE))

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


class ReminderPartRefused(Refusal):
    message = (
        "Por cento, de 1 a 99, conta a parte do prazo que já passou; antes e depois dele se conta"
        " em horas ou dias úteis."
    )
    field = "value"


@dataclass(frozen=True)
class Reminder:
    """A step: so many hours or days from a moment; `to` is a Post, role:<code> or user:<login>."""

    moment: str
    amount: int
    unit: str
    to: str


def post_hears(
    to: str,
    *,
    assignee: str | None,
    lead: str | None,
    manager: str | None,
    executive: str | None = None,
) -> str | None:
    """Whom a step to a post tells; where nobody holds it, the next one up, and None without any.

    Nobody stands in for an account's executive: the others hear by steps of their own.
    """
    line = {
        Post.ASSIGNEE: (assignee, lead, manager),
        Post.LEAD: (lead, manager),
        Post.MANAGER: (manager, lead),
        Post.EXECUTIVE: (executive,),
    }[Post(to)]
    return next((login for login in line if login), None)


def check_reminders(value: Any, *, scope: Scope = OF_TASKS) -> list[dict[str, Any]]:
    """This will give the steps as they are stored. Refuses RemindersRefused, ReminderPartRefused.

    Whether roles and people exist is not looked at here: only the database knows them.
    """
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise _refused()
    steps = [_checked(each, scope) for each in value]
    if len({tuple(each.values()) for each in steps}) < len(steps):
        raise _refused()
    return steps


def _checked(value: Any, scope: Scope) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) != {"moment", "amount", "unit", "to"}:
        raise _refused()
    moment, amount, unit, to = (value[each] for each in ("moment", "amount", "unit", "to"))
    is_whole = isinstance(amount, int) and not isinstance(amount, bool)
    is_known = (
        isinstance(moment, str) and moment in scope.moments
        and isinstance(unit, str) and unit in scope.units
    )  # fmt: skip
    if not is_whole or not is_known or not _names_somebody(to, scope):
        raise _refused()
    _check_amount(moment, amount, unit)
    return {"moment": str(moment), "amount": int(amount), "unit": str(unit), "to": str(to)}


def _check_amount(moment: str, amount: int, unit: str) -> None:
    if (moment == Moment.ELAPSED) != (unit == CountedIn.PERCENT):
        raise ReminderPartRefused
    if unit == CountedIn.PERCENT and not 1 <= amount <= 99:
        raise ReminderPartRefused
    if not (0 if moment == Moment.AFTER_DUE else 1) <= amount <= LONGEST:
        raise _refused()


def _names_somebody(to: Any, scope: Scope) -> bool:
    if not isinstance(to, str) or len(to) > LONGEST_TO:
        return False
    return to in scope.posts or (to.startswith((ROLE, PERSON)) and not to.endswith(":"))


def _refused() -> RemindersRefused:
    return RemindersRefused(most=LONGEST, steps=MOST_STEPS)


def logins_in(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """The people that steps name."""
    return {each["to"].removeprefix(PERSON) for each in steps if each["to"].startswith(PERSON)}


def roles_in(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """The codes of the roles that steps name."""
    return {each["to"].removeprefix(ROLE) for each in steps if each["to"].startswith(ROLE)}
