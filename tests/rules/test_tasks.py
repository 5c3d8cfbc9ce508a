"""Tasks: who stands in for whom, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.tasks import (
    Colleague,
    CommentRequired,
    DueInThePast,
    FinishedBeforeMade,
    FinishedInTheFuture,
    ReasonRequired,
    SnoozedIntoThePast,
    TaskAlreadyClaimed,
    check_claim,
    check_comment,
    check_conclusion,
    check_due,
    check_reason,
    check_snooze,
    stand_in,
)

#: Thursday, 19 November 2026, 15:00 in Brasília.
THURSDAY = datetime(2026, 11, 19, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)
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
