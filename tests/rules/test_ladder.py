"""The ladder's days: each step once, paused clocks, missed days, and the law at run time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.business_days import Calendar, CalendarKind
from rules.ladder import NEVER, LadderFacts, PauseReason, falls_on, plan
from rules.ladder_dates import Pause, known_from, shifted
from rules.ladder_law import LawFacts, Regime, lawful_from, regime_of
from rules.ladder_steps import Action, LadderPolicy, Rung

POLICY = LadderPolicy()
DUE = date(2026, 11, 2)


def message(key: int, offset: int, purpose: str = "ladder_overdue", **values) -> Rung:
    return Rung(key, Action.MESSAGE, offset, purpose=purpose, channels=("email",), **values)


REMINDER = message(1, -5, "ladder_reminder", position=1)
OVERDUE = message(2, 1, position=2)
NOTICE = message(3, 5, "ladder_suspension_notice", position=3)
BLOCK = Rung(4, Action.BLOCK, 15, after=3, position=4)
LADDER = (REMINDER, OVERDUE, NOTICE, BLOCK)


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def due_on(number: int, facts: LadderFacts, rungs=LADDER) -> list[int]:
    return [each.rung.id for each in plan(rungs, facts, POLICY, today=day(number)).due]


@pytest.mark.parametrize(
    ("today", "expected"), [(-6, []), (-5, [1]), (-4, [1]), (-1, [1]), (0, []), (1, [2])]
)
def test_a_step_runs_on_its_day_and_a_reminder_never_after_the_due_date(today, expected):
    assert due_on(today, LadderFacts(DUE)) == expected


@pytest.mark.parametrize(
    ("due", "known"),
    [
        (date(2026, 11, 4), date(2026, 11, 5)),  # a Wednesday
        (date(2026, 11, 6), date(2026, 11, 9)),  # paid on Friday, told on Monday
        (date(2026, 11, 7), date(2026, 11, 10)),  # a Saturday's is paid on Monday, free of charges
        (date(2026, 11, 2), date(2026, 11, 4)),  # Finados
        (date(2026, 11, 19), date(2026, 11, 23)),  # the eve of a holiday and a week-end
    ],
)
def test_nobody_is_called_late_before_a_payment_in_time_would_be_known(due, known):
    assert known_from(due, clearing_days=1, calendar=Calendar(kind=CalendarKind.BANK)) == known

    facts = LadderFacts(due, known_from=known)
    assert falls_on(OVERDUE, facts) == known
    assert falls_on(REMINDER, facts) == due - timedelta(days=5)
    assert falls_on(replace(OVERDUE, offset_days=9), facts) == due + timedelta(days=9)


@pytest.mark.parametrize("rung", [NOTICE, BLOCK, Rung(9, Action.PROPOSE_PROTEST, 0)])
def test_what_is_for_late_payers_waits_for_a_due_date_that_was_moved(rung):
    """Its day has passed, counted from what had run before the date was moved."""
    moved, known = day(40), day(42)
    facts = LadderFacts(moved, executed={3: day(5)}, known_from=known)

    assert falls_on(replace(rung, after=3), facts) == known


def test_a_reminder_that_was_missed_lapses():
    planned = plan(LADDER, LadderFacts(DUE), POLICY, today=day(0))

    assert [each.rung.id for each in planned.lapsed] == [1]
    assert planned.next_on == day(1)


def test_each_step_runs_once_and_the_next_day_is_told():
    done = LadderFacts(DUE, executed={1: day(-5), 2: day(1)})

    assert due_on(2, done) == []
    assert plan(LADDER, done, POLICY, today=day(2)).next_on == day(5)


def test_a_step_follows_the_day_on_which_its_anchor_really_ran():
    late = LadderFacts(DUE, executed={1: day(-5), 2: day(1), 3: day(9)})

    assert falls_on(BLOCK, late) == day(24)
    assert due_on(23, late) == []
    assert due_on(24, late) == [4]


def test_after_an_outage_the_missed_steps_run_in_order():
    assert due_on(8, LadderFacts(DUE, executed={1: day(-5)})) == [2, 3]


def test_nothing_is_left_when_all_has_run():
    facts = LadderFacts(DUE, executed={1: DUE, 2: DUE, 3: DUE, 4: DUE})

    assert plan(LADDER, facts, POLICY, today=day(90)).next_on == NEVER


def test_paused_days_shift_what_remains():
    pause = Pause(day(3), day(13), PauseReason.AGREEMENT)
    facts = LadderFacts(DUE, executed={1: day(-5), 2: day(1)}, pauses=(pause,))

    assert due_on(5, facts) == []
    assert plan(LADDER, facts, POLICY, today=day(5)).next_on == day(13)
    assert due_on(14, facts) == []
    assert due_on(15, facts) == [3]


def test_a_pause_without_an_end_rests_until_it_gets_one():
    facts = LadderFacts(DUE, executed={1: day(-5)}, pauses=(Pause(day(0)),))

    assert plan(LADDER, facts, POLICY, today=day(40)).next_on == NEVER


TELECOM = LadderFacts(DUE, executed={1: DUE, 2: DUE, 3: day(5)}, law=LawFacts())


@pytest.mark.parametrize(("today", "expected"), [(19, []), (20, [4]), (21, [4])])
def test_a_suspension_comes_fifteen_days_after_the_proven_notice(today, expected):
    proven = replace(TELECOM, law=LawFacts(noticed_on=day(5)))

    assert due_on(today, proven) == expected


def test_without_proof_of_the_notice_a_suspension_waits_from_day_to_day():
    planned = plan(LADDER, TELECOM, POLICY, today=day(20))

    assert planned.due == ()
    assert (planned.waits_for_law, planned.next_on) == (True, day(21))


def test_a_late_notice_holds_back_a_suspension_counted_from_the_due_date():
    fixed = replace(BLOCK, after=None, offset_days=20)
    late = LadderFacts(DUE, executed={3: day(18)}, law=LawFacts(noticed_on=day(18)))

    assert due_on(20, late, (NOTICE, fixed)) == []
    assert plan((NOTICE, fixed), late, POLICY, today=day(20)).next_on == day(33)


END = Rung(6, Action.TERMINATE, 60, after=4, position=6)


@pytest.mark.parametrize(
    ("noticed", "today", "expected"), [(70, 79, []), (70, 80, [6]), (None, 80, [])]
)
def test_a_termination_wants_sixty_days_and_its_own_notice(noticed, today, expected):
    law = LawFacts(day(5), day(20), day(noticed) if noticed else None)
    facts = LadderFacts(DUE, executed={3: day(5), 4: day(20)}, law=law)

    assert due_on(today, facts, (NOTICE, BLOCK, END)) == expected


def test_a_debt_is_proposed_to_the_bureau_only_after_termination():
    propose = Rung(7, Action.PROPOSE_BUREAU, 30)

    assert due_on(40, LadderFacts(DUE, law=LawFacts()), (propose,)) == []
    assert due_on(40, LadderFacts(DUE, law=LawFacts(terminated_on=day(39))), (propose,)) == [7]
    assert due_on(40, LadderFacts(DUE), (propose,)) == [7]


FORCE = POLICY.regime_effective_from
REDUCE = Rung(8, Action.REDUCE, 15, after=3, position=4)


@pytest.mark.parametrize(
    ("noticed_on", "expected"),
    [
        (FORCE - timedelta(days=1), Regime.RES_632),
        (FORCE, Regime.RES_765),
        (FORCE + timedelta(days=1), Regime.RES_765),
        (None, Regime.RES_765),
    ],
)
def test_a_chain_keeps_to_the_resolution_in_force_on_its_notice(noticed_on, expected):
    assert regime_of(LawFacts(noticed_on=noticed_on), POLICY) is expected


OLD_DUE = date(2025, 8, 20)
NOTICED = LawFacts(noticed_on=date(2025, 8, 31))
REDUCED = replace(NOTICED, suspended_on=date(2025, 9, 15))
BLOCKED = replace(REDUCED, blocked_on=date(2025, 10, 15))


@pytest.mark.parametrize(
    ("action", "law", "day_of_law"),
    [
        (Action.REDUCE, NOTICED, date(2025, 9, 15)),
        (Action.BLOCK, NOTICED, date(2025, 10, 15)),
        (Action.BLOCK, REDUCED, date(2025, 10, 15)),
        (Action.TERMINATE, REDUCED, None),
        (Action.TERMINATE, BLOCKED, date(2025, 11, 14)),
        (Action.PROPOSE_BUREAU, BLOCKED, None),
        (Action.PROPOSE_BUREAU, replace(BLOCKED, terminated_on=FORCE), FORCE),
        (Action.MESSAGE, NOTICED, date.min),
    ],
)
def test_an_old_chain_is_reduced_blocked_and_ended_in_thirties(action, law, day_of_law):
    assert lawful_from(action, law, POLICY, ()) == day_of_law


def test_an_old_chain_stands_still_while_it_is_contested_too():
    pause = Pause(date(2025, 9, 20), date(2025, 9, 30), PauseReason.CONTESTATION)

    assert lawful_from(Action.BLOCK, REDUCED, POLICY, (pause,)) == date(2025, 10, 25)


@pytest.mark.parametrize(("today", "expected"), [(74, []), (75, [9]), (76, [9])])
def test_an_old_chain_ends_without_a_second_notice(today, expected):
    end = Rung(9, Action.TERMINATE, 30, after=4, position=6)
    law = LawFacts(noticed_on=OLD_DUE, suspended_on=OLD_DUE, blocked_on=OLD_DUE + timedelta(45))
    done = {3: OLD_DUE, 8: OLD_DUE, 4: OLD_DUE + timedelta(45)}
    facts = LadderFacts(OLD_DUE, executed=done, law=law)
    found = plan((NOTICE, REDUCE, BLOCK, end), facts, POLICY, today=OLD_DUE + timedelta(today))

    assert [step.rung.id for step in found.due] == expected


days = st.integers(-20, 120)
pauses = st.lists(st.tuples(days, st.integers(1, 30)), max_size=4).map(
    lambda spans: tuple(Pause(day(since), day(since + length)) for since, length in spans)
)


@given(offset=st.integers(0, 90), pauses=pauses)
def test_unpaused_days_are_what_an_offset_counts(offset, pauses):
    found = shifted(DUE, offset, pauses)

    assert found is not None
    passed = [DUE + timedelta(days=n) for n in range((found - DUE).days)]
    assert sum(not any(p.covers(each) for p in pauses) for each in passed) == offset
    assert not any(pause.covers(found) for pause in pauses)


@given(today=days, pauses=pauses, executed=st.sets(st.sampled_from([1, 2, 3])))
def test_a_day_that_was_carried_out_asks_nothing_more(today, pauses, executed):
    facts = LadderFacts(DUE, executed=dict.fromkeys(executed, DUE), pauses=pauses)
    planned = plan(LADDER, facts, POLICY, today=day(today))
    decided = {each.rung.id: day(today) for each in (*planned.due, *planned.lapsed)}
    again = plan(
        LADDER, replace(facts, executed={**facts.executed, **decided}), POLICY, today=day(today)
    )

    assert (again.due, again.lapsed, again.next_on) == ((), (), planned.next_on)
    assert planned.next_on > day(today)


@given(pauses=pauses, executed=st.sets(st.sampled_from([1, 2, 3])), today=days)
def test_looking_only_on_the_day_told_misses_nothing(pauses, executed, today):
    facts = LadderFacts(DUE, executed=dict.fromkeys(executed, DUE), pauses=pauses)
    planned = plan(LADDER, facts, POLICY, today=day(today))
    if planned.due or planned.lapsed or planned.next_on == NEVER:
        return
    eve = planned.next_on - timedelta(days=1)

    assert plan(LADDER, facts, POLICY, today=eve).due == ()
