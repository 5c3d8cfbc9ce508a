"""Steps of promises, taken once they are due: on record, remembered, and who hears of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from activities.desk import CaseDesk
from activities.hearing import who_hears
from models.service_clocks import take_steps
from rules.clock_reminders import ClockMark, ClockStep, due_steps
from rules.reminders import Post, Reminder


@dataclass(frozen=True)
class Taken:
    """Steps of one kind that were due, and who is to hear of them; nobody, maybe.

    `asks_manager` where what passed is for the management to look after.
    """

    mark: ClockMark
    told: tuple[str, ...]
    asks_manager: bool


async def take_due(
    desk: CaseDesk,
    clock: str,
    reminders: Sequence[Reminder],
    names: Mapping[ClockMark, str],
    *,
    assignee: str | None,
    executive: str | None = None,
) -> list[Taken]:
    """This will take every step of a promise that is due, under its name in the history.

    Nothing where the clock did not run so far after all.
    """
    timed = desk.clocks.get(clock)
    due = due_steps(timed.coming(reminders), now=desk.at) if timed else []
    if timed is None or not due:
        return []
    found = []
    for mark, group in groupby(due, key=lambda each: each.mark):
        steps = list(group)
        told = await _heard(desk, steps, assignee=assignee, executive=executive)
        desk.record(names[mark], clock=clock, told=list(told) or None)
        found.append(Taken(mark, told, _is_for_manager(mark, steps)))
    take_steps(desk.session, timed, due)
    desk.remember_breach(timed)
    return found


def letters_of(taken: Sequence[Taken]) -> dict[str, ClockMark]:
    """Who is to be written to, once each, and of what: the last that they are to hear."""
    return {login: each.mark for each in taken for login in each.told}


def _is_for_manager(mark: ClockMark, steps: Sequence[ClockStep]) -> bool:
    return mark is not ClockMark.WARN and any(each.to == Post.MANAGER for each in steps)


async def _heard(
    desk: CaseDesk, steps: Sequence[ClockStep], *, assignee: str | None, executive: str | None
) -> tuple[str, ...]:
    told: dict[str, None] = {}
    for to in (each.to for each in steps if each.to):
        hears = await who_hears(
            desk.session, to, assignee=assignee, team_id=desk.case.team_id, executive=executive,
            at=desk.at,
        )  # fmt: skip
        told.update(dict.fromkeys(hears))
    return tuple(told)
