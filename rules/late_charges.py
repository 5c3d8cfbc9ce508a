"""Late charges: a fine once, and simple interest by the day on the principal still open.

Fine: CDC art. 52 § 1; interest by the month: RGC art. 78 (Resolução 765/2023). The days count from
the day after the due date (Código Civil, art. 132).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.business_days import Calendar, next_business_day
from rules.money import ZERO, Rounding, round_to_cent

DAYS_OF_COMMERCIAL_MONTH = 30  # interest by the day is a thirtieth of the month's, as banks print


@dataclass(frozen=True)
class LateTerms:
    """What a late payer owes beside the principal. The defaults are the most the law allows."""

    fine_percent: Decimal = Decimal(2)
    interest_percent_month: Decimal = Decimal(1)
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True)
class PrincipalPaid:
    """What a payment took off the principal, and when."""

    on: date
    amount: Decimal


class ChargeKind(StrEnum):
    """What a line of late charges is."""

    FINE = "fine"
    INTEREST = "interest"


@dataclass(frozen=True)
class ChargeLine:
    """One line of the explanation: a percentage of what was open, for the days of an interval.

    Interest is counted from the day after `since` through `through`; a fine has no days.
    """

    kind: ChargeKind
    principal: Decimal
    percent: Decimal
    amount: Decimal
    since: date
    through: date

    @property
    def days(self) -> int:
        """The calendar days of interest; none for a fine."""
        return (self.through - self.since).days if self.kind is ChargeKind.INTEREST else 0


@dataclass(frozen=True)
class LateCharges:
    """Every charge with its reason; the lines add up to the total, to the cent."""

    lines: tuple[ChargeLine, ...] = ()

    @property
    def fine(self) -> Decimal:
        """The fine, in reais."""
        return self._sum(ChargeKind.FINE)

    @property
    def interest(self) -> Decimal:
        """The interest of all days, in reais."""
        return self._sum(ChargeKind.INTEREST)

    @property
    def total(self) -> Decimal:
        """Fine and interest, in reais."""
        return self.fine + self.interest

    def _sum(self, kind: ChargeKind) -> Decimal:
        return sum((line.amount for line in self.lines if line.kind is kind), ZERO)


@dataclass(frozen=True)
class _Interval:
    since: date
    through: date
    principal: Decimal


def late_charges(
    amount: Decimal,
    *,
    due_date: date,
    on: date,
    terms: LateTerms,
    calendar: Calendar,
    payments: Sequence[PrincipalPaid] = (),
) -> LateCharges:
    """This will give what an invoice of `amount` has cost in late charges by the day `on`.

    A due date that is no business day of the (bank's) calendar may be paid on the next one free of
    charges; what is paid later still costs interest from the due date itself. The fine is of what
    was then open. A payment lowers the principal from the day after it; payments after `on` are
    not looked at, and more than was owed never makes the principal negative.
    """
    last_free = next_business_day(due_date, calendar=calendar)
    open_amount = amount - sum((paid.amount for paid in payments if paid.on <= last_free), ZERO)
    if on <= last_free or open_amount <= ZERO:
        return LateCharges()
    late = sorted((p for p in payments if last_free < p.on <= on), key=lambda paid: paid.on)
    fine = ChargeLine(
        kind=ChargeKind.FINE,
        principal=open_amount,
        percent=terms.fine_percent,
        amount=round_to_cent(open_amount * terms.fine_percent / 100, rounding=terms.rounding),
        since=due_date,
        through=on,
    )
    intervals = _intervals(open_amount, since=due_date, payments=late, through=on)
    return LateCharges(lines=(fine, *_interest_lines(intervals, terms)))


def _intervals(
    principal: Decimal, *, since: date, payments: Sequence[PrincipalPaid], through: date
) -> Iterator[_Interval]:
    for paid in payments:
        if paid.on > since:
            yield _Interval(since, paid.on, principal)
        since, principal = paid.on, principal - paid.amount
        if principal <= ZERO:
            return
    if through > since:
        yield _Interval(since, through, principal)


def _interest_lines(intervals: Iterator[_Interval], terms: LateTerms) -> Iterator[ChargeLine]:
    # Each line is what the rounded running total grew by: more intervals make no cent more.
    exact = charged = ZERO
    for interval in intervals:
        days = (interval.through - interval.since).days
        exact += interval.principal * days * terms.interest_percent_month
        total = round_to_cent(exact / 100 / DAYS_OF_COMMERCIAL_MONTH, rounding=terms.rounding)
        yield ChargeLine(
            kind=ChargeKind.INTEREST,
            principal=interval.principal,
            percent=terms.interest_percent_month,
            amount=total - charged,
            since=interval.since,
            through=interval.through,
        )
        charged = total
