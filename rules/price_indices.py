"""Price indices: what a year of one does to a price, never earlier (Lei 10.192/2001, art. 2).

A readjustment of month m looks at the twelve months up to m-1: by number-indices the one of m-1
over the one of m-13, by monthly rates the product of the rates of m-12 to m-1. The two differ by
what publishers round, so each contract keeps to its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from rules.business_days import add_months, months_end
from rules.money import round_half_up, round_places
from rules.refusals import Refusal

MONTHS_BETWEEN = 12
#: A month is out between the 5th and the 10th of the one after (FGV and IBGE, as published).
LAST_DAY_OF_PUBLICATION = 10
ONE = Decimal(1)


class IndexMonthMissing(Refusal):
    message = "O índice %(index)s de %(month)s ainda não foi informado. O reajuste espera por ele."
    field = "index"


class Method(StrEnum):
    """How an index accumulates."""

    NUMBER_INDICES = "number_indices"
    MONTHLY_RATES = "monthly_rates"


class NegativePolicy(StrEnum):
    """What an index that fell over the twelve months does to the price."""

    KEEP = "keep"
    REDUCE = "reduce"
    ASK = "ask"


@dataclass(frozen=True)
class ReadjustmentTerms:
    """What the contract says. `percent_decimals` None leaves the factor unrounded.

    `lag` is how many months before the readjustment the last month used lies: 1, the one before.
    """

    index: str
    method: Method = Method.NUMBER_INDICES
    months: int = MONTHS_BETWEEN
    lag: int = 1
    percent_decimals: int | None = None
    negative: NegativePolicy = NegativePolicy.ASK


@dataclass(frozen=True)
class Accumulation:
    """What the index did from the month `first` through `last`; a factor of 1.05 raises by 5 %."""

    factor: Decimal
    first: date
    last: date

    @property
    def percent(self) -> Decimal:
        """The change over the months, in percent."""
        return (self.factor - ONE) * 100


class Outcome(StrEnum):
    """What a readjustment does to a price."""

    RAISED = "raised"
    REDUCED = "reduced"
    KEPT = "kept"
    ASKED = "asked"


@dataclass(frozen=True)
class Readjustment:
    """The new price, and why. ASKED: the price stands until somebody decides."""

    outcome: Outcome
    price: Decimal
    accumulation: Accumulation


#: Published values by the first day of their month: number-indices, or rates in per cent.
Series = Mapping[date, Decimal]


def missing_months(series: Series, *, month: date, terms: ReadjustmentTerms) -> list[date]:
    """This will give the months that a readjustment of `month` still waits for, oldest first."""
    return [each for each in _needed(month, terms) if each not in series]


def accumulate(series: Series, *, month: date, terms: ReadjustmentTerms) -> Accumulation:
    """This will accumulate the index for a readjustment of `month`, by the contract's method.

    Refuses a month that is not known yet (IndexMonthMissing): it waits, and nothing is guessed.
    """
    missing = missing_months(series, month=month, terms=terms)
    if missing:
        raise IndexMonthMissing(index=terms.index, month=missing[0].strftime("%m/%Y"))
    needed = _needed(month, terms)
    if terms.method is Method.NUMBER_INDICES:
        factor, first = series[needed[-1]] / series[needed[0]], add_months(needed[0], months=1)
    else:
        factor, first = _compounded([series[each] for each in needed]), needed[0]
    return Accumulation(factor=_precise(factor, terms), first=first, last=needed[-1])


def readjust(
    price: Decimal, *, accumulation: Accumulation, negative: NegativePolicy
) -> Readjustment:
    """This will give the price x factor, half up to the cent.

    A fall over the months lowers the price, leaves it, or leaves it until somebody decides, as the
    contract says; KEEP asks for a clause that says so.
    """
    new = round_half_up(price * accumulation.factor)
    if accumulation.factor > ONE:
        return Readjustment(Outcome.RAISED, new, accumulation)
    if accumulation.factor == ONE or negative is NegativePolicy.KEEP:
        return Readjustment(Outcome.KEPT, price, accumulation)
    if negative is NegativePolicy.REDUCE:
        return Readjustment(Outcome.REDUCED, new, accumulation)
    return Readjustment(Outcome.ASKED, price, accumulation)


def earliest_readjustment(since: date, *, data_base: date | None = None) -> date:
    """This will give the first day on which a price may change again.

    `since` is the signature, or the last readjustment. A data-base declared at contracting (its day
    and month count) is the first of its kind that comes no earlier than twelve months after.
    """
    earliest = months_end(since, months=MONTHS_BETWEEN)
    if data_base is None:
        return earliest
    same_year = _anniversary(data_base, earliest.year)
    return same_year if same_year >= earliest else _anniversary(data_base, earliest.year + 1)


def holds_for(issue_date: date, *, told_on: date | None, notice_days: int) -> bool:
    """This will be true of invoices issued so many days after the customer was told, or later.

    Before that, and while nobody was told (None), the old price holds; nothing is retroactive.
    """
    return told_on is not None and issue_date >= told_on + timedelta(days=notice_days)


def published_by(month: date) -> date:
    """The last day on which a month may still be unpublished."""
    return add_months(month.replace(day=1), months=1).replace(day=LAST_DAY_OF_PUBLICATION)


def _needed(month: date, terms: ReadjustmentTerms) -> list[date]:
    by_indices = terms.method is Method.NUMBER_INDICES
    oldest, newest = terms.months + terms.lag, terms.lag
    back = (oldest, newest) if by_indices else range(oldest - 1, newest - 1, -1)
    return [add_months(month.replace(day=1), months=-months) for months in back]


def _compounded(rates: list[Decimal]) -> Decimal:
    factor = ONE
    for rate in rates:
        factor *= ONE + rate / 100
    return factor


def _precise(factor: Decimal, terms: ReadjustmentTerms) -> Decimal:
    if terms.percent_decimals is None:
        return factor
    return round_places(factor, places=terms.percent_decimals + 2)


def _anniversary(day: date, year: int) -> date:
    return months_end(day, months=12 * (year - day.year))


def continued(own: Series, successor: Series, *, method: Method) -> dict[date, Decimal]:
    """The months of an index, and those after its last one by the rates of its successor.

    Rates follow as they are, number-indices grow by them; without a break: from a month that the
    successor does not know on, nothing is known. No own number-index is nothing to go on from.
    """
    by_rates = method is Method.MONTHLY_RATES
    if not own:
        return dict(successor) if by_rates else {}
    found, last = dict(own), max(own)
    while (month := add_months(last, months=1)) in successor:
        rate = successor[month]
        found[month] = rate if by_rates else found[last] * (ONE + rate / 100)
        last = month
    return found


def rates_between(numbers: Series) -> dict[date, Decimal]:
    """What number-indices say of each month, in per cent of a known month before it."""
    return {
        month: (numbers[month] / numbers[before] - 1) * 100
        for before, month in pairwise(sorted(numbers))
        if add_months(before, months=1) == month
    }
