"""The audit finds each planted error by its own rule, and nothing in a clean bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from rules.audit_rules import Rule
from rules.audit_subject import Period, period_of
from rules.carrier_errors import plant
from rules.carrier_records import ChargeKind
from rules.carrier_samples import PLANS, TERMS, call_price, make_sample, price, service
from rules.carrier_terms import RuleSetting, Tariff, TariffKind, TariffUnit, Terms
from tests.support.carriers import audited

pytestmark = pytest.mark.once

seeds = some.integers(0, 10**6)
quick = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def found(sample, **known):
    return [(each.rule, each.number, each.difference) for each in audited(sample, **known)]


def has_covered_call(sample) -> bool:
    return any(not each.amount for each in sample.bill.of_kind(ChargeKind.CALL))


@given(seeds)
@quick
def test_a_clean_bill_gives_no_finding(seed):
    assert found(make_sample(seed, lines=4, calls=20)) == []


@pytest.mark.parametrize("key", ["febraban_v2", "tim_csv"])
def test_a_clean_bill_of_another_layout_gives_none_either(key):
    sample = make_sample(3)
    terms = replace(TERMS, tariffs=tuple(e for e in TERMS.tariffs if e.kind != "discount"))

    assert found(sample, key=key, terms=terms if key == "tim_csv" else TERMS) == []


@pytest.mark.parametrize("rule", Rule)
@given(seeds)
@quick
def test_a_planted_error_is_found_by_exactly_its_rule(rule, seed):
    sample = make_sample(seed, lines=4, calls=20)
    assume(has_covered_call(sample))

    planted = plant(sample, rule, seed=seed)

    assert found(sample) == [(planted.rule, planted.number, planted.difference)]


@given(seeds, some.sets(some.sampled_from(list(Rule)), min_size=2, max_size=5))
@quick
def test_errors_on_different_lines_do_not_hide_each_other(seed, rules):
    sample = make_sample(seed, lines=8, calls=20)
    assume(has_covered_call(sample))
    planted = [plant(sample, rule, seed=seed + place) for place, rule in enumerate(sorted(rules))]
    lines = [each.number for each in planted if each.number]
    assume(len(set(lines)) == len(lines))
    assume(not {Rule.DISCOUNT_MISSING} & rules or Rule.LINE_UNKNOWN not in rules)

    told = found(sample)

    assert sorted(told) == sorted((e.rule, e.number, e.difference) for e in planted)


def test_a_rule_that_is_off_says_nothing_and_leaves_the_charge_to_the_others():
    sample = make_sample()
    plant(sample, Rule.DURATION_WRONG)
    off = replace(TERMS, settings={Rule.DURATION_WRONG: RuleSetting(is_on=False)})

    assert [rule for rule, _, _ in found(sample, terms=off)] == [Rule.RATE_DIFFERS]


@pytest.mark.parametrize(("tolerance", "findings"), [("4.99", 1), ("5.00", 0), ("5.01", 0)])
def test_a_difference_within_the_tolerance_is_no_finding(tolerance, findings):
    sample = make_sample()
    plant(sample, Rule.FEE_DIFFERS)  # five reais
    setting = RuleSetting(tolerance=Decimal(tolerance))

    terms = replace(TERMS, settings={Rule.FEE_DIFFERS: setting})
    told = [rule for rule, _, _ in found(sample, terms=terms) if rule is Rule.FEE_DIFFERS]

    assert len(told) == findings


def test_what_is_too_low_stands_apart_and_is_not_netted():
    sample = make_sample()
    calls = [each for each in sample.bill.of_kind(ChargeKind.CALL) if each.initials == "VC3"]
    first, second = [each for each in calls if each.number == calls[0].number][:2]
    price(first, first.amount + 19)
    price(second, second.amount - 3)

    told = found(sample)

    assert sorted(told) == [
        (Rule.RATE_DIFFERS, first.number, -3),
        (Rule.RATE_DIFFERS, first.number, 19),
    ]


def test_the_calls_of_a_line_at_one_wrong_rate_are_one_finding_with_its_evidence():
    sample = make_sample(calls=300)
    number = sample.bill.lines[0]
    calls = [c for c in sample.bill.of_line(number, ChargeKind.CALL) if c.initials == "VC2"]
    for each in calls:
        price(each, each.amount + 23)

    [finding] = audited(sample)

    assert (finding.count, finding.difference) == (len(calls), 23 * len(calls))
    assert finding.label.codes == ("148", "VC2")
    assert len(finding.evidence) == min(len(calls), 100)
    assert all(row.charged - row.expected == 23 for row in finding.evidence)
    assert [row.line for row in finding.evidence] == sorted(row.line for row in finding.evidence)


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2026, 11, 21), Rule.OUTSIDE_PERIOD),
        (date(2026, 11, 20), None),  # the last day of the period
        (date(2026, 10, 21), None),  # the first
        (date(2026, 10, 20), Rule.OUTSIDE_PERIOD),
        (date(2026, 9, 23), Rule.OUTSIDE_PERIOD),  # sixty days before the issue
        (date(2026, 9, 22), Rule.TOO_OLD),
    ],
)
def test_the_days_on_which_a_call_may_be_charged(day, rule):
    sample = make_sample()
    call = next(c for c in sample.bill.of_kind(ChargeKind.CALL) if c.initials == "VC1" and c.amount)
    call.day = day

    assert [each for each, _, _ in found(sample)] == ([rule] if rule else [])


def test_late_calls_may_come_along_as_far_as_agreed():
    sample = make_sample()
    call = next(c for c in sample.bill.of_kind(ChargeKind.CALL) if c.initials == "VC1" and c.amount)
    call.day = date(2026, 10, 11)

    assert found(sample, terms=replace(TERMS, late_call_days=10)) == []
    assert len(found(sample, terms=replace(TERMS, late_call_days=9))) == 1


def test_prices_change_on_the_day_on_which_a_tariff_begins():
    sample = make_sample()
    new = date(2026, 11, 5)
    tariffs = []
    for each in TERMS.tariffs:
        if (each.kind, each.code) != (TariffKind.RATE, "VC1"):
            tariffs.append(each)
            continue
        tariffs.append(replace(each, valid_until=new))
        tariffs.append(replace(each, valid_from=new, price=each.price * 3))
    later = [
        c for c in sample.bill.of_kind(ChargeKind.CALL) if c.initials == "VC1" and c.day >= new
    ]
    for call in later:
        billed = max(30, call.quantity)
        price(call, int(Decimal("0.885") * 100 * billed / 60))

    assert found(sample, terms=replace(TERMS, tariffs=tuple(tariffs))) == []
    assert {rule for rule, _, _ in found(sample)} == {Rule.RATE_DIFFERS}


def test_pieces_are_charged_one_by_one_and_a_plan_of_some_days_by_its_share():
    sample = make_sample()
    number = sample.bill.lines[0]
    texts = service(number, sample.bill.period.start, ("SMS", "203", "Mensagem SMS"), "0.45")
    texts.quantity, texts.time = 3, 90_000
    sample.bill.charges.append(texts)
    plan = next(iter(sample.bill.of_line(number, ChargeKind.PLAN)))
    discounts = sample.bill.of_line(number, ChargeKind.DISCOUNT)
    plan.until = date(2026, 10, 31)  # eleven days of thirty-one
    fee = Decimal(PLANS[plan.plan][1])
    plan.amount = int(fee * 100 * 11 / 31)  # 17.70 of 17.706: the fraction of a cent is cut
    for each in discounts:
        sample.bill.charges.remove(each)

    told = [each for each in found(sample) if each[0] is not Rule.DISCOUNT_MISSING]

    assert told == []


def test_a_call_may_be_priced_as_such():
    sample = make_sample(lines=1, calls=4)
    sample.bill.charges = sample.bill.of_kind(ChargeKind.CALL)
    for each in sample.bill.charges:
        price(each, 50)
    rates = tuple(
        Tariff(TariffKind.RATE, code, Decimal("0.50"), unit=TariffUnit.CALL)
        for code in ("LOC", "VC1", "VC2", "VC3", "LDN")
    )

    assert found(sample, terms=Terms(tariffs=rates)) == []


@pytest.mark.parametrize(("amount", "difference"), [(50, None), (62, 12)])
def test_a_call_without_a_duration_costs_what_a_call_costs(amount, difference):
    sample = make_sample(lines=1, calls=4)
    [first, *_] = sample.bill.charges = sample.bill.of_kind(ChargeKind.CALL)
    for each in sample.bill.charges:
        price(each, 50)
    first.quantity = 0
    price(first, amount)
    rates = tuple(
        Tariff(TariffKind.RATE, code, Decimal("0.50"), unit=TariffUnit.CALL)
        for code in ("LOC", "VC1", "VC2", "VC3", "LDN")
    )

    told = found(sample, terms=Terms(tariffs=rates))

    assert told == ([(Rule.RATE_DIFFERS, first.number, difference)] if difference else [])


def test_the_fraction_of_a_cent_is_cut():
    assert call_price("VC1", 6) == 14  # 0.295 for half a minute: 14.75 cents


def test_usage_after_the_day_on_which_the_carrier_itself_ended_a_line_is_not_due():
    sample = make_sample(5)
    number = sample.bill.lines[0]
    last = sample.bill.period.start + timedelta(days=10)
    sample.bill.ended[number] = last
    late = [
        each.amount
        for each in sample.bill.of_line(number, ChargeKind.CALL, ChargeKind.SERVICE)
        if each.day > last
    ]

    [found] = [each for each in audited(sample) if each.rule is Rule.LINE_INACTIVE]

    assert (found.number, found.difference) == (number, sum(late))


def test_without_an_inventory_no_line_is_unknown():
    assert found(make_sample(), inventory={}) == []


@pytest.mark.parametrize(
    ("issue", "closing", "start", "end"),
    [
        (date(2026, 11, 22), 20, date(2026, 10, 21), date(2026, 11, 20)),
        (date(2026, 11, 20), 20, date(2026, 10, 21), date(2026, 11, 20)),
        (date(2026, 11, 19), 20, date(2026, 9, 21), date(2026, 10, 20)),
        (date(2026, 3, 5), 31, date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 3), 31, date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_the_period_ends_on_the_last_closing_day_before_the_issue(issue, closing, start, end):
    assert period_of(issue, closing_day=closing) == Period(start, end)


@pytest.mark.parametrize(
    ("told", "is_due"),
    [
        ({}, True),
        ({"valid_until": date(2026, 10, 1)}, False),
        ({"valid_from": date(2027, 1, 1)}, False),
    ],
)
def test_a_discount_is_due_on_the_days_on_which_it_holds(told, is_due):
    sample = make_sample()
    sample.bill.charges = [
        each for each in sample.bill.charges if each.kind is not ChargeKind.DISCOUNT
    ]
    tariffs = tuple(
        replace(each, **told) if each.kind is TariffKind.DISCOUNT else each
        for each in TERMS.tariffs
    )

    rules = {rule for rule, _, _ in found(sample, terms=replace(TERMS, tariffs=tariffs))}

    assert rules == ({Rule.DISCOUNT_MISSING} if is_due else set())


@pytest.mark.parametrize(("until", "due"), [(date(2026, 11, 22), 0), (date(2026, 11, 23), 500)])
def test_a_discount_of_a_sum_is_due_where_it_holds_at_the_issue(until, due):
    sample = make_sample()
    flat = Tariff(TariffKind.DISCOUNT, "FID", Decimal("5.00"), valid_until=until)

    told = found(sample, terms=replace(TERMS, tariffs=(*TERMS.tariffs, flat)))

    assert sum(difference for _, _, difference in told) == due


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Rule.RATE_DIFFERS, "por minuto, no mínimo 30 s e de 6 em 6 s"),
        (Rule.DURATION_WRONG, "por minuto, no mínimo 30 s e de 6 em 6 s"),
        (Rule.FEE_DIFFERS, "R$ "),
        (Rule.TAX_DIFFERS, "25 %"),
    ],
)
def test_the_evidence_says_what_the_agreement_says(rule: Rule, told: str):
    sample = make_sample()
    plant(sample, rule)

    [finding] = audited(sample)

    assert told in finding.evidence[0].told["agreed_price"]
