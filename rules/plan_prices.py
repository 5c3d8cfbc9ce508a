"""What another plan costs beside a contract whose own price changes within its days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.money import ZERO
from rules.proration import Period, charge_for_use


@dataclass(frozen=True)
class PriceFrom:
    """What a whole period costs from a day on."""

    since: date
    amount: Decimal


def step_of(difference: Decimal, full: Period, used: list[Period]) -> Decimal:
    """What a difference of prices comes to for the days used, below zero for a lower price."""
    owed = charge_for_use(abs(difference), period=full, used=used)
    return owed if difference >= ZERO else -owed


def difference_of(
    amount: Decimal, prices: Sequence[PriceFrom], *, full: Period, used: Period | None
) -> Decimal:
    """This will give what days of a period cost at one price beyond those that hold on each day.

    Days before the first price have the first; none are used: nothing.
    """
    stretches = _by_price(prices, used) if used else ()
    return sum((step_of(amount - price, full, [days]) for price, days in stretches), ZERO)


def within(full: Period, start: date, until: date) -> Period | None:
    """The days of a period from one to before another; None: none."""
    begins, ends = max(full.start, start), min(full.until, until)
    return Period(begins, ends) if begins < ends else None


def _by_price(prices: Sequence[PriceFrom], used: Period) -> Iterator[tuple[Decimal, Period]]:
    begins = [used.start, *(each.since for each in prices[1:]), used.until]
    for place, price in enumerate(prices):
        days = within(used, begins[place], begins[place + 1])
        if days is not None:
            yield price.amount, days
