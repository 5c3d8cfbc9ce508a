import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.boleto import (
    Boleto,
    BoletoAmountTooLarge,
    BoletoDigitWrong,
    BoletoDueDateNotPossible,
    BoletoFactorNotReadable,
    BoletoNotReadable,
    barcode,
    due_date_of,
    due_factor,
    read_barcode,
    read_typed_line,
    typed_line,
    written_line,
)
from rules.money import NegativeAmount, TooPrecise, from_cents

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
PAIRS = VECTORS["boleto_44_47"]["pairs"]
FACTORS = VECTORS["fator_vencimento"]["cases"]
TODAY = date(2026, 11, 16)
IN_THE_FIRST_CYCLE = date(2006, 1, 1)  # factors 1000 to 8500
FREE_FIELD = "0000001238798777770016818"


def a_boleto(**changed):
    told = {"bank": "001", "due_date": date(2026, 12, 10), "amount": Decimal("149.90")}
    return Boleto(**{**told, "free_field": FREE_FIELD, **changed})


@pytest.mark.parametrize(("code", "line"), PAIRS)
def test_a_published_barcode_and_its_typed_line_are_one_boleto(code, line):
    assert typed_line(code) == line
    assert read_typed_line(line) == code


@pytest.mark.parametrize("code", [code for code, _ in PAIRS])
def test_a_published_barcode_is_made_again_from_what_it_says(code):
    read = read_barcode(code, today=IN_THE_FIRST_CYCLE)

    assert barcode(read) == code


def test_a_typed_line_is_printed_in_five_fields_and_read_back():
    code = PAIRS[2][0]

    assert (
        written_line(typed_line(code)) == "00190.00009 01238.798977 77700.168188 3 37690000013500"
    )
    assert read_typed_line(written_line(typed_line(code))) == code


@pytest.mark.parametrize(("day", "factor"), FACTORS)
def test_the_factor_of_a_due_date_goes_on_at_1000_after_9999(day, factor):
    assert due_factor(date.fromisoformat(day)) == factor


@pytest.mark.parametrize(("day", "factor"), FACTORS)
def test_a_factor_is_read_as_the_date_near_today(day, factor):
    due_date = date.fromisoformat(day)

    assert due_date_of(factor, today=due_date) == due_date
    assert due_date_of(factor, today=due_date + timedelta(days=3000)) == due_date
    assert due_date_of(factor, today=due_date - timedelta(days=5500)) == due_date


def test_beyond_the_safety_range_a_factor_is_no_date():
    with pytest.raises(BoletoFactorNotReadable):
        due_date_of("9999", today=date(2025, 2, 21) + timedelta(days=3001))
    with pytest.raises(BoletoFactorNotReadable):
        due_date_of("9999", today=date(2025, 2, 21) - timedelta(days=5501))
    with pytest.raises(BoletoFactorNotReadable):
        due_date_of("0999", today=date(2000, 7, 2))


def test_a_boleto_of_2024_read_in_2026_is_not_of_2049():
    assert due_date_of("9800", today=TODAY) == date(2024, 8, 6)


def test_a_boleto_may_have_no_due_date():
    code = barcode(a_boleto(due_date=None))

    assert code[5:9] == "0000"
    assert read_barcode(code, today=TODAY).due_date is None


@given(
    st.dates(min_value=TODAY - timedelta(days=3000), max_value=TODAY + timedelta(days=5500)),
    st.integers(min_value=0, max_value=10**10 - 1).map(from_cents),
    st.from_regex(r"[0-9]{25}", fullmatch=True),
)
def test_a_boleto_comes_back_from_its_typed_line(due_date, amount, free_field):
    made = a_boleto(due_date=due_date, amount=amount, free_field=free_field)

    assert read_barcode(read_typed_line(typed_line(barcode(made))), today=TODAY) == made


def test_the_largest_amount_fits_and_a_cent_more_does_not():
    assert barcode(a_boleto(amount=Decimal("99999999.99")))[9:19] == "9999999999"
    with pytest.raises(BoletoAmountTooLarge, match=r"R\$ 100\.000\.000,00"):
        barcode(a_boleto(amount=Decimal(100_000_000)))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"amount": Decimal("-0.01")}, NegativeAmount),
        ({"amount": Decimal("0.001")}, TooPrecise),
        ({"due_date": date(2000, 7, 2)}, BoletoDueDateNotPossible),
        ({"bank": "1"}, ValueError),
        ({"free_field": "1"}, ValueError),
    ],
)
def test_what_no_boleto_can_say_is_refused(changed, refusal):
    with pytest.raises(refusal):
        barcode(a_boleto(**changed))


@pytest.mark.parametrize(("position", "part"), [(0, 1), (12, 2), (25, 3), (40, 4)])
def test_a_digit_mistyped_is_told_by_its_field(position, part):
    line = list(PAIRS[2][1])
    line[position] = str((int(line[position]) + 1) % 10)

    with pytest.raises(BoletoDigitWrong) as refused:
        read_typed_line("".join(line))

    assert refused.value.params == {"part": part}


@pytest.mark.parametrize("text", ["", "0019", PAIRS[2][1][:-1], PAIRS[2][1][:-1] + "x"])
def test_what_is_no_typed_line_is_refused(text):
    with pytest.raises(BoletoNotReadable):
        read_typed_line(text)


def test_a_barcode_in_another_currency_is_refused():
    with pytest.raises(BoletoNotReadable):
        read_barcode("0018" + PAIRS[2][0][4:], today=TODAY)
