import json
from decimal import Decimal
from pathlib import Path

import pytest

from rules.arrecadacao import (
    ArrecadacaoDigitWrong,
    ArrecadacaoNotReadable,
    read_line,
)
from rules.check_digits import modulo_10, modulo_11

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
LINES = VECTORS["arrecadacao_48"]["mod10"] + VECTORS["arrecadacao_48"]["mod11"]
A_LINE = "846700000017435900240209024050002435842210108119"


def code_of(line):
    return "".join(line[start : start + 11] for start in range(0, 48, 12))


def test_the_check_digits_are_those_of_the_manual():
    vector = VECTORS["dac"]

    assert modulo_10(vector["sequence"]) == vector["mod10"]
    assert modulo_11(vector["sequence"]) == vector["mod11"]


@pytest.mark.parametrize("line", LINES)
def test_a_published_line_is_accepted_typed_or_from_its_bars(line):
    assert read_line(line) == read_line(code_of(line))


def test_a_telecom_bill_says_its_amount():
    read = read_line("84670000001-7 43590024020-9 02405000243-5 84221010811-9")

    assert read.segment == "4"
    assert read.amount == Decimal("143.59")


@pytest.mark.parametrize(("identifier", "amount"), [("7", None), ("8", "12.34"), ("9", None)])
def test_only_identifiers_6_and_8_are_amounts_in_reais(identifier, amount):
    rest = f"{1234:011d}{'0' * 29}"
    check = (modulo_10 if identifier == "7" else modulo_11)(f"84{identifier}{rest}")

    read = read_line(f"84{identifier}{check}{rest}")

    assert read.amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(("position", "block"), [(5, 1), (20, 2), (30, 3), (46, 4)])
def test_a_digit_mistyped_is_told_by_its_block(position, block):
    line = A_LINE[:position] + str((int(A_LINE[position]) + 1) % 10) + A_LINE[position + 1 :]

    with pytest.raises(ArrecadacaoDigitWrong) as refused:
        read_line(line)

    assert refused.value.params == {"block": block}


def test_a_wrong_digit_over_the_whole_is_told():
    code = code_of(A_LINE)

    with pytest.raises(ArrecadacaoDigitWrong) as refused:
        read_line(code[:3] + str((int(code[3]) + 1) % 10) + code[4:])

    assert refused.value.params == {"block": 0}


@pytest.mark.parametrize("text", ["", "8" * 43, "9" + A_LINE[1:], A_LINE[:-1], "x" * 48])
def test_what_is_no_code_is_refused(text):
    with pytest.raises((ArrecadacaoNotReadable, ArrecadacaoDigitWrong)):
        read_line(text)
