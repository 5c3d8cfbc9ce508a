"""What a carrier owes back of what was paid and not due, counted to a day.

The principal (in double where the law gives that), corrected by an index, with interest by the day
(RGC, Resolução Anatel 765/2023; CDC, art. 42, sole paragraph). What came meanwhile pays interest
before it pays what bears interest (Código Civil, art. 354).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rules.correction import Rates, growth
from rules.money import ZERO, round_half_up
from rules.refunds import Overpaid, interest_part, refund_of

ONCE = 1


@dataclass(frozen=True)
class Came:
    """What an invoice of that day gave back."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Due:
    """What is owed back as of a day, and what of it came; `missing` months corrected nothing."""

    principal: Decimal
    correction: Decimal
    interest: Decimal
    came: Decimal
    missing: tuple[date, ...] = ()

    @property
    def total(self) -> Decimal:
        """All that is to come."""
        return self.principal + self.correction + self.interest

    @property
    def left(self) -> Decimal:
        """What has not come yet."""
        return max(self.total - self.came, ZERO)


@dataclass(frozen=True)
class Terms:
    """How what was paid grows: the interest of a month in per cent, and what an index did."""

    interest_percent: Decimal | int = 0
    rates: Rates = field(default_factory=dict)


def due_on(
    principal: Decimal,
    *,
    paid_on: date | None,
    came: Iterable[Came] = (),
    day: date,
    terms: Terms,
) -> Due:
    """This will count what is owed back as of a day; what was never paid bears nothing.

    A day before what came last counts as that one.
    """
    given = sorted(came, key=lambda each: each.on)
    total = sum((each.amount for each in given), ZERO)
    if paid_on is None:
        return Due(principal, ZERO, ZERO, total)
    account = _Account(principal, paid_on, terms)
    for each in (*given, Came(day, ZERO)):
        account.take(each)
    return account.due(came=total)


class _Account:
    """What is left of the principal, and of its interest, while time goes by and money comes.

    Both are kept in money of the day of the payment: the index counts from then on for what is
    left, so that a fall after a small credit still makes good the rise before it.
    """

    def __init__(self, principal: Decimal, paid_on: date, terms: Terms) -> None:
        self.principal, self.paid_on, self.terms = principal, paid_on, terms
        self.base, self.interest, self.day = principal, ZERO, paid_on
        self.base_came = self.interest_came = ZERO

    def take(self, came: Came) -> None:
        """This will count on to a day and take what came on it: interest first."""
        day = max(came.on, self.day)
        days = (day - self.day).days
        self.interest += self.base * interest_part(self.terms.interest_percent, days=days)
        self.day = day
        factor, _ = self._growth()
        for_interest = min(came.amount, self.interest * factor)
        for_base = min(came.amount - for_interest, self.base * factor)
        self.interest -= for_interest / factor
        self.base -= for_base / factor
        self.interest_came += for_interest
        self.base_came += for_base

    def due(self, *, came: Decimal) -> Due:
        """What is owed back as of the day counted to; never more than if nothing had come."""
        factor, missing = self._growth()
        corrected = round_half_up(self.base_came + self.base * factor)
        interest = round_half_up(self.interest_came + self.interest * factor)
        most = refund_of(
            Overpaid(self.principal, self.paid_on, ONCE), day=self.day,
            interest_percent=self.terms.interest_percent, rates=self.terms.rates,
        )  # fmt: skip
        correction = min(corrected, most.total) - self.principal
        interest = min(interest, most.correction + most.interest - correction)
        return Due(self.principal, correction, interest, came, missing)

    def _growth(self) -> tuple[Decimal, tuple[date, ...]]:
        return growth(self.paid_on, self.day, self.terms.rates)
