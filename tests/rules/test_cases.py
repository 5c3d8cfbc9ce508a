"""What every journey has in common."""

from __future__ import annotations

from rules.cases import news_command_id


def test_one_piece_of_news_names_its_own_look() -> None:
    assert news_command_id(7, ["payment/1"]) == "news/7/payment/1"


def test_news_heard_beside_a_repetition_is_not_taken_for_it() -> None:
    repeated = news_command_id(7, ["payment/1"])

    assert news_command_id(7, ["payment/2", "payment/1"]) != repeated
    assert len(news_command_id(7, ["payment/2" * 12, "payment/1" * 12])) <= 120
