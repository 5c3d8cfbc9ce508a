"""Audit: prices beside the agreement's, charge by charge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from rules.audit_allowances import NO_SUM, Allowances
from rules.audit_rules import Rule
from rules.audit_subject import Hits, Subject, as_date, as_number
from rules.carrier_charges import Column
from rules.carrier_measures import GRAINS_OF, counts_in, grains_each
from rules.carrier_records import ChargeKind
from rules.carrier_tariff_words import written_tariff
from rules.carrier_terms import Tariff, TariffKind, TariffUnit

Evidence = Mapping[str, str]
_FEES = (TariffKind.FEE, TariffKind.INSTALMENT)
_MINUTE = 60
#: Ten-thousandths of a real in a cent.
_FINE = 100


class Prices:
    """What calls should cost, reckoned once and asked by several rules."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.calls = subject.charges.of_kind(ChargeKind.CALL)

    @cached_property
    def rates(self) -> Column:
        """The place of each charge's rate; -1 for what is no call, or has none."""
        return self.subject.tariff_of(TariffKind.RATE, only=self.calls)

    @cached_property
    def fees(self) -> Column:
        """The place of each charge's fee; -1 for calls, and for what has none."""
        return self.subject.tariff_of(*_FEES, only=~self.calls)

    @cached_property
    def allowances(self) -> Allowances:
        """What allowances leave of each charge."""
        return Allowances(self.subject)

    def call_price(self, rows: Column, *, by_minute: bool = False) -> Column:
        """What calls should cost in cents; the fraction of a cent is cut (RGC art. 49).

        Of one that is covered in part, what its allowance leaves of the time that is billed.
        `by_minute` reckons every minute begun as a whole one, which is how some carriers err.
        """
        rates = _columns(self.subject.terms.of_kind(TariffKind.RATE))
        place = self.rates[rows]
        seconds = self.subject.charges.quantity[rows]
        step = np.full(len(rows), _MINUTE) if by_minute else rates.step[place]
        covered = self.allowances.covered[rows]
        billed = np.maximum(-(-seconds // step) * step, rates.minimum[place]) - covered
        billed = np.where(rates.is_per_call[place], _MINUTE, billed)
        price = rates.price[place] * billed // (_MINUTE * _FINE)
        # What lasted no time is no minute; by the call it is one all the same.
        is_covered = (covered >= seconds) & ((seconds > 0) | ~rates.is_per_call[place])
        return np.where(is_covered, 0, price)

    def fee_price(self, rows: Column) -> Column:
        """What plans and services with a fee should cost in cents: what no allowance covers.

        A plan of some days of the period costs its share; of it too the fraction of a cent is cut.
        """
        charges, allowances = self.subject.charges, self.allowances
        fees = _columns(self.subject.terms.of_kind(*_FEES))
        place, is_service = self.fees[rows], charges.kind[rows] == ChargeKind.SERVICE
        each = np.maximum(grains_each(charges.measure[rows]), 1)
        pieces = np.where(is_service, np.maximum(charges.quantity[rows], 1), 1)
        grains = np.where(is_service, pieces * each - allowances.covered[rows], each)
        is_data = counts_in(charges.measure[rows], TariffUnit.MEGABYTE)
        by_megabyte = fees.is_per_megabyte[place] & is_data & is_service
        each = np.where(by_megabyte, GRAINS_OF[TariffUnit.MEGABYTE], each)
        used, period = _days_used(self.subject, rows)
        cents: Column = fees.price[place] * grains * used // (each * period * _FINE)
        return cents

    def beyond_allowance(self, rows: Column) -> Column:
        """What charges may come to once their allowance is taken off.

        Where a part is covered and nobody agreed on a price, the charge may be that of the rest.
        """
        charges, allowances = self.subject.charges, self.allowances
        whole = allowances.covered[rows] >= allowances.grains(rows)
        price = np.where(whole, 0, charges.amount[rows])
        fees = _columns(self.subject.terms.of_kind(*_FEES))
        priced = rows[~whole & (self.fees[rows] >= 0)] if len(fees.price) else rows[:0]
        if len(priced):
            known = fees.price[self.fees[priced]] > 0
            price[np.isin(rows, priced[known])] = self.fee_price(priced[known])
        rated = rows[~whole & (self.rates[rows] >= 0)]
        if len(rated):
            price[np.isin(rows, rated)] = self.call_price(rated)
        sums = allowances.sums[rows]
        return np.where(sums != NO_SUM, sums, np.minimum(price, charges.amount[rows]))


def not_contracted(prices: Prices) -> Hits:
    """Plans, services and kinds of calls of which the agreement says nothing."""
    subject, charges = prices.subject, prices.subject.charges
    strange = np.zeros(len(charges), np.bool_)
    if subject.terms.of_kind(TariffKind.FEE):
        paid = charges.of_kind(ChargeKind.SERVICE, ChargeKind.PLAN)
        strange |= paid & (prices.fees < 0) & ~prices.allowances.matters
    if subject.terms.of_kind(TariffKind.RATE):
        strange |= prices.calls & (prices.rates < 0)
    rows = subject.unclaimed(strange & (charges.amount > 0))
    return Hits(rows, np.zeros(len(rows), np.int64))


def _agreed(prices: Prices, column: Column, *kinds: TariffKind) -> Callable[[int], Evidence]:
    """What the agreement says of a charge, for its evidence."""
    tariffs = prices.subject.terms.of_kind(*kinds)
    return lambda row: {"agreed_price": written_tariff(tariffs[int(column[row])])}


def tax_differs(prices: Prices) -> Hits:
    """Charges with another tax rate than agreed; the net amount stays, the tax is within it."""
    subject, charges = prices.subject, prices.subject.charges
    place = subject.tariff_of(TariffKind.TAX)
    subject.explained[Rule.TAX_DIFFERS] = _agreed(prices, place, TariffKind.TAX)
    agreed = np.array([int(each.percent * 100) for each in subject.terms.of_kind(TariffKind.TAX)])
    rows = subject.unclaimed((place >= 0) & (charges.tax_rate > 0))
    rows = rows[charges.tax_rate[rows] != agreed[place[rows]]] if len(rows) else rows
    if not len(rows):
        return Hits(rows, np.zeros(0, np.int64))
    net = charges.net[rows]
    told = np.where(net > 0, net, charges.amount[rows] * (10_000 - charges.tax_rate[rows]) // 100)
    return Hits(rows, _divided(told * 10_000, (10_000 - agreed[place[rows]]) * _FINE))


def allowance_not_applied(prices: Prices) -> Hits:
    """Use that is charged although an allowance, the line's or a shared one, covers it."""
    subject, allowances = prices.subject, prices.allowances
    subject.explained[Rule.ALLOWANCE_NOT_APPLIED] = allowances.told
    rows = subject.unclaimed(allowances.matters & (subject.charges.amount > 0))
    expected = prices.beyond_allowance(rows)
    above = subject.charges.amount[rows] > expected
    return Hits(rows[above], expected[above])


def duration_wrong(prices: Prices) -> Hits:
    """Calls whose price is the agreed one for whole minutes, where steps of seconds are agreed."""
    rows = prices.subject.unclaimed(prices.rates >= 0)
    explain = _agreed(prices, prices.rates, TariffKind.RATE)
    prices.subject.explained |= dict.fromkeys((Rule.DURATION_WRONG, Rule.RATE_DIFFERS), explain)
    expected = prices.call_price(rows)
    amount = prices.subject.charges.amount[rows]
    rounded = (amount != expected) & (amount == prices.call_price(rows, by_minute=True))
    return Hits(rows[rounded], expected[rounded])


def rate_differs(prices: Prices) -> Hits:
    """Calls at another rate than agreed."""
    rows = prices.subject.unclaimed(prices.rates >= 0)
    return _differing(prices.subject, rows, prices.call_price(rows))


def fee_differs(prices: Prices) -> Hits:
    """Plans and services at another fee; a plan of some days of the period costs its share."""
    subject, charges = prices.subject, prices.subject.charges
    subject.explained[Rule.FEE_DIFFERS] = _agreed(prices, prices.fees, *_FEES)
    fees = _columns(subject.terms.of_kind(*_FEES))
    rows = subject.unclaimed((prices.fees >= 0) & (charges.amount > 0))
    rows = rows[fees.price[prices.fees[rows]] > 0] if len(rows) else rows
    if not len(rows):
        return Hits(rows, np.zeros(0, np.int64))
    return _differing(subject, rows, prices.fee_price(rows))


def _days_used(subject: Subject, rows: Column) -> tuple[Column, Column]:
    """How many days of the period a plan was there, and the period's; 1 of 1 where it is whole."""
    ones = np.ones(len(rows), np.int64)
    if subject.period is None:
        return ones, ones
    start, end = subject.charges.date[rows], subject.charges.until[rows]
    partial = (
        (subject.charges.kind[rows] == ChargeKind.PLAN)
        & (start >= as_number(subject.period.start))
        & (end > 0)
        & (end <= as_number(subject.period.end))
    )
    used = np.where(partial, _days_between(start, end), 1)
    return used, np.where(partial, subject.period.days, 1)


def _days_between(start: Column, end: Column) -> Column:
    """The days from 20261101 to 20261130, both included."""
    both = np.concatenate([start, end])
    days, place = np.unique(both, return_inverse=True)
    ordinals = np.array([(as_date(day) or date.min).toordinal() for day in days.tolist()])[place]
    between: Column = ordinals[len(start) :] - ordinals[: len(start)] + 1
    return between


def _differing(subject: Subject, rows: Column, expected: Column) -> Hits:
    differs = subject.charges.amount[rows] != expected
    return Hits(rows[differs], expected[differs])


def _divided(number: Column, by: Column) -> Column:
    """Whole cents, a half up."""
    cents: Column = (2 * number + by) // (2 * by)
    return cents


@dataclass(frozen=True)
class _TariffColumns:
    price: Column
    minimum: Column
    step: Column
    is_per_call: Column
    is_per_megabyte: Column


def _columns(tariffs: list[Tariff]) -> _TariffColumns:
    return _TariffColumns(
        np.array([each.ten_thousandths for each in tariffs], np.int64),
        np.array([each.minimum_seconds for each in tariffs], np.int64),
        np.array([max(each.step_seconds, 1) for each in tariffs], np.int64),
        np.array([each.unit is TariffUnit.CALL for each in tariffs], np.bool_),
        np.array([each.unit is TariffUnit.MEGABYTE for each in tariffs], np.bool_),
    )
