"""What comes of an invoice if nothing is paid: the days of suspension and of termination."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from rules.ladder import LadderFacts
from rules.ladder_dates import shifted
from rules.ladder_steps import SUSPENSIONS, Action, LadderPolicy, Rung


def consequences(
    rungs: Sequence[Rung], facts: LadderFacts, *, policy: LadderPolicy, day: date
) -> tuple[date, date]:
    """When the first suspension and the termination would come, seen from a day."""
    least = timedelta(days=policy.suspend_after_notice_days)
    suspended = max(_day_of(rungs, SUSPENSIONS, facts, day), day + least)
    if facts.law is not None and facts.law.suspended_on is not None:
        suspended = facts.law.suspended_on
    least = timedelta(days=policy.terminate_after_suspension_days)
    ended = max(_day_of(rungs, frozenset({Action.TERMINATE}), facts, day), suspended + least)
    return suspended, ended


def _day_of(
    rungs: Sequence[Rung], actions: Collection[str], facts: LadderFacts, today: date
) -> date:
    """The day of the first of such steps, were every step before it to run in time."""
    by_id = {rung.id: rung for rung in rungs}
    days = [_expected(rung, by_id, facts, today) for rung in rungs if rung.action in actions]
    return min(days, default=today)


def _expected(rung: Rung, by_id: Mapping[int, Rung], facts: LadderFacts, today: date) -> date:
    if rung.id in facts.executed:
        return facts.executed[rung.id]
    before = by_id.get(rung.after or 0)
    anchor = facts.due_date if before is None else _expected(before, by_id, facts, today)
    return max(shifted(anchor, rung.offset_days, facts.pauses) or today, today)
