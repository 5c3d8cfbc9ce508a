"""What a customer is written on one day."""

from __future__ import annotations

from datetime import date

from rules.ladder_letters import Word, post
from rules.ladder_steps import Action, Rung


def rung(key: int, purpose: str) -> Rung:
    return Rung(key, Action.MESSAGE, key, purpose=purpose, channels=("email",), position=key)


REMINDER = rung(1, "ladder_reminder")
OVERDUE = rung(2, "ladder_overdue")
WARNING = rung(3, "ladder_suspension_warning")
NOTICE = rung(4, "ladder_suspension_notice")


def word(invoice_id: int, step: Rung, on: int = 10, late: int = 0) -> Word:
    return Word(invoice_id, step, date(2026, 11, on), late)


def test_several_invoices_go_in_one_letter():
    posted = post([word(1, OVERDUE), word(2, OVERDUE)])

    assert [letter.invoice_ids for letter in posted.letters] == [(1, 2)]


def test_different_steps_of_one_day_speak_in_the_words_of_the_furthest():
    posted = post([word(1, REMINDER, late=-5), word(2, OVERDUE, late=1)])

    (letter,) = posted.letters
    assert (letter.rung, letter.invoice_ids) == (OVERDUE, (1, 2))
    assert posted.superseded == ()


def test_of_missed_messages_only_the_last_is_sent():
    posted = post([word(1, OVERDUE, 3), word(1, WARNING, 9)])

    assert [letter.rung for letter in posted.letters] == [WARNING]
    assert [each.rung for each in posted.superseded] == [OVERDUE]


def test_a_legal_notice_is_never_dropped_nor_put_in_with_others():
    posted = post(
        [word(1, NOTICE, 5), word(1, WARNING, 9), word(2, OVERDUE, 9), word(2, NOTICE, 9)]
    )

    assert [(letter.rung, letter.invoice_ids) for letter in posted.letters] == [
        (NOTICE, (1, 2)),
        (WARNING, (1,)),
    ]
    assert [each.invoice_id for each in posted.superseded] == [2]


def test_a_notice_says_what_a_message_before_it_would_have():
    posted = post([word(1, OVERDUE, 3), word(1, NOTICE, 5)])

    assert [letter.rung for letter in posted.letters] == [NOTICE]
    assert [each.rung for each in posted.superseded] == [OVERDUE]
