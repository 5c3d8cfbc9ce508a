import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.business_days import Calendar, CalendarKind
from rules.late_charges import ChargeKind, LateTerms, LegalRates, PrincipalPaid, late_charges
from rules.money import Rounding, from_cents

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text("utf-8"))
BANK = Calendar(kind=CalendarKind.BANK)
TUESDAY = date(2026, 3, 10)
CARNIVAL_SATURDAY = date(2026, 2, 14)


def charges(amount="300.00", *, due_date=TUESDAY, on, paid=(), terms=None):
    payments = [PrincipalPaid(day, Decimal(part)) for day, part in paid]
    return late_charges(
        Decimal(amount),
        due_date=due_date,
        on=on,
        terms=terms or LateTerms(),
        calendar=BANK,
        payments=payments,
    )


def explained(charged):
    return [
        (line.kind.value, str(line.principal), line.days, str(line.amount))
        for line in charged.lines
    ]


def late_days(charged):
    return sum(line.days for line in charged.lines)


@pytest.mark.parametrize(("principal", "days", "total", "rounding"), VECTORS["encargos"])
def test_late_charges_are_those_of_published_bills(principal, days, total, rounding):
    cut = rounding.startswith("truncate")
    terms = LateTerms(rounding=Rounding.TRUNCATE if cut else Rounding.HALF_UP)

    charged = charges(principal, on=TUESDAY + timedelta(days=days), terms=terms)

    assert Decimal(principal) + charged.total == Decimal(total)
    assert late_days(charged) == days


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 9), ("0.00", "0.00", 0)),
        (date(2026, 3, 10), ("0.00", "0.00", 0)),
        (date(2026, 3, 11), ("6.00", "0.10", 1)),
    ],
)
def test_charges_start_on_the_day_after_the_due_date(on, expected):
    charged = charges(on=on)

    assert (str(charged.fine), str(charged.interest), late_days(charged)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 2, 17), ("0.00", "0.00", 0)),  # Carnival Tuesday
        (date(2026, 2, 18), ("0.00", "0.00", 0)),  # the next business day
        (date(2026, 2, 19), ("6.00", "0.50", 5)),  # counted from the Saturday
    ],
)
def test_a_due_date_that_is_no_business_day_may_be_paid_on_the_next_one(on, expected):
    charged = charges(due_date=CARNIVAL_SATURDAY, on=on)

    assert (str(charged.fine), str(charged.interest), late_days(charged)) == expected


def test_interest_is_on_what_was_open_in_each_interval():
    charged = charges(
        "1000.00",
        on=date(2026, 4, 9),
        paid=[(date(2026, 3, 20), "400.00"), (date(2026, 3, 30), "100.00")],
    )

    assert explained(charged) == [
        ("fine", "1000.00", 0, "20.00"),
        ("interest", "1000.00", 10, "3.33"),
        ("interest", "600.00", 10, "2.00"),
        ("interest", "500.00", 10, "1.67"),
    ]
    assert charged.interest == Decimal("7.00")


def test_each_line_says_from_when_to_when():
    fine, first, second = charges(
        "1000.00", on=date(2026, 3, 25), paid=[(date(2026, 3, 20), "400.00")]
    ).lines

    assert (fine.kind, fine.percent) == (ChargeKind.FINE, Decimal(2))
    assert (first.since, first.through) == (TUESDAY, date(2026, 3, 20))
    assert (second.since, second.through) == (date(2026, 3, 20), date(2026, 3, 25))


def test_what_was_paid_in_time_costs_nothing():
    charged = charges(
        "1000.00",
        due_date=CARNIVAL_SATURDAY,
        on=date(2026, 2, 19),
        paid=[(date(2026, 2, 10), "300.00"), (date(2026, 2, 18), "200.00")],
    )

    assert explained(charged) == [("fine", "500.00", 0, "10.00"), ("interest", "500.00", 5, "0.83")]


def test_what_was_settled_late_stops_costing():
    settled = date(2026, 3, 15)

    at_once = charges("100.00", on=settled, paid=[(settled, "100.00")])
    a_year_later = charges("100.00", on=settled + timedelta(days=365), paid=[(settled, "150.00")])

    assert at_once == charges("100.00", on=settled)
    assert explained(a_year_later)[1:] == [("interest", "100.00", 5, "0.17")]


def test_two_payments_of_one_day_make_one_interval():
    day = date(2026, 3, 20)

    charged = charges(on=date(2026, 3, 30), paid=[(day, "100.00"), (day, "100.00")])

    assert [line.days for line in charged.lines] == [0, 10, 10]
    assert charged.lines[-1].principal == Decimal("100.00")


def test_a_payment_that_is_still_to_come_is_not_looked_at():
    on = date(2026, 3, 15)

    assert charges(on=on, paid=[(date(2026, 3, 16), "300.00")]) == charges(on=on)


