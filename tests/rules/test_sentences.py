"""Stored sentences: places are filled, and what people type stays as they typed it."""

from __future__ import annotations

import pytest

from rules.sentences import fill


@pytest.mark.parametrize(
    ("sentence", "places", "told"),
    [
        ("Corrigir o e-mail de %(name)s", {"name": "Ana"}, "Corrigir o e-mail de Ana"),
        ("%(a)s e %(b)s", {"a": 1, "b": "%(a)s"}, "1 e %(a)s"),
        ("Dar 10% de desconto", {}, "Dar 10% de desconto"),
        ("100%(s", {"s": "x"}, "100%(s"),
        ("Sobrou %(lugar)s", {}, "Sobrou %(lugar)s"),
        ("%(n)s fatura(s) paga(s)", {"n": 1}, "1 fatura paga"),
        ("%(n)s fatura(s) paga(s)", {"n": 0}, "0 faturas pagas"),
        ("%(n)s fatura(s)", {"n": "1.234"}, "1.234 faturas"),
        (
            "%(a)s fatura(s) de %(who)s, %(b)s tarefa(s)",
            {"a": 2, "who": "Ana", "b": 1},
            "2 faturas de Ana, 1 tarefa",
        ),
        ("Ainda há %(n)s item(ns)", {"n": 6}, "Ainda há 6 itens"),
        ("Ainda há %(n)s item(ns)", {"n": 1}, "Ainda há 1 item"),
        ("%(n)s mês(es) igual(is)", {"n": 2}, "2 meses iguais"),
        ("%(n)s mês(es) igual(is)", {"n": 1}, "1 mês igual"),
        ("%(n)s process(es)", {"n": 2}, "2 processes"),
        ("Fatura(s) de %(who)s", {"who": "Ana"}, "Fatura(s) de Ana"),
    ],
)
def test_places_are_filled_and_nothing_else(sentence: str, places: dict, told: str) -> None:
    assert fill(sentence, places) == told
