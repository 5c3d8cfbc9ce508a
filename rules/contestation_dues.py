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

from rules.money import ZERO
from rules.refunds import Overpaid, Rates, refund_of

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
    account = _Account(principal, terms)
    if paid_on is not None:
        for each in (*given, Came(day, ZERO)):
            paid_on = account.take(each, since=paid_on)
    total = sum((each.amount for each in given), ZERO)
    months = tuple(sorted(account.missing))
    return Due(principal, account.correction, account.interest, total, months)


class _Account:
    """What is left of the principal, and of its interest, while time goes by and money comes."""

    def __init__(self, principal: Decimal, terms: Terms) -> None:
        self.base, self.terms, self.unpaid = principal, terms, ZERO
        self.correction = self.interest = ZERO
        self.missing: set[date] = set()

    def take(self, came: Came, *, since: date) -> date:
        """This will count on to a day and take what came on it; gives that day."""
        day = max(came.on, since)
        grown = refund_of(
            Overpaid(self.base, since, ONCE), day=day,
            interest_percent=self.terms.interest_percent, rates=self.terms.rates,
        )  # fmt: skip
        self.correction += grown.correction
        self.interest += grown.interest
        self.missing |= set(grown.missing)
        owed = self.unpaid + grown.interest
        self.unpaid = max(owed - came.amount, ZERO)
        beyond_interest = max(came.amount - owed, ZERO)
        self.base = max(self.base + grown.correction - beyond_interest, ZERO)
        return day
