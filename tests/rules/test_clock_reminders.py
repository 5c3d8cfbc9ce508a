"""Steps of a promise: when each comes, around stops and holidays, and what is told again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.business_days import Calendar, local_time
from rules.clock_reminders import (
    BREACH,
    ClockMark,
    ahead_again,
    coming_steps,
    due_steps,
    key_of,
)
from rules.policies import setting_of
from rules.policy_values import checked
from rules.reminders import Reminder, ReminderPartRefused, RemindersRefused
from rules.service_clock import Clock, clock_of_days, resume, stop

pytestmark = pytest.mark.once

HOUR = 3600
OFFICE = Calendar()
SETTING = setting_of("TicketPolicy.resolution_reminders")
#: Wednesday, 18 November 2026, 10:00 in Brasília; Friday the 20th is a holiday.
WEDNESDAY = datetime(2026, 11, 18, 13, tzinfo=UTC)
#: Eighteen working hours: due on Monday the 23rd at 10:00.
TWO_DAYS = Clock(WEDNESDAY, 18 * HOUR)


def local(instant: datetime) -> str:
    return f"{local_time(instant):%d %H:%M}"


@pytest.mark.parametrize(
    ("reminder", "expected"),
    [
        (Reminder("elapsed", 50, "percent", "lead"), "19 10:00"),
        (Reminder("elapsed", 99, "percent", "lead"), "23 09:49"),
        (Reminder("before_due", 1, "hours", "lead"), "23 09:00"),  # not at the closing before
        (Reminder("before_due", 2, "hours", "lead"), "19 17:00"),  # over holiday and week-end
        (Reminder("before_due", 1, "days", "lead"), "19 10:00"),
        (Reminder("before_due", 9, "days", "lead"), "18 10:00"),  # more than there is: at once
        (Reminder("after_due", 0, "hours", "lead"), "23 10:00"),
        (Reminder("after_due", 9, "hours", "lead"), "24 10:00"),
        (Reminder("after_due", 2, "days", "lead"), "25 10:00"),
    ],
)
def test_a_step_comes_so_long_before_or_after(reminder: Reminder, expected: str) -> None:
    found = coming_steps(TWO_DAYS, [reminder], taken=[BREACH], calendar=OFFICE)

    assert [local(each.at) for each in found] == [expected]


@pytest.mark.parametrize(
    ("days", "share", "expected"),
    [
        (10, 50, "23 09:00"),  # half is over on the 19th at 18:00, when nobody is there
        (10, 80, "26 09:00"),  # so is the eighth day
        (1, 50, "13 13:30"),
    ],
)
def test_who_is_reminded_of_a_promise_in_days_is_there(
    days: int, share: int, expected: str
) -> None:
    since = datetime(2026, 11, 12, 21, 30, tzinfo=UTC)  # Thursday, 18:30
    clock = clock_of_days(since, business_days=days, calendar=OFFICE)
    reminder = Reminder("elapsed", share, "percent", "lead")

    found = coming_steps(clock, [reminder], taken=[BREACH], calendar=OFFICE)

    assert [local(each.at) for each in found] == [expected]


def test_the_breach_comes_whatever_is_set_and_before_who_is_told_of_it() -> None:
    told = Reminder("after_due", 0, "days", "executive")

    assert [each.step.mark for each in coming_steps(TWO_DAYS, [], taken=(), calendar=OFFICE)] == [
        ClockMark.BREACH
    ]
    found = coming_steps(TWO_DAYS, [told], taken=(), calendar=OFFICE)
    assert [(each.step.key, each.step.to) for each in found] == [
        (BREACH, ""), (key_of(told), "executive"),
    ]  # fmt: skip


def test_what_was_taken_is_not_taken_again_because_the_clock_stood_still() -> None:
    day_before = Reminder("before_due", 1, "days", "assignee")
    later = Reminder("after_due", 4, "hours", "user:bia")
    stood = stop(TWO_DAYS, at=datetime(2026, 11, 19, 14, tzinfo=UTC), reason="cliente")
    went_on = resume(stood, at=datetime(2026, 11, 25, 14, tzinfo=UTC))
    reminders, taken = [day_before, later], [key_of(day_before)]

    assert coming_steps(stood, reminders, taken=taken, calendar=OFFICE) == []
    found = coming_steps(went_on, reminders, taken=taken, calendar=OFFICE)
    assert [(each.step.key, local(each.at)) for each in found] == [
        (BREACH, "26 10:00"), (key_of(later), "26 14:00"),
    ]  # fmt: skip


def test_what_comes_together_is_due_together() -> None:
    reminders = [
        Reminder("elapsed", 50, "percent", "lead"),
        Reminder("elapsed", 80, "percent", "assignee"),
    ]
    coming = coming_steps(TWO_DAYS, reminders, taken=(), calendar=OFFICE)

    due = due_steps(coming, now=datetime(2026, 11, 23, 12, tzinfo=UTC))

    assert [each.to for each in due] == ["lead", "assignee"]


def test_more_time_lets_what_was_told_be_told_again() -> None:
    half = Reminder("elapsed", 50, "percent", "lead")
    taken = [key_of(half), BREACH]
    longer = Clock(WEDNESDAY, 90 * HOUR)
    now = datetime(2026, 11, 23, 14, tzinfo=UTC)

    assert ahead_again(TWO_DAYS, [half], taken=taken, now=now, calendar=OFFICE) == set()
    assert ahead_again(longer, [half], taken=taken, now=now, calendar=OFFICE) == set(taken)


@pytest.mark.parametrize(
    ("moment", "amount", "unit", "to", "refusal"),
    [
        ("elapsed", 50, "hours", "lead", ReminderPartRefused),
        ("before_due", 50, "percent", "lead", ReminderPartRefused),
        ("elapsed", 100, "percent", "lead", ReminderPartRefused),
        ("elapsed", 0, "percent", "lead", ReminderPartRefused),
        ("untaken", 8, "hours", "lead", RemindersRefused),  # of tasks alone
        ("before_due", 0, "days", "lead", RemindersRefused),
        ("after_due", 1, "days", "somebody", RemindersRefused),
    ],
)
def test_what_makes_no_step_of_a_promise_is_refused(moment, amount, unit, to, refusal) -> None:
    step = {"moment": moment, "amount": amount, "unit": unit, "to": to}

    with pytest.raises(refusal):
        checked(SETTING, [step])


def test_tasks_know_no_parts_of_a_promise() -> None:
    step = {"moment": "elapsed", "amount": 50, "unit": "percent", "to": "assignee"}

    assert checked(SETTING, [step]) == [step]
    with pytest.raises(RemindersRefused):
        checked(setting_of("TaskPolicy.reminders"), [step])
