"""What an editor may save: the legal guard, and steps that make sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.ladder_edit import (
    LadderAnchorRefused,
    LadderBeforeStepRefused,
    LadderForwardRefused,
    LadderOffsetRefused,
    LadderOverrideReasonRequired,
    LadderSuspensionTooEarly,
    LadderTemplateRefused,
    check_law,
    check_steps,
)
from rules.ladder_law import Law, breaches
from rules.ladder_steps import Action, LadderPolicy, Rung

POLICY = LadderPolicy()
NOTICE = Rung(1, Action.MESSAGE, 5, purpose="ladder_suspension_notice", channels=("email",))
BLOCK = Rung(2, Action.BLOCK, 15, after=1)
END_NOTICE = Rung(
    3, Action.MESSAGE, 50, after=2, purpose="ladder_termination_notice", channels=("email",)
)
END = Rung(4, Action.TERMINATE, 60, after=2)
BUREAU = Rung(5, Action.PROPOSE_BUREAU, 1, after=4)
FORWARD = Rung(1, Action.FORWARD, 10)
LAWFUL = (NOTICE, BLOCK, END_NOTICE, END, BUREAU)


def broken(*rungs: Rung) -> list[Law]:
    return [breach.law for breach in breaches(rungs, POLICY)]


def test_the_chain_of_the_regulation_is_lawful():
    assert broken(*LAWFUL) == []


@pytest.mark.parametrize(("days", "expected"), [(14, [Law.DAYS_AFTER_NOTICE]), (15, []), (16, [])])
def test_fifteen_days_between_notice_and_suspension(days, expected):
    assert broken(NOTICE, replace(BLOCK, offset_days=days)) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(59, [Law.DAYS_AFTER_SUSPENSION]), (60, []), (61, [])]
)
def test_sixty_days_between_suspension_and_termination(days, expected):
    assert broken(NOTICE, BLOCK, END_NOTICE, replace(END, offset_days=days)) == expected


def test_days_are_counted_from_whatever_a_step_follows():
    assert broken(NOTICE, replace(BLOCK, after=None, offset_days=20)) == []
    assert broken(NOTICE, replace(BLOCK, after=None, offset_days=19)) == [Law.DAYS_AFTER_NOTICE]


def test_each_consequence_wants_what_comes_before_it():
    assert broken(BLOCK, replace(NOTICE, purpose="ladder_overdue")) == [Law.NOTICE]
    assert broken(replace(END, after=None, offset_days=90)) == [Law.SUSPENSION]
    assert broken(NOTICE, BLOCK, END) == [Law.TERMINATION_NOTICE]
    assert broken(replace(BUREAU, after=None, offset_days=30)) == [Law.TERMINATION]


def test_a_speed_reduction_counts_as_a_suspension():
    assert broken(NOTICE, Rung(9, Action.REDUCE, 10)) == [Law.DAYS_AFTER_NOTICE]


def test_only_with_a_reason_may_the_law_be_overridden():
    early = (NOTICE, replace(BLOCK, offset_days=3))

    with pytest.raises(LadderSuspensionTooEarly) as refused:
        check_law(early, POLICY, may_override=False, reason="porque sim")
    with pytest.raises(LadderOverrideReasonRequired):
        check_law(early, POLICY, may_override=True, reason=" ")
    assert refused.value.params == {"step": 2, "days": 15}
    assert len(check_law(early, POLICY, may_override=True, reason="Contrato empresarial")) == 1


@pytest.mark.parametrize(
    ("rungs", "refusal", "field"),
    [
        ((replace(NOTICE, offset_days=2000),), LadderOffsetRefused, "offset-0"),
        ((replace(BLOCK, after=7),), LadderAnchorRefused, "after-0"),
        ((replace(BLOCK, after=2),), LadderAnchorRefused, "after-0"),
        ((NOTICE, replace(BLOCK, offset_days=-1)), LadderBeforeStepRefused, "offset-1"),
        ((replace(NOTICE, purpose="nothing"),), LadderTemplateRefused, "purpose-0"),
        ((replace(NOTICE, channels=()),), LadderTemplateRefused, "purpose-0"),
        (
            (Rung(1, Action.FORWARD, 1), Rung(2, Action.FORWARD, 2)),
            LadderForwardRefused,
            "action-0",
        ),
        ((NOTICE, Rung(2, Action.FORWARD, 2, after=1)), LadderForwardRefused, "action-1"),
    ],
)
def test_steps_that_make_no_sense_are_refused_beside_their_field(rungs, refusal, field):
    with pytest.raises(refusal) as refused:
        check_steps(rungs)
    assert refused.value.field == field


def test_a_lawful_ladder_makes_sense():
    check_steps(LAWFUL)
