"""The charges of a contract's term: which periods, when issued, when due, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count

from rules.business_days import months_end
from rules.charges import Recurrence
from rules.due_days import DueDayRule, due_dates, first_due_date
from rules.money import ZERO, round_half_up, split
from rules.proration import Period, charge_for_use


@dataclass(frozen=True)
class ChargeTerms:
    """What decides about a contract's charges. `until` is exclusive: its end, or the horizon."""

    starts_on: date
    until: date
    months: int
    amount: Decimal
    rule: DueDayRule


@dataclass(frozen=True)
class PlannedCharge:
    """A charge before it is one; a setup instalment has no period."""

    ordinal: int
    amount: Decimal
    issue_date: date
    due_date: date
    period: Period | None = None


@dataclass(frozen=True)
class ServiceTerms:
    """An additional service: how often, how much a period, from when and until when.

    `charged` is what of it was charged before: by the contract before this one, or until `since`
    in periods of other lengths. `months` are those of one of its own periods; None: the contract's.
    """

    recurrence: Recurrence
    amount: Decimal
    starts_on: date
    periods: int | None = None
    until: date | None = None
    charged: Decimal = ZERO
    months: int | None = None
    since: date | None = None

    @property
    def begins(self) -> date:
        """The first day that is planned."""
        return self.since or self.starts_on

    def price_in(self, months: int) -> Decimal:
        """What a period of so many months costs."""
        own = self.months or months
        return self.amount if own == months else round_half_up(self.amount * months / own)


def periods_of(starts_on: date, *, months: int) -> Iterator[Period]:
    """This will give a contract's periods one after another, from its start, without an end."""
    begins = starts_on
    for ordinal in count(1):
        ends = months_end(starts_on, months=months * ordinal)
        yield Period(begins, ends)
        begins = ends


def plan_term(
    terms: ChargeTerms, *, used_from: date, made_on: date, since: date | None = None
) -> list[PlannedCharge]:
    """This will plan the charges of every period that begins before the end.

    Days before `used_from` or after the end are not charged. Periods before `since` were planned
    before. A charge whose day of issue has passed takes the next due date that can still be met.
    """
    begins = max(used_from, since or used_from)
    return [
        _dated(ordinal, due, period, terms, used=used, price=terms.amount, made_on=made_on)
        for ordinal, due, period in _dated_periods(terms)
        if period.until > begins
        for used in [_within(period, start=used_from, until=terms.until)]
    ]


def plan_setup(
    fee: Decimal,
    *,
    instalments: int,
    adhesion: date,
    rule: DueDayRule,
    made_on: date,
    charged: int = 0,
) -> list[PlannedCharge]:
    """This will split the setup fee over the due dates from the adhesion on; no fee, nothing.

    The first `charged` instalments are left out; the others keep their dates where these can still
    be met, and else follow one another from the next due date on.
    """
    if fee <= ZERO or charged >= instalments:
        return []
    *_, due = due_dates(first_due_date(adhesion, rule=rule), rule=rule, months=1, count=charged + 1)
    first = max(due, first_due_date(made_on, rule=rule))
    dates = due_dates(first, rule=rule, months=1, count=instalments - charged)
    return [
        PlannedCharge(ordinal, amount, rule.issue_date(due), due)
        for ordinal, (amount, due) in enumerate(
            zip(split(fee, parts=instalments)[charged:], dates, strict=True), start=charged + 1
        )
    ]


def plan_service(
    service: ServiceTerms, terms: ChargeTerms, *, made_on: date
) -> list[PlannedCharge]:
    """This will plan a service's charges along the contract's periods.

    Charged for some periods, the last charge is the whole less the others, so that cut periods
    lose no cent.
    """
    if service.recurrence is Recurrence.ONCE:
        due = first_due_date(max(service.starts_on, made_on), rule=terms.rule)
        return [PlannedCharge(1, service.amount, terms.rule.issue_date(due), due)]
    until = min(service_end(service, months=terms.months) or terms.until, terms.until)
    if until <= service.begins:
        return []
    cut, price = replace(terms, until=until), service.price_in(terms.months)
    planned = [
        _dated(ordinal, due, period, terms, used=used, price=price, made_on=made_on)
        for ordinal, due, period in _dated_periods(cut)
        if period.until > service.begins
        for used in [_within(period, start=service.begins, until=until)]
    ]
    return _rounded_off(planned, service, is_whole=until < terms.until)


