"""Allowances of minutes, messages and data beside the use that the file measures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.audit_rules import Rule
from rules.carrier_bills import BilledCharge
from rules.carrier_records import ChargeKind
from rules.carrier_samples import Sample, call_price, make_sample, price
from rules.carrier_terms import Crossing, Sharing, Tariff, TariffKind, TariffUnit, Terms
from tests.support.carriers import audited

pytestmark = pytest.mark.once

FEE, ALLOWANCE = TariffKind.FEE, TariffKind.ALLOWANCE
MB, SMS, MINUTE = TariffUnit.MEGABYTE, TariffUnit.MESSAGE, TariffUnit.MINUTE


def a_bill(*, lines: int = 1) -> Sample:
    """An empty bill of so many lines."""
    sample = make_sample(lines=lines, calls=2)
    sample.bill.charges = []
    return sample


def a_plan(sample: Sample, number: str, **told) -> None:
    """The line's plan of data, and what the carrier says was used of it."""
    period = sample.bill.period
    sample.bill.charges.append(
        BilledCharge(
            ChargeKind.PLAN, number, "302", "PLD", "Plano de dados", 8990, period.start,
            until=period.end, plan="PDAD", **told,
        )
    )  # fmt: skip


def a_use(sample: Sample, number: str, quantity: int, amount: int, **told) -> None:
    """Use on a line, later than what was used before; in cents."""
    day = sample.bill.period.start + timedelta(days=len(sample.bill.charges))
    named = {"category": "205", "initials": "STD", "description": "Trafego de dados"}
    sample.bill.charges.append(
        BilledCharge(
            ChargeKind.SERVICE, number, amount=amount, day=day, quantity=quantity,
            **{**named, "unit": "MB", **told},
        )
    )  # fmt: skip


def terms(*tariffs: Tariff, data_price: str = "") -> Terms:
    plan = Tariff(FEE, "PDAD", Decimal("89.90"))
    priced = [Tariff(FEE, "STD", Decimal(data_price))] if data_price else []
    return Terms(tariffs=(plan, *priced, *tariffs))


def data_of(quantity: int, **told) -> Tariff:
    return Tariff(ALLOWANCE, "PDAD", quantity=quantity, unit=MB, base_code="STD", **told)


def found(sample: Sample, known: Terms) -> list[tuple[Rule, str, int]]:
    return [(each.rule, each.number, each.difference) for each in audited(sample, terms=known)]


def test_data_within_the_allowance_is_free_and_what_goes_beyond_costs_its_price():
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number)
    a_use(sample, number, 1500, 1500)
    a_use(sample, number, 1500, 1500)  # 952 of these megabytes are beyond

    told = found(sample, terms(data_of(2048), data_price="0.01"))

    assert told == [(Rule.ALLOWANCE_NOT_APPLIED, number, 1500 + 548)]


def test_what_is_rightly_charged_beyond_the_allowance_is_no_finding():
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number)
    a_use(sample, number, 1500, 0)
    a_use(sample, number, 1500, 952)

    assert found(sample, terms(data_of(2048), data_price="0.01")) == []


def test_the_part_that_is_beyond_stands_where_nobody_agreed_on_its_price():
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number)
    a_use(sample, number, 2, 1500, unit="GB")
    a_use(sample, number, 512, 800)

    told = found(sample, terms(data_of(2300)))

    assert told == [(Rule.ALLOWANCE_NOT_APPLIED, number, 1500)]


def test_messages_are_counted_one_by_one():
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number)
    texts = {"category": "203", "initials": "SMS", "description": "Mensagem", "unit": ""}
    a_use(sample, number, 6, 90, **texts)
    a_use(sample, number, 6, 90, **texts)
    allowance = Tariff(ALLOWANCE, "PDAD", quantity=10, unit=SMS, base_code="SMS")

    told = found(sample, terms(Tariff(FEE, "SMS", Decimal("0.15")), allowance))

    assert told == [(Rule.ALLOWANCE_NOT_APPLIED, number, 90 + 60)]


@pytest.mark.parametrize(
    ("sharing", "too_much"),
    [
        (Sharing.LINE, [50]),  # 150 of the first line's 200 megabytes go beyond its 50
        (Sharing.SUMMED, [100]),  # the two lines have 100 together
        (Sharing.ACCOUNT, [50]),  # and 50 if it is one for both
    ],
)
def test_a_pool_is_shared_by_the_lines_of_its_plan(sharing: Sharing, too_much: list[int]):
    sample = a_bill(lines=2)
    first, second = sample.bill.lines
    for number in (first, second):
        a_plan(sample, number)
    a_use(sample, first, 200, 200)

    told = found(sample, terms(data_of(50, sharing=sharing), data_price="0.01"))

    assert told == [(Rule.ALLOWANCE_NOT_APPLIED, first, each) for each in too_much]


