"""Late charges: a fine once, and simple interest by the day on the principal still open; with
monetary correction, where the house charges it.

Fine: CDC art. 52 § 1; interest by the month: RGC art. 78 (Resolução 765/2023), or where none was
agreed each month's legal rate (Código Civil, art. 406). The days count from the day after the due
date (Código Civil, art. 132). Correction: RGC art. 78 and Código Civil, art. 389, each part
of the principal from the due date until it was paid; fine and interest are of what was owed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from rules.business_days import ONE_DAY, Calendar, add_months, next_business_day
from rules.correction import ONE, Rates, growth
from rules.money import ZERO, Rounding, round_to_cent

DAYS_OF_COMMERCIAL_MONTH = 30  # interest by the day is a thirtieth of the month's, as banks print


@dataclass(frozen=True)
class LegalRates:
    """The legal rate of each month, in per cent, by its first day; it is charged from `since` on.

    A month that is not known bears nothing.
    """

    by_month: Mapping[date, Decimal]
    since: date


@dataclass(frozen=True)
class LateTerms:
    """What a late payer owes beside the principal. The defaults are the most the law allows.

    `legal` stands in the place of the interest by the month where none was agreed; `correction`
    is what the index did in each month, None where nothing is corrected.
    """

    fine_percent: Decimal = Decimal(2)
    interest_percent_month: Decimal = Decimal(1)
    rounding: Rounding = Rounding.HALF_UP
    legal: LegalRates | None = None
    correction: Rates | None = None


@dataclass(frozen=True)
class PrincipalPaid:
    """What a payment took off the principal, and when; `charges`: what it paid of late charges."""

    on: date
    amount: Decimal
    charges: Decimal = ZERO


class ChargeKind(StrEnum):
    """What a line of late charges is."""

    FINE = "fine"
    INTEREST = "interest"
    CORRECTION = "correction"


@dataclass(frozen=True)
class ChargeLine:
    """One line of the explanation: a percentage of what was open, for the days of an interval.

    Interest is counted from the day after `since` through `through`; a fine has no days, and
    correction goes by the months between them.
    """

    kind: ChargeKind
    principal: Decimal
    percent: Decimal
    amount: Decimal
    since: date
    through: date

    @property
    def days(self) -> int:
        """The calendar days of interest; none for what is not counted by the day."""
        return (self.through - self.since).days if self.kind is ChargeKind.INTEREST else 0


@dataclass(frozen=True)
class LateCharges:
    """Every charge with its reason; the lines less what was paid of them are the total, to the
    cent. What was `paid` covered the fine first, which is due once, then interest.
    """

    lines: tuple[ChargeLine, ...] = ()
    paid: Decimal = ZERO

    @property
    def fine(self) -> Decimal:
        """What is left of the fine, in reais."""
        return self._left(ChargeKind.FINE)

    @property
    def interest(self) -> Decimal:
        """What is left of the interest of all days, in reais."""
        return self._left(ChargeKind.INTEREST)

    @property
    def correction(self) -> Decimal:
        """What is left of the monetary correction, in reais."""
        return self._left(ChargeKind.CORRECTION)

    @property
    def total(self) -> Decimal:
        """What is left of fine, interest and correction, in reais."""
        return sum((line.amount for line in self.lines), ZERO) - self.paid

    def _left(self, kind: ChargeKind) -> Decimal:
        kinds = list(ChargeKind)
        before = sum((self._whole(each) for each in kinds[: kinds.index(kind)]), ZERO)
        return max(self._whole(kind) - max(self.paid - before, ZERO), ZERO)

    def _whole(self, kind: ChargeKind) -> Decimal:
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
    not looked at, and more than was owed never makes the principal negative. Late charges that a
    late payment brought are not asked for again.
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
    interest = _interest_lines(intervals, terms)
    corrected = _correction_lines(open_amount, since=due_date, payments=late, on=on, terms=terms)
    lines = (fine, *interest, *corrected)
    paid = sum((each.charges for each in late), ZERO)
    return LateCharges(lines, min(paid, sum((line.amount for line in lines), ZERO)))


def _correction_lines(
    principal: Decimal, *, since: date, payments: Sequence[PrincipalPaid], on: date,
    terms: LateTerms,
) -> Iterator[ChargeLine]:  # fmt: skip
    """What each part of the principal grew by until it was paid, or until today."""
    if terms.correction is None:
        return
    for paid in (*payments, PrincipalPaid(on, principal)):
        part = min(paid.amount, principal)
        principal -= part
        factor, _ = growth(since, paid.on, terms.correction)
        amount = round_to_cent(part * (factor - ONE), rounding=terms.rounding)
        if amount:
            yield ChargeLine(
                kind=ChargeKind.CORRECTION,
                principal=part,
                percent=round_to_cent((factor - ONE) * 100, rounding=terms.rounding),
                amount=amount,
                since=since,
                through=paid.on,
            )


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


@dataclass(frozen=True)
class _Stretch:
    """Days of an interval at one rate; `days_of_month` is what the month's rate is divided by."""

    since: date
    through: date
    percent: Decimal
    days_of_month: int


def _interest_lines(intervals: Iterator[_Interval], terms: LateTerms) -> Iterator[ChargeLine]:
    # Each line is what the rounded running total grew by: more intervals make no cent more.
    exact, charged = Fraction(), ZERO
    for interval in intervals:
        for stretch in _stretches(interval, terms):
            days = (stretch.through - stretch.since).days
            rate = Fraction(stretch.percent) / stretch.days_of_month / 100
            exact += Fraction(interval.principal) * days * rate
            total = _to_cent(exact, terms.rounding)
            yield ChargeLine(
                kind=ChargeKind.INTEREST,
                principal=interval.principal,
                percent=stretch.percent,
                amount=total - charged,
                since=stretch.since,
                through=stretch.through,
            )
            charged = total


def _to_cent(amount: Fraction, rounding: Rounding) -> Decimal:
    return round_to_cent(Decimal(amount.numerator) / Decimal(amount.denominator), rounding=rounding)


def _stretches(interval: _Interval, terms: LateTerms) -> Iterator[_Stretch]:
    """The whole interval at the agreed rate, or its part of each month at the legal one."""
    if terms.legal is None:
        agreed, basis = terms.interest_percent_month, DAYS_OF_COMMERCIAL_MONTH
        yield _Stretch(interval.since, interval.through, agreed, basis)
        return
    since = max(interval.since, terms.legal.since - ONE_DAY)
    while since < interval.through:
        month = (since + ONE_DAY).replace(day=1)
        last = add_months(month, months=1) - ONE_DAY
        through = min(last, interval.through)
        percent = terms.legal.by_month.get(month)
        if percent:
            yield _Stretch(since, through, percent, last.day)
        since = through