def from_day(planned: Iterable[PlannedCharge], since: date) -> list[PlannedCharge]:
    """What of planned charges is owed for the days from one on; what is before was charged before.

    Of a charge that the day cuts, the part before it keeps its own share, and this is the rest.
    """
    ahead = [each for each in planned if each.period is not None and each.period.until > since]
    return [_rest(each, each.period, since) for each in ahead if each.period is not None]


def until_day(planned: Iterable[PlannedCharge], day: date) -> Decimal:
    """What of planned charges is owed for the days before one."""
    behind = [(each, each.period) for each in planned if each.period and each.period.start < day]
    return sum((_until(each, period, day) for each, period in behind), ZERO)


def _until(planned: PlannedCharge, period: Period, day: date) -> Decimal:
    if period.until <= day:
        return planned.amount
    rest = charge_for_use(planned.amount, period=period, used=[Period(day, period.until)])
    return planned.amount - rest


def _rest(planned: PlannedCharge, period: Period, since: date) -> PlannedCharge:
    if period.start >= since:
        return planned
    before = charge_for_use(planned.amount, period=period, used=[Period(period.start, since)])
    return replace(planned, amount=planned.amount - before, period=Period(since, period.until))


def service_end(service: ServiceTerms, *, months: int) -> date | None:
    """The day after a service's last one, in periods of so many months if it has none of its own;
    None: no end is known."""
    if service.recurrence is Recurrence.PERIODS and service.periods:
        end = months_end(service.starts_on, months=(service.months or months) * service.periods)
        return min(end, service.until) if service.until else end
    return service.until


def _rounded_off(
    planned: list[PlannedCharge], service: ServiceTerms, *, is_whole: bool
) -> list[PlannedCharge]:
    if not (is_whole and service.periods and service.until is None and planned):
        return planned
    total = service.amount * service.periods - service.charged
    others = sum((each.amount for each in planned[:-1]), ZERO)
    return [*planned[:-1], replace(planned[-1], amount=total - others)]


def _dated_periods(terms: ChargeTerms) -> Iterator[tuple[int, date, Period]]:
    """Every period that begins before the end, with its number and the due date of its charge."""
    for ordinal, period in enumerate(periods_of(terms.starts_on, months=terms.months)):
        if period.start >= terms.until:
            return
        yield ordinal + 1, due_date_of(ordinal, terms), period


def due_date_of(place: int, terms: ChargeTerms) -> date:
    """When the charge of a period falls due; the first period has the place 0."""
    first = first_due_date(terms.starts_on, rule=terms.rule)
    *_, due = due_dates(first, rule=terms.rule, months=terms.months, count=place + 1)
    return due


def period_at(day: date, *, starts_on: date, months: int) -> Period:
    """The period of a contract that a day lies in; a day before its start is in the first."""
    return next(each for each in periods_of(starts_on, months=months) if day < each.until)


def key_of_rest(key: str, planned: PlannedCharge, terms: ChargeTerms) -> str:
    """The key itself for what is charged from its period's begin on; else one with the day, as the
    part before has the other."""
    assert planned.period is not None  # noqa: S101 - only what has a period is charged in parts
    begins = planned.period.start
    whole = period_at(begins, starts_on=terms.starts_on, months=terms.months)
    return key if whole.start == begins else f"{key}/from/{begins}"


def _within(period: Period, *, start: date, until: date) -> Period:
    return Period(max(period.start, start), min(period.until, until))


def _dated(  # noqa: PLR0913 - a period, its price and its dates
    ordinal: int,
    due: date,
    period: Period,
    terms: ChargeTerms,
    *,
    used: Period,
    price: Decimal,
    made_on: date,
) -> PlannedCharge:
    if terms.rule.issue_date(due) < made_on:
        due = first_due_date(made_on, rule=terms.rule)
    amount = charge_for_use(price, period=period, used=[used])
    return PlannedCharge(ordinal, amount, terms.rule.issue_date(due), due, used)
