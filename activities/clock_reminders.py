"""Steps of promises, taken once they are due: on record, remembered, and who hears of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from activities.desk import CaseDesk, Names
from activities.hearing import who_hears
from models.service_clocks import take_steps
from rules.clock_reminders import ClockMark, ClockStep, due_steps
from rules.reminders import Post, Reminder
from rules.sla import SlaEvent


@dataclass(frozen=True)
class Promises:
    """The promises of a process: what their steps are called, who hears of them, and how.

    `reminders` gives the house's reminders of a promise; `ask_manager` asks the management to look
    after one that passed; `tell` writes to somebody of the house that a step came.
    """

    names: Names
    reminders: Callable[[SlaEvent], Sequence[Reminder]]
    ask_manager: Callable[[], Awaitable[None]]
    tell: Callable[[str, str], Awaitable[None]]
    assignee: str | None
    executive: str | None = None


async def keep_promises(desk: CaseDesk, promises: Promises) -> list[ClockMark]:
    """This will take every step that is due, under its name in the history; gives what they mark.

    Whoever is to hear of a promise is told, once: of the last that they are to hear. The management
    has a task as well where the house wants it to look after what passed. Nothing where no clock
    ran so far after all.
    """
    marks = []
    for event, names in promises.names.items():
        taken = await _take_due(desk, event, promises)
        if any(each.asks_manager for each in taken):
            await promises.ask_manager()
        letters = {login: each.mark for each in taken for login in each.told}
        for login, mark in letters.items():
            await promises.tell(login, names[mark])
        marks += [each.mark for each in taken]
    return marks


@dataclass(frozen=True)
class _Taken:
    """Steps of one kind that were due, and who is to hear of them; nobody, maybe.

    `asks_manager` where what passed is for the management to look after.
    """

    mark: ClockMark
    told: tuple[str, ...]
    asks_manager: bool


async def _take_due(desk: CaseDesk, event: SlaEvent, promises: Promises) -> list[_Taken]:
    timed = desk.clocks.get(event)
    due = due_steps(timed.coming(promises.reminders(event)), now=desk.at) if timed else []
    if timed is None or not due:
        return []
    found = []
    for mark, group in groupby(due, key=lambda each: each.mark):
        steps = list(group)
        told = await _heard(desk, steps, promises)
        desk.record(promises.names[event][mark], clock=event, told=list(told) or None)
        found.append(_Taken(mark, told, _is_for_manager(mark, steps)))
    take_steps(desk.session, timed, due)
    desk.remember_breach(timed)
    return found


def _is_for_manager(mark: ClockMark, steps: Sequence[ClockStep]) -> bool:
    return mark is not ClockMark.WARN and any(each.to == Post.MANAGER for each in steps)


async def _heard(desk: CaseDesk, steps: Sequence[ClockStep], promises: Promises) -> tuple[str, ...]:
    told: dict[str, None] = {}
    for to in (each.to for each in steps if each.to):
        hears = await who_hears(
            desk.session, to, assignee=promises.assignee, team_id=desk.case.team_id,
            executive=promises.executive, at=desk.at,
        )  # fmt: skip
        told.update(dict.fromkeys(hears))
    return tuple(told)
