from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import (
    NegativeAmount,
    NotAnAmount,
    TooPrecise,
    from_cents,
    parse_exact,
    parse_not_negative,
    percent_of,
    prorate,
    round_half_up,
    split,
    to_cents,
)

pytestmark = pytest.mark.once

amounts = st.integers(min_value=-(10**12), max_value=10**12).map(from_cents)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.00", 0), ("0.01", 1), ("249.90", 24990), ("-1.5", -150), ("1E+2", 10000)],
)
def test_reais_are_stored_as_whole_cents(amount, cents):
    assert to_cents(Decimal(amount)) == cents
    assert from_cents(cents) == Decimal(amount)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_cents_come_back_from_reais(cents):
    assert to_cents(from_cents(cents)) == cents
    assert from_cents(cents).as_tuple().exponent == -2


@pytest.mark.parametrize("amount", ["0.005", "10.001", "-0.999"])
def test_a_fraction_of_a_cent_is_refused_not_rounded(amount):
    with pytest.raises(TooPrecise, match="no máximo duas"):
        to_cents(Decimal(amount))


def test_an_exact_amount_is_given_two_decimals():
    assert str(parse_exact(Decimal("10.500"))) == "10.50"
    assert str(parse_exact(Decimal(-3))) == "-3.00"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotAnAmount):
        parse_exact(Decimal(text))


def test_a_negative_amount_is_refused_where_asked_and_names_its_field():
    assert parse_not_negative(Decimal(0), field="charges") == 0
    with pytest.raises(NegativeAmount) as refused:
        parse_not_negative(Decimal("-0.01"), field="charges")
    assert refused.value.field == "charges"
    assert refused.value.params == {"amount": "-0,01"}


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.004", "0.00"),
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
    ],
)
def test_a_half_cent_is_rounded_away_from_zero(amount, rounded):
    assert round_half_up(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("amount", "percent", "expected"),
    [
        ("1000.00", "5", "50.00"),
        ("0.25", "2", "0.01"),
        ("0.24", "2", "0.00"),
        ("99.90", "33.33", "33.30"),
    ],
)
def test_a_percentage_is_rounded_half_up(amount, percent, expected):
    assert percent_of(Decimal(amount), percent=Decimal(percent)) == Decimal(expected)


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [
        ("1040.00", 3, ["346.67", "346.67", "346.66"]),
        ("0.02", 3, ["0.01", "0.01", "0.00"]),
        ("-1.00", 3, ["-0.34", "-0.33", "-0.33"]),
        ("0.00", 2, ["0.00", "0.00"]),
        ("7.77", 1, ["7.77"]),
    ],
)
def test_the_first_parts_take_the_cents_that_do_not_divide(amount, parts, expected):
    assert split(Decimal(amount), parts=parts) == [Decimal(part) for part in expected]


@given(amounts, st.integers(min_value=1, max_value=360))
def test_a_split_loses_and_makes_no_cent(amount, parts):
    shares = split(amount, parts=parts)

    assert sum(shares) == amount
    assert max(shares) - min(shares) <= Decimal("0.01")
    assert shares == sorted(shares, key=abs, reverse=True)


def test_an_amount_is_not_split_into_nothing():
    with pytest.raises(ValueError, match="0 parts"):
        split(Decimal(1), parts=0)


@pytest.mark.parametrize(
    ("used", "period", "expected"),
    [(0, 30, "0.00"), (1, 30, "3.33"), (15, 30, "49.95"), (29, 30, "96.57"), (30, 30, "99.90")],
)
def test_a_period_is_charged_by_its_real_days(used, period, expected):
    charged = prorate(Decimal("99.90"), used_days=used, period_days=period)

    assert charged == Decimal(expected)


@pytest.mark.parametrize(("used", "period"), [(-1, 30), (31, 30), (0, 0)])
def test_days_outside_the_period_are_not_charged(used, period):
    with pytest.raises(ValueError, match="days"):
        prorate(Decimal(10), used_days=used, period_days=period)