def test_a_plan_of_the_account_shares_its_allowance_among_all_lines():
    sample = a_bill(lines=2)
    first, second = sample.bill.lines
    a_plan(sample, "")
    a_use(sample, first, 60, 60)
    a_use(sample, second, 60, 60)

    known = terms(data_of(100, sharing=Sharing.ACCOUNT), data_price="0.01")
    told = found(sample, known)

    assert sorted(told) == [
        (Rule.ALLOWANCE_NOT_APPLIED, first, 60),
        (Rule.ALLOWANCE_NOT_APPLIED, second, 40),
    ]


@pytest.mark.parametrize(
    ("agreed", "due"),
    [(2000, 0), (1500, 0), (1200, 1500), (1000, 2500), (900, 2500)],
)
def test_a_sum_for_the_excess_is_judged_by_the_use_that_the_plan_measured(agreed: int, due: int):
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number, quantity=1500, unit="MB", granted=1000)
    a_use(sample, number, 1, 2500, unit="")

    told = found(sample, terms(data_of(agreed), Tariff(FEE, "STD", Decimal("25.00"))))

    expected = [(Rule.ALLOWANCE_NOT_APPLIED, number, 2500 - due)] if due < 2500 else []
    assert told == expected


def test_use_that_the_carrier_measured_and_did_not_list_came_first():
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number, quantity=30, unit="MI")
    for hour in range(3):  # fifteen of the thirty minutes are listed, and charged
        call = BilledCharge(
            ChargeKind.CALL, number, "115", "LOC", "Local", 0, sample.bill.period.start,
            time=hour * 10_000, called="1133334444", quantity=300,
        )  # fmt: skip
        price(call, call_price("LOC", 300))
        sample.bill.charges.append(call)
    allowance = Tariff(ALLOWANCE, "PDAD", quantity=20, unit=MINUTE, base_code="LOC")
    rate = Tariff(TariffKind.RATE, "LOC", Decimal("0.12"), unit=MINUTE)

    told = found(sample, terms(allowance, rate))

    assert told == [(Rule.ALLOWANCE_NOT_APPLIED, number, call_price("LOC", 300))]


@pytest.mark.parametrize(
    ("crossing", "charged", "too_much"),
    [
        (Crossing.WHOLE, 60, 0),  # five minutes, though three of them are within
        (Crossing.WHOLE, 24, -36),
        (Crossing.REST, 24, 0),
        (Crossing.REST, 60, 36),
    ],
)
def test_a_call_that_goes_beyond_its_allowance_costs_what_the_agreement_says(
    crossing: Crossing, charged: int, too_much: int
):
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number)
    for hour, amount in ((1, 0), (2, charged)):
        call = BilledCharge(
            ChargeKind.CALL, number, "115", "LOC", "Local", 0, sample.bill.period.start,
            time=hour * 10_000, called="1133334444", quantity=300,
        )  # fmt: skip
        price(call, amount)
        sample.bill.charges.append(call)
    allowance = Tariff(
        ALLOWANCE, "PDAD", quantity=8, unit=MINUTE, base_code="LOC", crossing=crossing
    )
    rate = Tariff(TariffKind.RATE, "LOC", Decimal("0.12"), unit=MINUTE)

    told = found(sample, terms(allowance, rate))

    assert [difference for _, _, difference in told] == [too_much] * bool(too_much)


def test_an_allowance_covers_use_from_the_day_on_which_it_holds():
    sample = a_bill()
    [number] = sample.bill.lines
    a_plan(sample, number)
    a_use(sample, number, 10, 10)

    later = data_of(100, valid_from=sample.bill.period.end)

    assert found(sample, terms(later, data_price="0.01")) == []


def test_the_evidence_says_what_was_agreed_and_what_was_used():
    sample = a_bill(lines=2)
    for number in sample.bill.lines:
        a_plan(sample, number, quantity=40, unit="MB", granted=10)
    a_use(sample, sample.bill.lines[0], 40, 40)

    [finding] = audited(sample, terms=terms(data_of(50, sharing=Sharing.SUMMED), data_price="0.01"))

    [row] = finding.evidence
    assert (row.charged, row.expected) == (40, 0)
    assert row.told == {
        "agreed_allowance": "100 MB", "given_allowance": "20 MB", "use_so_far": "80 MB",
        "plan_line": "4", "sharing_lines": "2",
    }  # fmt: skip


def test_a_fee_of_one_line_stands_before_the_plan_s_on_its_days():
    sample = a_bill(lines=2)
    first, second = sample.bill.lines
    for number in (first, second):
        a_plan(sample, number)
    own = Tariff(FEE, "PDAD", Decimal("79.90"), number=first)
    ended = Tariff(FEE, "PDAD", Decimal("1.00"), number=second, valid_until=date(2026, 1, 1))

    told = found(sample, Terms(tariffs=(own, ended, Tariff(FEE, "PDAD", Decimal("89.90")))))

    assert told == [(Rule.FEE_DIFFERS, first, 1000)]


def test_data_may_be_priced_by_the_megabyte_whatever_unit_the_file_counts_in():
    sample = a_bill()
    [number] = sample.bill.lines
    a_use(sample, number, 2048, 20, unit="KB")
    a_use(sample, number, 1, 10240, unit="GB")

    known = Terms(tariffs=(Tariff(FEE, "STD", Decimal("0.10"), unit=MB),))

    assert found(sample, known) == []
