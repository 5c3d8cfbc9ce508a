from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import round_places
from rules.price_indices import (
    Accumulation,
    IndexMonthMissing,
    Method,
    NegativePolicy,
    Outcome,
    ReadjustmentTerms,
    accumulate,
    continued,
    earliest_readjustment,
    holds_for,
    missing_months,
    rates_between,
    readjust,
)

pytestmark = pytest.mark.once

#: IGP-DI: month, its change in per cent, and the twelve months' as published.
IGP_DI = [
    ("2022-12", "0.31", None), ("2023-01", "0.06", None), ("2023-02", "0.04", None),
    ("2023-03", "-0.34", None), ("2023-04", "-1.01", None), ("2023-05", "-2.33", None),
    ("2023-06", "-1.45", None), ("2023-07", "-0.40", None), ("2023-08", "0.05", None),
    ("2023-09", "0.45", None), ("2023-10", "0.51", None), ("2023-11", "0.50", "-3.5927"),
    ("2023-12", "0.64", "-3.2755"), ("2024-01", "-0.27", "-3.5945"),
    ("2024-02", "-0.41", "-4.0281"), ("2024-03", "-0.30", "-3.9896"),
    ("2024-04", "0.72", "-2.3117"), ("2024-05", "0.87", "0.8889"),
    ("2024-06", "0.50", "2.8852"), ("2024-07", "0.83", "4.1558"),
    ("2024-08", "0.12", "4.2286"), ("2024-09", "1.03", "4.8304"), ("2024-10", "1.54", "5.9047"),
]  # fmt: skip
PUBLISHED = [(month, whole) for month, _, whole in IGP_DI if whole]
RATES = {date.fromisoformat(f"{month}-01"): Decimal(rate) for month, rate, _ in IGP_DI}
BY_RATES = ReadjustmentTerms(index="IGP-DI", method=Method.MONTHLY_RATES)
BY_INDICES = ReadjustmentTerms(index="IGP-DI")


def the_month_after(month):
    day = date.fromisoformat(f"{month}-01")
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def number_indices(rates, *, since):
    """The same series as number-indices, 100 in the month before the first rate."""
    index, series = Decimal(100), {since: Decimal(100)}
    for month in sorted(rates):
        index *= 1 + rates[month] / 100
        series[month] = index
    return series


@pytest.mark.parametrize(("month", "published"), PUBLISHED)
def test_monthly_rates_accumulate_to_what_was_published(month, published):
    accumulated = accumulate(RATES, month=the_month_after(month), terms=BY_RATES)

    assert round_places(accumulated.percent, places=4) == Decimal(published)
    assert accumulated.last == date.fromisoformat(f"{month}-01")


def test_twelve_months_are_twelve():
    rates = {date(2025, month, 1): Decimal(1) for month in range(1, 13)}

    accumulated = accumulate(rates, month=date(2026, 1, 1), terms=BY_RATES)

    assert accumulated.factor == Decimal("1.01") ** 12
    assert (accumulated.first, accumulated.last) == (date(2025, 1, 1), date(2025, 12, 1))


def test_number_indices_of_the_same_series_say_the_same_of_the_same_months():
    series = number_indices(RATES, since=date(2022, 11, 1))

    for month, _ in PUBLISHED:
        of = the_month_after(month)
        by_rates = accumulate(RATES, month=of, terms=BY_RATES)
        by_indices = accumulate(series, month=of, terms=BY_INDICES)

        assert round_places(by_indices.factor, places=20) == round_places(
            by_rates.factor, places=20
        )
        assert (by_indices.first, by_indices.last) == (by_rates.first, by_rates.last)


def test_the_factor_is_not_rounded_unless_the_contract_says_so():
    of = date(2024, 11, 1)
    two_places = ReadjustmentTerms("IGP-DI", Method.MONTHLY_RATES, percent_decimals=2)

    assert len(accumulate(RATES, month=of, terms=BY_RATES).factor.as_tuple().digits) > 20
    assert accumulate(RATES, month=of, terms=two_places).percent == Decimal("5.90")


def test_a_month_that_is_not_published_waits():
    december = date(2024, 12, 1)

    assert missing_months(RATES, month=date(2024, 11, 1), terms=BY_RATES) == []
    assert missing_months(RATES, month=december, terms=BY_RATES) == [date(2024, 11, 1)]
    with pytest.raises(IndexMonthMissing, match="IGP-DI de 11/2024 ainda não"):
        accumulate(RATES, month=december, terms=BY_RATES)


def test_number_indices_wait_for_their_two_months_only():
    series = {date(2023, 9, 1): Decimal(100), date(2024, 9, 1): Decimal(105)}

    assert accumulate(series, month=date(2024, 10, 15), terms=BY_INDICES).percent == Decimal(5)
    assert missing_months(series, month=date(2024, 11, 1), terms=BY_INDICES) == [
        date(2023, 10, 1),
        date(2024, 10, 1),
    ]


