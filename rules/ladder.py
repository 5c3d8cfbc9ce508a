"""The dunning ladder: on which day each of its steps falls, and which a day's facts let run.

The steps stand in rules/ladder_steps.py, the dates in rules/ladder_dates.py, the law in
rules/ladder_law.py, what one customer is written in rules/ladder_letters.py, and what an editor may
save in rules/ladder_edit.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum

from rules.business_days import ONE_DAY
from rules.ladder_dates import Pause, shifted
from rules.ladder_law import LawFacts, lawful_from
from rules.ladder_steps import SUSPENSIONS, Action, LadderPolicy, Rung
from rules.message_templates import BY_CODE

#: When the daily run starts, on the clocks of Brasília: after the classifier.
DAILY_AT = time(7, 30)

#: The day on which the ladder looks at an invoice that nothing is left to do for.
NEVER = date(9999, 12, 31)


class PauseReason(StrEnum):
    """Why no step runs."""

    AGREEMENT = "agreement"
    PROMISE = "promise"
    CONTESTATION = "contestation"
    EXCEPTION = "exception"
    MARK = "mark"
    RENEGOTIATION = "renegotiation"


class Outcome(StrEnum):
    """What became of a step on its invoice; each is written once and never changed."""

    DONE = "done"
    SUPERSEDED = "superseded"  #: a later message said it
    LAPSED = "lapsed"  #: a reminder whose time had passed
    NOT_APPLICABLE = "not_applicable"  #: nothing there to do it to


@dataclass(frozen=True)
class LadderFacts:
    """An open invoice on the ladder. `executed` says on which date each of its steps was decided.

    `law` is None where no law binds: another kind of contract, or a ladder saved in spite of it.
    `known_from` is the first day on which a payment made in time would be known.
    Facts that are alike are one key: what the rules say of them need be asked once.
    """

    due_date: date
    executed: Mapping[int, date] = field(default_factory=dict, hash=False)
    pauses: tuple[Pause, ...] = ()
    law: LawFacts | None = None
    known_from: date | None = None


@dataclass(frozen=True)
class DueStep:
    """A step whose day has come; `on` is the day on which it fell."""

    rung: Rung
    on: date


@dataclass(frozen=True)
class Plan:
    """What a day asks of one invoice: steps to run in order, and reminders that came too late.

    `next_on` is when the ladder looks again; `waits_for_law` says that a step of today wants a
    legal notice that was proven to arrive, or what must come before it.
    """

    due: tuple[DueStep, ...]
    lapsed: tuple[DueStep, ...]
    next_on: date
    waits_for_law: bool = False


def plan(rungs: Sequence[Rung], facts: LadderFacts, policy: LadderPolicy, *, today: date) -> Plan:
    """This will say which steps run today, each once; one that follows another may run with it."""
    due: list[DueStep] = []
    lapsed: list[DueStep] = []
    while found := _found(rungs, facts, policy, today):
        gone = [each for each in found if _is_past(each, facts, today)]
        lapsed += gone
        due += [each for each in found if each not in gone]
        facts = _executed(facts, found, today)
    ahead = _ahead(rungs, facts, policy, today)
    is_waiting = any(each is None for each in ahead.values())
    days = [each for each in ahead.values() if each is not None]
    # What waits for the law is looked at again every day.
    next_on = min([*days, today + ONE_DAY] if is_waiting else days, default=NEVER)
    return Plan(tuple(due), tuple(lapsed), next_on, is_waiting)


def falls_on(rung: Rung, facts: LadderFacts) -> date | None:
    """This will give the day of a step; None while what it follows has not happened or a pause
    has no end. What treats the invoice as late waits until it is known that it is."""
    anchor = facts.due_date if rung.after is None else facts.executed.get(rung.after)
    day = None if anchor is None else shifted(anchor, rung.offset_days, facts.pauses)
    if day is None or facts.known_from is None:
        return day
    return max(day, facts.known_from) if day > facts.due_date or rung.treats_as_late else day


def is_lawful(action: str, facts: LadderFacts, policy: LadderPolicy, *, today: date) -> bool:
    """Whether the law lets an action run today, on whoever's word, for this invoice's sake."""
    if pause_on(today, facts.pauses) or (facts.known_from and today < facts.known_from):
        return False
    free = lawful_from(action, facts.law, policy, facts.pauses)
    return free is not None and free <= today


def is_on_ladder(rung: Rung) -> bool:
    """Whether the ladder's own run takes the step: the classifier forwards to collections."""
    return rung.action != Action.FORWARD


def pause_on(day: date, pauses: Iterable[Pause]) -> Pause | None:
    """The pause that a day is in; of several the one that ends last."""
    found = [pause for pause in pauses if pause.covers(day)]
    return max(found, key=lambda each: each.until or date.max, default=None)


def _found(
    rungs: Sequence[Rung], facts: LadderFacts, policy: LadderPolicy, today: date
) -> list[DueStep]:
    """What is due by now, the earliest first."""
    days = _ahead(rungs, facts, policy, today)
    by_id = {rung.id: rung for rung in rungs}
    found = [DueStep(by_id[key], on) for key, on in days.items() if on and on <= today]
    return sorted(found, key=lambda each: (each.on, each.rung.position, each.rung.id))


def _ahead(
    rungs: Sequence[Rung], facts: LadderFacts, policy: LadderPolicy, today: date
) -> dict[int, date | None]:
    """The day of each step that is left; None: today, but for the law.

    Paused, a step has the day after the pause; what waits for another step is left out.
    """
    pause = pause_on(today, facts.pauses)
    if pause is not None:
        return {0: pause.until or NEVER}
    days: dict[int, date | None] = {}
    for rung in rungs:
        if rung.id in facts.executed or not is_on_ladder(rung):
            continue
        on = falls_on(rung, facts)
        if on is None or _is_before_its_time(rung, on):
            continue
        free = lawful_from(rung.action, facts.law, policy, facts.pauses)
        days[rung.id] = max(on, free) if free else (None if on <= today else on)
    return days


def _is_past(step: DueStep, facts: LadderFacts, today: date) -> bool:
    """A reminder of what is to come says nothing true afterwards, nor "due today" tomorrow."""
    purpose = BY_CODE.get(step.rung.purpose)
    is_for_today = purpose is not None and purpose.is_for_today
    if step.rung.offset_days < 0:
        return today >= facts.due_date
    return step.rung.is_message and is_for_today and step.on < today


def _is_before_its_time(rung: Rung, on: date) -> bool:
    """Whether the step did not exist yet on that day: nobody is written to about the past."""
    is_plain = rung.is_message and not rung.is_legal_notice
    return is_plain and rung.since is not None and on < rung.since


def _executed(facts: LadderFacts, steps: Sequence[DueStep], today: date) -> LadderFacts:
    """The facts as they are once these steps have run."""
    executed = {**facts.executed, **{step.rung.id: today for step in steps}}
    law = facts.law
    actions = {step.rung.action for step in steps}
    if law is not None and actions & SUSPENSIONS:
        law = replace(law, suspended_on=law.suspended_on or today)
    if law is not None and Action.BLOCK in actions:
        law = replace(law, blocked_on=law.blocked_on or today)
    return replace(facts, executed=executed, law=law)
