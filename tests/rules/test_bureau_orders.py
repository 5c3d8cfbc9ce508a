"""Files of the bureau's answers are read whole or not at all."""

from __future__ import annotations

import pytest

from rules.bureau_orders import (
    MOST_ANSWERS,
    AnswerFileEmpty,
    AnswerFileNotRead,
    AnswerFileTooLong,
    BureauAnswer,
    BureauCodeRequired,
    BureauOrderNotSent,
    check_answer,
    read_answers,
)
from rules.refusals import Refusal

pytestmark = pytest.mark.once
HEAD = "pedido;resultado;codigo;mensagem\n"


def test_answers_are_read_in_any_order_of_columns() -> None:
    told = "\ufeffResultado;Pedido;Mensagem;Codigo\nAceito;7;;\nrecusado; 8 ;CPF não confere;E12\n"

    assert read_answers(told) == [
        BureauAnswer(7, is_accepted=True),
        BureauAnswer(8, is_accepted=False, code="E12", note="CPF não confere"),
    ]


@pytest.mark.parametrize(
    "text", ["", "\n", "pedido;resultado\n1;aceito\n", HEAD, "\x00\x01", "a;b;c\n1;2;3\n"]
)
def test_a_file_without_answers_is_refused(text: str) -> None:
    with pytest.raises(AnswerFileEmpty):
        read_answers(text)


@pytest.mark.parametrize(
    "line", ["x;aceito;;", ";aceito;;", "1;talvez;;", "1;recusado;;x", "1", "9" * 20 + ";aceito;;"]
)
def test_the_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(AnswerFileNotRead) as refusal:
        read_answers(f"{HEAD}1;aceito;;\n{line}\n")

    assert refusal.value.params["line"] == 3


def test_a_file_of_too_many_answers_is_refused_and_not_cut() -> None:
    most = "".join(f"{number};aceito;;\n" for number in range(1, MOST_ANSWERS + 1))

    assert len(read_answers(HEAD + most)) == MOST_ANSWERS
    with pytest.raises(AnswerFileTooLong):
        read_answers(f"{HEAD}{most}9999;aceito;;\n")


@pytest.mark.parametrize("head", [HEAD, ""])
def test_a_cell_without_end_is_no_fall(head: str) -> None:
    with pytest.raises(AnswerFileNotRead):
        read_answers(f'{head}1;aceito;"{"x" * 200_000}\n')


@pytest.mark.parametrize(
    ("status", "answer", "refusal"),
    [
        ("waiting", BureauAnswer(1, is_accepted=True), BureauOrderNotSent),
        ("accepted", BureauAnswer(1, is_accepted=True), BureauOrderNotSent),
        ("sent", BureauAnswer(1, is_accepted=False, code=" "), BureauCodeRequired),
    ],
)
def test_only_what_was_sent_is_answered_and_a_refusal_has_its_code(
    status: str, answer: BureauAnswer, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_answer(status, answer)
