"""Reminders of tasks: when each step comes, what is due by now, whom it tells, what is refused."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.business_days import Calendar, local_time
from rules.policies import setting_of
from rules.policy_values import checked
from rules.reminders import (
    MOST_STEPS,
    CountedIn,
    Moment,
    Post,
    Reminder,
    RemindersRefused,
    check_reminders,
    post_hears,
)
from rules.task_reminders import TaskFacts, TaskPolicy, TaskStep, due_steps, next_step

POLICY = TaskPolicy()
#: Thursday, 19 November 2026, 15:00 in Brasília; the 20th is a holiday, Monday is the 23rd.
THURSDAY = datetime(2026, 11, 19, 18, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 18, tzinfo=UTC)
FACTS = TaskFacts(due_at=THURSDAY, calendar=Calendar())
SETTING = setting_of("TaskPolicy.reminders")


def local(instant: datetime) -> str:
    return f"{local_time(instant):%d %H:%M}"


def walked(facts: TaskFacts, policy: TaskPolicy) -> list[tuple[str, str]]:
    """Every step in its turn, each taken at its instant."""
    found = []
    while (step := next_step(facts, policy)) is not None:
        found.append((step.kind, local(step.at)))
        told = due_steps(facts, policy, now=step.at)
        assert told
        if told[0].reminder.moment == Moment.UNTAKEN:
            facts = replace(facts, free_told=step.at)
        else:
            facts = replace(facts, due_told=step.at)
    return found


@pytest.mark.parametrize(
    ("due_at", "reminded"),
    [
        (THURSDAY, "19 11:00"),
        (THURSDAY.replace(hour=14), "18 16:00"),  # due at 11:00: two hours of the day before
        (THURSDAY.replace(hour=12), "18 14:00"),  # at opening: the whole afternoon before
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "19 14:00"),  # Monday 9:00, over the holiday
        (datetime(2026, 11, 21, 15, tzinfo=UTC), "19 14:00"),  # Saturday noon
        (datetime(2026, 11, 23, 16, tzinfo=UTC), "23 09:00"),  # Monday 13:00: since that opening
    ],
)
def test_the_reminder_comes_so_many_working_hours_before(due_at: datetime, reminded: str) -> None:
    step = next_step(replace(FACTS, due_at=due_at), POLICY)

    assert step is not None
    assert (step.kind, local(step.at)) == (TaskStep.REMIND, reminded)


def test_who_has_it_then_the_lead_then_the_manager() -> None:
    assert walked(FACTS, POLICY) == [
        (TaskStep.REMIND, "19 11:00"), (TaskStep.TELL_LEAD, "23 15:00"),
        (TaskStep.TELL_MANAGER, "24 15:00"),
    ]  # fmt: skip


def test_while_nobody_has_it_the_lead_hears_and_then_no_more() -> None:
    free = replace(FACTS, free_since=MONDAY)

    assert walked(free, POLICY)[0] == (TaskStep.UNTAKEN, "17 14:00")
    assert [kind for kind, _ in walked(free, POLICY)].count(TaskStep.UNTAKEN) == 1
    assert TaskStep.UNTAKEN not in dict(walked(FACTS, POLICY))


def test_any_number_of_steps_to_anybody() -> None:
    policy = TaskPolicy(
        reminders=(
            Reminder(Moment.AFTER_DUE, 3, CountedIn.DAYS, "role:supervisor"),
            Reminder(Moment.AFTER_DUE, 0, CountedIn.DAYS, "user:gil"),
            Reminder(Moment.BEFORE_DUE, 2, CountedIn.DAYS, Post.ASSIGNEE),
            Reminder(Moment.BEFORE_DUE, 1, CountedIn.HOURS, Post.ASSIGNEE),
            Reminder(Moment.AFTER_DUE, 3, CountedIn.HOURS, Post.MANAGER),
        )
    )

    assert walked(FACTS, policy) == [
        (TaskStep.REMIND, "17 15:00"), (TaskStep.REMIND, "19 14:00"), (TaskStep.TELL, "19 15:00"),
        (TaskStep.TELL_MANAGER, "19 18:00"), (TaskStep.TELL, "25 15:00"),
    ]  # fmt: skip


def test_nobody_to_be_told_means_nothing_comes() -> None:
    assert next_step(FACTS, TaskPolicy(reminders=())) is None


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (timedelta(seconds=-1), []),
        (timedelta(0), ["remind"]),
        (timedelta(days=60), ["remind", "tell_lead", "tell_manager"]),
    ],
)
def test_what_is_due_by_now_is_told_together(now: timedelta, due: list[str]) -> None:
    reminder = THURSDAY - timedelta(hours=4)

    assert [each.kind for each in due_steps(FACTS, POLICY, now=reminder + now)] == due


def test_two_steps_of_one_instant_are_both_taken() -> None:
    steps = (Reminder("after_due", 1, "days", "lead"), Reminder("after_due", 1, "days", "user:gil"))
    found = due_steps(FACTS, TaskPolicy(reminders=steps), now=THURSDAY + timedelta(days=7))

    assert [each.reminder.to for each in found] == ["lead", "user:gil"]
    assert walked(FACTS, TaskPolicy(reminders=steps)) == [("tell_lead", "23 15:00")]


@pytest.mark.parametrize(
    ("to", "assignee", "lead", "manager", "hears"),
    [
        (Post.ASSIGNEE, "ana", "lia", "gil", "ana"),
        (Post.ASSIGNEE, None, "lia", "gil", "lia"),
        (Post.ASSIGNEE, None, None, "gil", "gil"),
        (Post.ASSIGNEE, None, None, None, None),
        (Post.LEAD, "ana", "lia", "gil", "lia"),
        (Post.LEAD, "ana", None, "gil", "gil"),
        (Post.LEAD, "ana", None, None, None),
        (Post.MANAGER, "ana", "lia", "gil", "gil"),
        (Post.MANAGER, "ana", "lia", None, "lia"),
    ],
)
def test_who_hears_of_a_post(
    to: str, assignee: str | None, lead: str | None, manager: str | None, hears: str | None
) -> None:
    assert post_hears(to, assignee=assignee, lead=lead, manager=manager) == hears


def step(**changed: object) -> dict[str, object]:
    return {"moment": "after_due", "amount": 1, "unit": "days", "to": "lead", **changed}


def test_the_default_is_stored_as_it_is_told() -> None:
    assert SETTING.default == [asdict(each) for each in POLICY.reminders]
    assert checked(SETTING, SETTING.default) == SETTING.default
    assert checked(SETTING, []) == []
    for good in (step(amount=0), step(to="user:ana"), step(to="role:x"), step(amount=365)):
        assert check_reminders([good]) == [good]


@pytest.mark.parametrize(
    "bad",
    [
        "lead", {}, None, [1], [[]], [None], [step(), step()], [{"amount": 1}], [step(more=1)],
        [step(amount=-1)], [step(amount=366)], [step(amount="1")], [step(amount=True)],
        [step(amount=0, moment="before_due")], [step(amount=0, moment="untaken")],
        [step(moment="later")], [step(unit="weeks")], [step(moment=[])], [step(unit={})],
        [step(to="")], [step(to="user:")], [step(to="boss")], [step(to=7)],
        [step(to="user:" + "a" * 90)], [step(amount=each) for each in range(1, MOST_STEPS + 2)],
    ],
)  # fmt: skip
def test_a_step_that_says_nothing_is_refused(bad: object) -> None:
    with pytest.raises(RemindersRefused):
        check_reminders(bad)
