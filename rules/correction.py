"""Monetary correction: what one real became by an index, in whole months.

As the courts' tables do: from the month of the first day to the one before the last day; a fall
counts, but never below what it was (STJ, Corte Especial, REsp 1.265.580).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from rules.business_days import add_months

ONE = Decimal(1)
#: What an index did in a month, in per cent, by the month's first day.
Rates = Mapping[date, Decimal]


def growth(since: date, day: date, rates: Rates) -> tuple[Decimal, tuple[date, ...]]:
    """This will give what one real became by a day, never less, and the months not known."""
    factor, missing = ONE, []
    for month in _months(since, day):
        if month in rates:
            factor *= ONE + rates[month] / 100
        else:
            missing.append(month)
    return max(factor, ONE), tuple(missing)


def _months(since: date, day: date) -> Iterator[date]:
    month, last = since.replace(day=1), day.replace(day=1)
    while month < last:
        yield month
        month = add_months(month, months=1)
