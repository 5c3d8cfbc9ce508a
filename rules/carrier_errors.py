"""Errors planted into clean bills, one of each rule: what an audit must find, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from rules.audit_rules import Rule
from rules.carrier_bills import BilledCharge
from rules.carrier_records import ChargeKind
from rules.carrier_samples import (
    DEVICE,
    INSTALMENT_PRICE,
    INSTALMENTS,
    Sample,
    call_price,
    price,
    service,
)


@dataclass(frozen=True)
class Planted:
    """What an audit must find: by which rule, on which line, how many cents too much."""

    rule: Rule
    number: str
    difference: int


def plant(sample: Sample, rule: Rule, *, seed: int = 1) -> Planted:
    """This will put an error of a rule into a clean bill, and say what must be found."""
    rng = Random(seed)  # noqa: S311 - the same seed must plant the same error
    return _PLANTERS[rule](sample, rng)


def _line_unknown(sample: Sample, rng: Random) -> Planted:
    number = rng.choice(sample.bill.lines)
    del sample.inventory[number]
    charged = sum(each.amount for each in sample.bill.of_line(number))
    return Planted(Rule.LINE_UNKNOWN, number, charged)


def _line_inactive(sample: Sample, rng: Random) -> Planted:
    number = rng.choice(sample.bill.lines)
    end = sample.bill.period.start + timedelta(days=15)
    sample.inventory[number] = replace(sample.inventory[number], active_until=end)
    late = [each for each in sample.bill.of_line(number) if each.day >= end]
    return Planted(Rule.LINE_INACTIVE, number, sum(each.amount for each in late))


def _duplicate(sample: Sample, rng: Random) -> Planted:
    again = copy(_paid_call(sample, rng))
    sample.bill.charges.append(again)
    return Planted(Rule.DUPLICATE, again.number, again.amount)


def _too_old(sample: Sample, rng: Random) -> Planted:
    return _dated(sample, rng, Rule.TOO_OLD, days_before_issue=100)


def _outside_period(sample: Sample, rng: Random) -> Planted:
    return _dated(sample, rng, Rule.OUTSIDE_PERIOD, days_before_issue=0)


def _dated(sample: Sample, rng: Random, rule: Rule, *, days_before_issue: int) -> Planted:
    call = copy(_paid_call(sample, rng))
    call.day = sample.bill.issue_date - timedelta(days=days_before_issue)
    sample.bill.charges.append(call)
    return Planted(rule, call.number, call.amount)


def _instalment_beyond(sample: Sample, rng: Random) -> Planted:
    number = rng.choice(sample.bill.lines)
    told = f"{DEVICE} {INSTALMENTS + 1}/{INSTALMENTS}"
    charge = service(number, sample.bill.period.end, ("PAR", "299", told), INSTALMENT_PRICE)
    sample.bill.charges.append(charge)
    return Planted(Rule.INSTALMENT_BEYOND, number, charge.amount)


def _fine_not_due(sample: Sample, rng: Random) -> Planted:  # noqa: ARG001 - there is one fine
    [fine] = [each for each in sample.bill.charges if each.initials == "MUL"]
    due, fine.amount = fine.amount, fine.base * 5 // 100
    fine.percent = 500
    return Planted(Rule.FINE_NOT_DUE, "", fine.amount - due)


def _not_contracted(sample: Sample, rng: Random) -> Planted:
    number = rng.choice(sample.bill.lines)
    charge = service(number, sample.bill.period.start, ("RCT", "298", "Som de chamada"), "4.99")
    sample.bill.charges.append(charge)
    return Planted(Rule.NOT_CONTRACTED, number, charge.amount)


def _tax_differs(sample: Sample, rng: Random) -> Planted:
    call = _paid_call(sample, rng)
    due, call.tax_rate = call.amount, 3_000
    taxed = 10_000 - call.tax_rate
    call.amount = (call.net * 100 + taxed // 2) // taxed
    return Planted(Rule.TAX_DIFFERS, call.number, call.amount - due)


def _allowance_not_applied(sample: Sample, rng: Random) -> Planted:
    covered = [each for each in sample.bill.of_kind(ChargeKind.CALL) if not each.amount]
    call = rng.choice(covered)
    price(call, call_price(call.initials, call.quantity))
    return Planted(Rule.ALLOWANCE_NOT_APPLIED, call.number, call.amount)


def _duration_wrong(sample: Sample, rng: Random) -> Planted:
    call = _paid_call(sample, rng, is_rounded=True)
    due = call.amount
    price(call, call_price(call.initials, call.quantity, step=60))
    return Planted(Rule.DURATION_WRONG, call.number, call.amount - due)


def _rate_differs(sample: Sample, rng: Random) -> Planted:
    call = _paid_call(sample, rng)
    due = call.amount
    by_minute = call_price(call.initials, call.quantity, step=60)
    price(call, due + (17 if due + 17 != by_minute else 18))
    return Planted(Rule.RATE_DIFFERS, call.number, call.amount - due)


def _fee_differs(sample: Sample, rng: Random) -> Planted:
    plan = rng.choice(sample.bill.of_kind(ChargeKind.PLAN))
    plan.amount += 500
    return Planted(Rule.FEE_DIFFERS, plan.number, 500)


def _discount_missing(sample: Sample, rng: Random) -> Planted:
    discount = rng.choice(sample.bill.of_kind(ChargeKind.DISCOUNT))
    sample.bill.charges.remove(discount)
    return Planted(Rule.DISCOUNT_MISSING, "", -discount.amount)


def _total_wrong(sample: Sample, rng: Random) -> Planted:
    sample.bill.overstated = rng.randint(100, 9_999)
    return Planted(Rule.TOTAL_WRONG, "", sample.bill.overstated)


def _paid_call(sample: Sample, rng: Random, *, is_rounded: bool = False) -> BilledCharge:
    """A call with a price, of a kind that no allowance covers."""
    return rng.choice(
        [
            each
            for each in sample.bill.of_kind(ChargeKind.CALL)
            if each.amount > 20
            and each.initials != "LOC"
            and (not is_rounded or each.quantity % 60)
        ]
    )


_PLANTERS: Mapping[Rule, Callable[[Sample, Random], Planted]] = {
    Rule.LINE_UNKNOWN: _line_unknown,
    Rule.LINE_INACTIVE: _line_inactive,
    Rule.DUPLICATE: _duplicate,
    Rule.TOO_OLD: _too_old,
    Rule.OUTSIDE_PERIOD: _outside_period,
    Rule.INSTALMENT_BEYOND: _instalment_beyond,
    Rule.FINE_NOT_DUE: _fine_not_due,
    Rule.NOT_CONTRACTED: _not_contracted,
    Rule.TAX_DIFFERS: _tax_differs,
    Rule.ALLOWANCE_NOT_APPLIED: _allowance_not_applied,
    Rule.DURATION_WRONG: _duration_wrong,
    Rule.RATE_DIFFERS: _rate_differs,
    Rule.FEE_DIFFERS: _fee_differs,
    Rule.DISCOUNT_MISSING: _discount_missing,
    Rule.TOTAL_WRONG: _total_wrong,
}
