"""Cells of portfolio files are read strictly, or refused by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules import import_cells as cells
from rules import import_choices as choices
from rules.import_cells import Decimals
from rules.money import NegativeAmount, NotAnAmount, TooPrecise

pytestmark = pytest.mark.once

COMMA, POINT, UNKNOWN = Decimals.COMMA, Decimals.POINT, Decimals.UNKNOWN


@pytest.mark.parametrize(
    ("cell", "decimals"),
    [
        ("1,5", COMMA),
        ("1.234,56", COMMA),
        ("1.5", POINT),
        ("1,234.56", POINT),
        ("1234.567", POINT),
        ("1.234", UNKNOWN),
        ("1,234", UNKNOWN),
        ("10", UNKNOWN),
        ("", UNKNOWN),
        ("dez", UNKNOWN),
        ("1.2.3,4", UNKNOWN),
        ("R$ 1.234,56", COMMA),
    ],
)
def test_an_amount_shows_how_its_file_writes_decimals(cell, decimals):
    assert cells.decimals_of(cell) == decimals


@pytest.mark.parametrize(
    ("cell", "decimals", "amount"),
    [
        ("1.234,56", COMMA, "1234.56"),
        ("1.234", COMMA, "1234.00"),
        ("1,234.56", POINT, "1234.56"),
        ("1,234", POINT, "1234.00"),
        ("0,10", COMMA, "0.10"),
        ("10", UNKNOWN, "10.00"),
        ("R$ 1.234,56", COMMA, "1234.56"),
        ("R$\xa010,00", COMMA, "10.00"),
        ("R$1,50", COMMA, "1.50"),
    ],
)
def test_an_amount_is_read_in_the_way_of_its_file(cell, decimals, amount):
    assert cells.read_amount(cell, decimals) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "decimals", "refusal"),
    [
        ("1.234,56", POINT, NotAnAmount),
        ("1,234.56", COMMA, NotAnAmount),
        ("1e3", COMMA, NotAnAmount),
        ("NaN", POINT, NotAnAmount),
        ("US$ 1,00", COMMA, NotAnAmount),
        ("R$ 1 234,00", COMMA, NotAnAmount),
        ("R$ -1,00", COMMA, NegativeAmount),
        ("1.234", UNKNOWN, cells.AmountAmbiguous),
        ("-1,00", COMMA, NegativeAmount),
        ("1,001", COMMA, TooPrecise),
        ("1.234", POINT, TooPrecise),
    ],
)
def test_an_amount_in_another_way_is_refused(cell, decimals, refusal):
    with pytest.raises(refusal):
        cells.read_amount(cell, decimals)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (" C1 ", "C1"),
        ("'0003", "0003"),
        ("'+55 11 98765-4321", "+55 11 98765-4321"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_a_spreadsheets_sign_of_a_text_is_no_part_of_it(cell, said):
    assert cells.bare(cell) == said


def test_a_text_of_one_line_stays_on_one():
    assert cells.text(20)("Ana Souza\r\n da Silva", COMMA) == "Ana Souza da Silva"
    assert cells.long_text(20)("Portão\nazul", COMMA) == "Portão\nazul"


@pytest.mark.parametrize(
    "cell", ["27/10/2026", "2026-10-27", "27/10/2026 00:00", "2026-10-27T00:00:00.000"]
)
def test_dates_are_brazilian_or_iso(cell):
    assert cells.read_date(cell, COMMA) == date(2026, 10, 27)


@pytest.mark.parametrize(
    "cell",
    [
        "31/11/2026",
        "29/02/2026",
        "27/10/26",
        "2026-13-01",
        "10/27/2026",
        "7/1/2026",
        "x",
        "27/10/2026 23:59",
    ],
)
def test_other_dates_are_refused(cell):
    with pytest.raises(cells.DateNotValid):
        cells.read_date(cell, COMMA)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("55987654321", "+5555987654321"),
        ("5555987654321", "+5555987654321"),
        ("(11) 3456-7890", "+551134567890"),
        ("011 98765-4321", "+5511987654321"),
    ],
)
def test_phones_are_stored_in_one_way(cell, phone):
    assert cells.read_phone(cell, COMMA) == phone


@pytest.mark.parametrize(
    ("reader", "cell", "refusal"),
    [
        (cells.read_flag, "talvez", cells.FlagNotValid),
        (cells.read_uf, "XX", cells.StateNotValid),
        (cells.read_postal_code, "123", cells.PostalCodeNotValid),
        (cells.read_email, "a b@c.d", cells.EmailNotValid),
        (choices.read_status, "sei lá", choices.StatusNotValid),
        (choices.read_stage, "em acordo", choices.StageNotValid),
        (cells.read_positive, "0,00", cells.AmountNotPositive),
        (cells.text(3), "abcd", cells.TextTooLong),
    ],
)
def test_what_is_not_one_of_the_words_is_refused(reader, cell, refusal):
    with pytest.raises(refusal):
        reader(cell, COMMA)
