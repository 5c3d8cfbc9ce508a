"""What the regulator wants of a telecom contract's ladder (Resolução Anatel 765/2023, arts. 70-78).

A chain that a notice opened before that was in force goes on by Resolução 632/2014 (arts. 90-103):
a partial suspension, a whole one, the end. The same minima guard the ladder that is saved and each
step that is about to run: after an outage, or when a notice left late, a ladder that was lawful on
paper would not be so by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.ladder_dates import Pause, shifted
from rules.ladder_steps import SUSPENSIONS, Action, LadderPolicy, Rung


@dataclass(frozen=True)
class LawFacts:
    """What happened already to an invoice of a telecom contract; notices count once proven.

    `suspended_on` is the first suspension, a reduction too; `blocked_on` the first whole one.
    """

    noticed_on: date | None = None
    suspended_on: date | None = None
    termination_noticed_on: date | None = None
    terminated_on: date | None = None
    blocked_on: date | None = None


class Regime(StrEnum):
    """Which of the regulator's resolutions a chain keeps to."""

    RES_632 = "res_632"
    RES_765 = "res_765"


class Law(StrEnum):
    """What a ladder can break."""

    NOTICE = "notice"
    DAYS_AFTER_NOTICE = "days_after_notice"
    SUSPENSION = "suspension"
    DAYS_AFTER_SUSPENSION = "days_after_suspension"
    TERMINATION_NOTICE = "termination_notice"
    TERMINATION = "termination"


@dataclass(frozen=True)
class Breach:
    """A step that the law does not allow as it stands, and how many days it wants at least."""

    step_id: int
    law: Law
    days: int = 0


def regime_of(facts: LawFacts, policy: LadderPolicy) -> Regime:
    """The resolution in force on the day of the first notice; without one, today's."""
    on = facts.noticed_on
    is_old = on is not None and on < policy.regime_effective_from
    return Regime.RES_632 if is_old else Regime.RES_765


def lawful_from(
    action: str, facts: LawFacts | None, policy: LadderPolicy, pauses: Iterable[Pause]
) -> date | None:
    """The first day on which the law lets an action run; None until something else has happened.

    The clocks stand still on paused days, as they must while the customer contests.
    """
    if facts is None:
        return date.min
    by = _by_632 if regime_of(facts, policy) is Regime.RES_632 else _by_765
    return by(action, facts, policy, pauses)


def breaches(steps: Sequence[Rung], policy: LadderPolicy) -> list[Breach]:
    """This will find what a ladder of telecom contracts would break on a customer who never pays.

    Days are counted from the due date through whatever each step follows; the order of the steps
    in the ladder does not matter.
    """
    days = nominal_days(steps)
    found: list[Breach] = []
    for step in steps:
        if step.id in days:
            found += _breaches_of(step, steps, days, policy)
    return found


def nominal_days(steps: Sequence[Rung]) -> dict[int, int]:
    """On which day after the due date each step falls; steps that follow nothing are left out."""
    days = {step.id: step.offset_days for step in steps if step.after is None}
    left = [step for step in steps if step.after is not None]
    while placed := [step for step in left if step.after in days]:
        days |= {step.id: days[step.after or 0] + step.offset_days for step in placed}
        left = [step for step in left if step.id not in days]
    return days


def _by_765(
    action: str, facts: LawFacts, policy: LadderPolicy, pauses: Iterable[Pause]
) -> date | None:
    """Resolução 765/2023: suspended after a notice, ended after another one."""
    if action in SUSPENSIONS:
        return _after(facts.noticed_on, policy.suspend_after_notice_days, pauses)
    if action == Action.TERMINATE:
        if facts.termination_noticed_on is None:
            return None
        return _after(facts.suspended_on, policy.terminate_after_suspension_days, pauses)
    if action == Action.PROPOSE_BUREAU and policy.bureau_only_after_termination:
        return facts.terminated_on
    return date.min


def _by_632(
    action: str, facts: LawFacts, policy: LadderPolicy, pauses: Iterable[Pause]
) -> date | None:
    """Resolução 632/2014: reduced, blocked and ended in this order; no further notice is asked.

    Who was not reduced in between is blocked when one who was would be.
    """
    reduced = _after(facts.noticed_on, policy.old_reduce_after_notice_days, pauses)
    match action:
        case Action.REDUCE:
            return reduced
        case Action.BLOCK:
            since = facts.suspended_on or reduced
            return _after(since, policy.old_block_after_reduction_days, pauses)
        case Action.TERMINATE:
            return _after(facts.blocked_on, policy.old_terminate_after_block_days, pauses)
        case Action.PROPOSE_BUREAU:
            return facts.terminated_on
        case _:
            return date.min


def _after(day: date | None, days: int, pauses: Iterable[Pause]) -> date | None:
    return None if day is None else shifted(day, days, pauses)


def _breaches_of(
    step: Rung, steps: Sequence[Rung], days: Mapping[int, int], policy: LadderPolicy
) -> list[Breach]:
    notices = [days[each.id] for each in steps if each.is_legal_notice and each.id in days]
    cuts = [days[each.id] for each in steps if each.action in SUSPENSIONS and each.id in days]
    ends = [days[each.id] for each in steps if each.action == Action.TERMINATE and each.id in days]
    on = days[step.id]
    if step.action in SUSPENSIONS:
        return _suspension(step, on, notices, policy.suspend_after_notice_days)
    if step.action == Action.TERMINATE:
        return _termination(step, on, notices, cuts, policy.terminate_after_suspension_days)
    if step.action == Action.PROPOSE_BUREAU and policy.bureau_only_after_termination:
        is_after = any(end <= on for end in ends)
        return [] if is_after else [Breach(step.id, Law.TERMINATION)]
    return []


def _suspension(step: Rung, on: int, notices: Sequence[int], least: int) -> list[Breach]:
    before = [notice for notice in notices if 0 <= notice < on]
    if not before:
        return [Breach(step.id, Law.NOTICE, least)]
    return [] if on - min(before) >= least else [Breach(step.id, Law.DAYS_AFTER_NOTICE, least)]


def _termination(
    step: Rung, on: int, notices: Sequence[int], cuts: Sequence[int], least: int
) -> list[Breach]:
    before = [cut for cut in cuts if cut <= on]
    if not before:
        return [Breach(step.id, Law.SUSPENSION, least)]
    found = []
    if on - min(before) < least:
        found.append(Breach(step.id, Law.DAYS_AFTER_SUSPENSION, least))
    if not any(min(before) <= notice < on for notice in notices):
        found.append(Breach(step.id, Law.TERMINATION_NOTICE))
    return found
