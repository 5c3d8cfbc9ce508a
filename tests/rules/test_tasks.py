"""Tasks: when somebody is reminded or told, who that is, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules.business_days import Calendar, local_time
from rules.tasks import (
    Colleague,
    CommentRequired,
    DueInThePast,
    FinishedBeforeMade,
    FinishedInTheFuture,
    ReasonRequired,
    SnoozedIntoThePast,
    TaskAlreadyClaimed,
    TaskFacts,
    TaskPolicy,
    TaskStep,
    check_claim,
    check_comment,
    check_conclusion,
    check_due,
    check_reason,
    check_snooze,
    next_step,
    stand_in,
    who_hears,
)

POLICY = TaskPolicy()
#: Thursday, 19 November 2026, 15:00 in Brasília; the 20th is a holiday, Monday is the 23rd.
THURSDAY = datetime(2026, 11, 19, 18, tzinfo=UTC)
FACTS = TaskFacts(due_at=THURSDAY, is_reminded=False, escalation=0, calendar=Calendar())
SECOND = timedelta(seconds=1)


def local(instant: datetime) -> str:
    return f"{local_time(instant):%d %H:%M}"


@pytest.mark.parametrize(
    ("due_at", "reminded"),
    [
        (THURSDAY, "19 11:00"),
        (THURSDAY.replace(hour=14), "18 16:00"),  # due at 11:00: two hours of the day before
        (THURSDAY.replace(hour=12), "18 14:00"),  # at opening: the whole afternoon before
        (
            datetime(2026, 11, 23, 12, tzinfo=UTC),
            "19 14:00",
        ),  # Monday 9:00, over holiday and weekend
        (datetime(2026, 11, 21, 15, tzinfo=UTC), "19 14:00"),  # Saturday noon
        (datetime(2026, 11, 23, 16, tzinfo=UTC), "23 09:00"),  # Monday 13:00: since that opening
    ],
)
def test_the_reminder_comes_so_many_working_hours_before(due_at, reminded):
    step = next_step(replace(FACTS, due_at=due_at), POLICY)

    assert step is not None
    assert (step.kind, local(step.at)) == (TaskStep.REMIND, reminded)


def test_lead_and_manager_are_told_business_days_after():
    reminded = replace(FACTS, is_reminded=True)

    lead = next_step(reminded, POLICY)
    manager = next_step(replace(reminded, escalation=1), POLICY)
    nobody = next_step(replace(reminded, escalation=2), POLICY)

    assert lead is not None
    assert manager is not None
    assert (lead.kind, local(lead.at)) == (TaskStep.TELL_LEAD, "23 15:00")
    assert (manager.kind, local(manager.at)) == (TaskStep.TELL_MANAGER, "24 15:00")
    assert nobody is None


def test_each_offset_is_a_setting():
    policy = TaskPolicy(
        remind_hours_before=1, lead_after_business_days=3, manager_after_business_days=5
    )
    reminded = replace(FACTS, is_reminded=True)

    steps = [
        next_step(facts, policy) for facts in (FACTS, reminded, replace(reminded, escalation=1))
    ]

    assert [local(step.at) for step in steps if step] == ["19 14:00", "25 15:00", "27 15:00"]


@pytest.mark.parametrize(
    ("step", "assignee", "lead", "manager", "hears"),
    [
        (TaskStep.REMIND, "ana", "lia", "gil", "ana"),
        (TaskStep.REMIND, None, "lia", "gil", "lia"),
        (TaskStep.REMIND, None, None, "gil", "gil"),
        (TaskStep.REMIND, None, None, None, None),
        (TaskStep.TELL_LEAD, "ana", "lia", "gil", "lia"),
        (TaskStep.TELL_LEAD, "ana", None, "gil", "gil"),
        (TaskStep.TELL_LEAD, "ana", None, None, None),
        (TaskStep.TELL_MANAGER, "ana", "lia", "gil", "gil"),
        (TaskStep.TELL_MANAGER, "ana", "lia", None, "lia"),
    ],
)
def test_who_hears_of_a_step(step, assignee, lead, manager, hears):
    assert who_hears(step, assignee=assignee, lead=lead, manager=manager) == hears


AWAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("today", "acts"),
    [(date(2026, 11, 18), "bia"), (AWAY, "bia"), (date(2026, 11, 20), "ana")],
)
def test_the_substitute_acts_until_the_last_day_away(today, acts):
    colleagues = {
        "ana": Colleague("ana", absent_until=AWAY, substitute="bia"),
        "bia": Colleague("bia"),
    }

    assert stand_in("ana", colleagues=colleagues, today=today) == acts


@pytest.mark.parametrize(
    ("substitutes", "acts"),
    [
        ({"ana": "bia", "bia": "caio", "caio": None}, "caio"),
        ({"ana": "bia", "bia": "ana"}, "ana"),  # each other, both away: nobody is there
        ({"ana": None}, "ana"),
        ({"ana": "gone"}, "ana"),
    ],
)
def test_substitutes_are_followed_until_somebody_is_there(substitutes, acts):
    colleagues = {
        login: Colleague(login, absent_until=AWAY if login != "caio" else None, substitute=to)
        for login, to in substitutes.items()
    }

    assert stand_in("ana", colleagues=colleagues, today=AWAY) == acts


def test_somebody_who_left_is_not_replaced_by_chance():
    assert stand_in("gone", colleagues={}, today=AWAY) == "gone"


def test_only_who_has_a_task_or_nobody_claims_it():
    check_claim(assignee=None, by="ana")
    check_claim(assignee="ana", by="ana")
    with pytest.raises(TaskAlreadyClaimed, match="ana"):
        check_claim(assignee="ana", by="bia")


def test_a_conclusion_has_happened_and_after_the_task_was_made():
    made = THURSDAY - timedelta(hours=1)

    for finished_at in (None, THURSDAY, made, made.replace(second=0)):
        check_conclusion(finished_at=finished_at, now=THURSDAY, created_at=made)
    with pytest.raises(FinishedInTheFuture):
        check_conclusion(finished_at=THURSDAY + SECOND, now=THURSDAY, created_at=made)
    with pytest.raises(FinishedBeforeMade):
        check_conclusion(finished_at=made - SECOND, now=THURSDAY, created_at=made)


def test_reasons_and_comments_say_something():
    check_reason("Duplicada.")
    check_comment("Liguei.")
    with pytest.raises(ReasonRequired):
        check_reason(" \n")
    with pytest.raises(CommentRequired):
        check_comment("")


def test_neither_snooze_nor_deadline_lies_in_the_past():
    check_snooze(THURSDAY + SECOND, now=THURSDAY)
    check_due(THURSDAY + SECOND, now=THURSDAY)
    with pytest.raises(SnoozedIntoThePast):
        check_snooze(THURSDAY, now=THURSDAY)
    with pytest.raises(DueInThePast):
        check_due(THURSDAY, now=THURSDAY)