@pytest.mark.parametrize(
    ("factor", "negative", "outcome", "price"),
    [
        ("1.059047", NegativePolicy.ASK, Outcome.RAISED, "105.80"),
        ("1", NegativePolicy.REDUCE, Outcome.KEPT, "99.90"),
        ("0.959719", NegativePolicy.KEEP, Outcome.KEPT, "99.90"),
        ("0.959719", NegativePolicy.REDUCE, Outcome.REDUCED, "95.88"),
        ("0.959719", NegativePolicy.ASK, Outcome.ASKED, "99.90"),
        ("1.00005", NegativePolicy.ASK, Outcome.RAISED, "99.90"),  # less than half a cent
    ],
)
def test_what_an_index_does_to_a_price(factor, negative, outcome, price):
    accumulated = Accumulation(Decimal(factor), date(2023, 11, 1), date(2024, 10, 1))

    readjusted = readjust(Decimal("99.90"), accumulation=accumulated, negative=negative)

    assert (readjusted.outcome, readjusted.price) == (outcome, Decimal(price))


@pytest.mark.parametrize(
    ("since", "data_base", "earliest"),
    [
        (date(2026, 3, 15), None, date(2027, 3, 15)),
        (date(2028, 2, 29), None, date(2029, 3, 1)),  # not a day less than a year
        (date(2023, 1, 5), date(2023, 3, 1), date(2024, 3, 1)),
        (date(2023, 3, 1), date(2023, 3, 1), date(2024, 3, 1)),
        (date(2023, 3, 2), date(2023, 3, 1), date(2025, 3, 1)),
    ],
)
def test_a_price_never_changes_before_a_year_is_over(since, data_base, earliest):
    assert earliest_readjustment(since, data_base=data_base) == earliest


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2050, 12, 31)),
    st.none() | st.dates(min_value=date(2000, 1, 1), max_value=date(2050, 12, 31)),
)
def test_no_data_base_makes_the_year_shorter(since, data_base):
    earliest = earliest_readjustment(since, data_base=data_base)

    assert (earliest.year - 1, earliest.month, earliest.day) >= (since.year, since.month, since.day)
    assert (earliest - since).days <= 732


@pytest.mark.parametrize(
    ("issue_date", "told_on", "holds"),
    [
        (date(2026, 3, 30), date(2026, 3, 1), False),
        (date(2026, 3, 31), date(2026, 3, 1), True),
        (date(2026, 4, 1), date(2026, 3, 1), True),
        (date(2026, 4, 1), None, False),
    ],
)
def test_the_new_price_holds_thirty_days_after_the_customer_was_told(issue_date, told_on, holds):
    assert holds_for(issue_date, told_on=told_on, notice_days=30) is holds


def test_rates_are_told_by_neighbouring_months_alone() -> None:
    numbers = {
        date(2026, 1, 1): Decimal(200),
        date(2026, 2, 1): Decimal(201),
        date(2026, 4, 1): Decimal(210),
    }

    assert rates_between(numbers) == {date(2026, 2, 1): Decimal("0.5")}


def test_the_last_month_used_may_lie_further_back():
    month, before = date(2024, 10, 1), date(2024, 9, 1)

    for method in (BY_RATES, BY_INDICES):
        series = RATES if method is BY_RATES else number_indices(RATES, since=date(2022, 11, 1))
        lagged = accumulate(series, month=month, terms=replace(method, lag=2))
        assert lagged == accumulate(series, month=before, terms=method)


def test_two_years_accumulate_where_the_base_was_kept():
    rates = {date(2023, month, 1): Decimal("-1") for month in range(1, 13)}
    rates |= {date(2024, month, 1): Decimal("2") for month in range(1, 13)}

    both = accumulate(rates, month=date(2025, 1, 1), terms=replace(BY_RATES, months=24))

    assert both.factor == Decimal("0.99") ** 12 * Decimal("1.02") ** 12
    assert (both.first, both.last) == (date(2023, 1, 1), date(2024, 12, 1))


@pytest.mark.parametrize(
    ("own", "successor", "method", "known"),
    [
        ({10: 2}, {11: 1, 12: 3}, Method.MONTHLY_RATES, {10: 2, 11: 1, 12: 3}),
        ({10: 2}, {10: 9, 11: 1}, Method.MONTHLY_RATES, {10: 2, 11: 1}),
        ({10: 2}, {12: 3}, Method.MONTHLY_RATES, {10: 2}),  # November is known to neither
        ({}, {11: 1}, Method.MONTHLY_RATES, {11: 1}),
        ({10: 200}, {11: 1, 12: 10}, Method.NUMBER_INDICES, {10: 200, 11: 202, 12: "222.2"}),
        ({}, {11: 1}, Method.NUMBER_INDICES, {}),
    ],
)
def test_a_successor_goes_on_from_the_last_month_of_an_index(own, successor, method, known):
    def months(told):
        return {date(2025, month, 1): Decimal(value) for month, value in told.items()}

    assert continued(months(own), months(successor), method=method) == months(known)