def test_an_invoice_of_a_minimum_contract_may_cost_nothing_late():
    free = LateTerms(fine_percent=Decimal(0), interest_percent_month=Decimal(0))

    assert charges(on=date(2026, 4, 10), terms=free).total == Decimal(0)


@given(
    st.integers(min_value=1, max_value=10**9).map(from_cents),
    st.lists(st.integers(min_value=1, max_value=400), max_size=8),
    st.sampled_from(Rounding),
)
def test_intervals_that_open_nothing_new_make_no_cent_more(amount, days, rounding):
    on, terms = TUESDAY + timedelta(days=400), LateTerms(rounding=rounding)
    nothing = [(TUESDAY + timedelta(days=day), "0.00") for day in days]

    cut = charges(str(amount), on=on, paid=nothing, terms=terms)
    whole = charges(str(amount), on=on, terms=terms)

    assert (cut.total, late_days(cut)) == (whole.total, late_days(whole))
    assert sum(line.amount for line in cut.lines) == cut.total


LEGAL_FROM = date(2024, 8, 30)


def rates_of(**months):
    return {date(2026, int(name[1:]), 1): Decimal(rate) for name, rate in months.items()}


def interest_at(rates, *, on, due_date=TUESDAY, since=LEGAL_FROM, paid=()):
    terms = LateTerms(fine_percent=Decimal(0), legal=LegalRates(rates, since))
    return explained(charges(due_date=due_date, on=on, terms=terms, paid=paid))[1:]


TWO_MONTHS = [("interest", "300.00", 21, "1.26"), ("interest", "300.00", 30, "2.79")]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        # 300,00 x 0,62 % x 21/31 = 1,26; and then x 0,93 % x 30/30 = 2,79
        (date(2026, 3, 31), [("interest", "300.00", 21, "1.26")]),
        (date(2026, 4, 30), TWO_MONTHS),
        # Nobody informed May, and what is below zero the central bank publishes as nothing.
        (date(2026, 6, 30), TWO_MONTHS),
    ],
)
def test_without_an_agreed_rate_each_month_bears_the_legal_one(on, expected):
    assert interest_at(rates_of(m3="0.62", m4="0.93", m6="0"), on=on) == expected


@pytest.mark.parametrize(
    ("since", "days"),
    [(date(2026, 3, 10), 21), (date(2026, 3, 11), 21), (date(2026, 3, 12), 20)],
)
def test_the_legal_rate_is_charged_from_the_day_it_is_in_force(since, days):
    found = interest_at(rates_of(m3="0.62"), on=date(2026, 3, 31), since=since)

    assert [line[2] for line in found] == [days]


def test_a_payment_lowers_what_bears_the_legal_rate():
    found = interest_at(
        rates_of(m3="0.62"), on=date(2026, 3, 31), paid=[(date(2026, 3, 20), "100.00")]
    )

    assert [line[1:3] for line in found] == [("300.00", 10), ("200.00", 11)]


IPCA = {date(2026, 3, 1): Decimal("1.00"), date(2026, 4, 1): Decimal("2.00")}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 31), "0.00"),  # the month of the due date is not over
        (date(2026, 4, 1), "3.00"),
        (date(2026, 4, 30), "3.00"),
        (date(2026, 5, 1), "9.06"),  # 300 by 1.01 by 1.02
        (date(2026, 9, 1), "9.06"),  # months that nobody informed correct nothing
    ],
)
def test_the_principal_grows_by_the_index_in_whole_months(on, expected):
    charged = charges(on=on, terms=LateTerms(correction=IPCA))
    plain = charges(on=on)

    assert charged.correction == Decimal(expected)
    assert (charged.fine, charged.interest) == (plain.fine, plain.interest)
    assert charged.total == plain.total + Decimal(expected)


def test_what_was_paid_late_is_corrected_until_it_was_paid():
    terms = LateTerms(correction=IPCA)

    charged = charges(on=date(2026, 5, 1), paid=[(date(2026, 4, 2), "100.00")], terms=terms)

    assert [
        (str(line.principal), str(line.percent), str(line.amount), line.since, line.through)
        for line in charged.lines
        if line.kind is ChargeKind.CORRECTION
    ] == [
        ("100.00", "1.00", "1.00", TUESDAY, date(2026, 4, 2)),
        ("200.00", "3.02", "6.04", TUESDAY, date(2026, 5, 1)),
    ]


@pytest.mark.parametrize("fall", ["-1.00", "0.00"])
def test_an_index_that_fell_takes_nothing_off(fall):
    terms = LateTerms(correction={date(2026, 3, 1): Decimal(fall)})

    assert charges(on=date(2026, 4, 1), terms=terms).total == charges(on=date(2026, 4, 1)).total


def test_what_is_paid_in_time_is_not_corrected():
    terms = LateTerms(correction={date(2026, 1, 1): Decimal(5), date(2026, 2, 1): Decimal(5)})
    monday_after = date(2026, 2, 18)  # Carnival: the first business day after the Saturday

    assert charges(due_date=CARNIVAL_SATURDAY, on=monday_after, terms=terms).total == 0
