"""What an audit looks at: the charges, the terms, the inventory, and what is claimed already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from rules.audit_rules import Rule
from rules.business_days import Calendar, next_business_day
from rules.carrier_charges import Column, Label
from rules.carrier_reading import Reading
from rules.carrier_terms import InventoryLine, Tariff, TariffKind, Terms, is_called


@dataclass(frozen=True)
class Period:
    """The days that an invoice bills, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Hits:
    """Charges that a rule objects to, and the cents that each should have come to."""

    rows: Column
    expected: Column


@dataclass(frozen=True)
class AccountHit:
    """What a rule objects to about the invoice as a whole, in cents; rows are its evidence."""

    charged: int
    expected: int
    label: Label | None
    rows: Column


@dataclass(frozen=True)
class FormerInvoice:
    """An earlier invoice of the account, whose lateness this one may charge; `amount` in cents.

    `days_late` 0: paid in time; None: nobody knows.
    """

    key: int
    name: str
    amount: int
    due_date: date | None = None
    paid_on: date | None = None
    days_late: int | None = None


@dataclass(frozen=True)
class Unjudged:
    """So many cents that a rule could not judge: the payment of these invoices is not on record.

    Without any of them, no earlier invoice is there.
    """

    cents: int
    invoices: tuple[int, ...] = ()


class Subject:
    """One invoice under audit. A charge that a rule objects to is no other rule's any more.

    `former` are the invoices whose lateness this one may charge, the newest first. `explained` are
    the words that a rule adds to the evidence of a charge, `unjudged` what it could not judge.
    """

    def __init__(
        self,
        reading: Reading,
        *,
        terms: Terms,
        inventory: Mapping[str, InventoryLine],
        issue_date: date,
        period: Period | None = None,
        former: Sequence[FormerInvoice] = (),
    ) -> None:
        self.reading, self.charges = reading, reading.charges
        self.terms, self.inventory = terms, inventory
        self.issue_date, self.period, self.former = issue_date, period, tuple(former)
        self.claimed = np.zeros(len(self.charges), np.bool_)
        self.expected = self.charges.amount.copy()
        self.explained: dict[Rule, Callable[[int], Mapping[str, str]]] = {}
        self.unjudged: dict[Rule, Unjudged] = {}
        self._called: dict[str, Column] = {}

    @property
    def is_payment_known(self) -> bool:
        """Whether it is known when each invoice was paid whose lateness may be charged."""
        return bool(self.former) and all(each.days_late is not None for each in self.former)

    def unclaimed(self, mask: Column) -> Column:
        """The rows of a mask that no rule has objected to yet."""
        return np.flatnonzero(mask & ~self.claimed)

    @cached_property
    def dates(self) -> Column:
        """Each charge's date; the issue date where it has none."""
        dates = self.charges.date
        return np.where(dates == 0, as_number(self.issue_date), dates)

    @cached_property
    def told_until(self) -> Column:
        """The last day of each charge's line by the carrier's own word; 0 where it says none."""
        told, summaries = np.zeros(len(self.charges.resources), np.int64), self.reading.summaries
        if summaries is not None:
            told[summaries.resource] = summaries.until
        return told[self.charges.resource]

    def called(self, code: str) -> Column:
        """True where a charge goes by this code."""
        return self._labels_called(code)[self.charges.label]

    def tariff_of(self, *kinds: TariffKind, only: Column | None = None) -> Column:
        """The place, among the terms' tariffs of these kinds, of each charge's tariff; else -1."""
        found = np.full(len(self.charges), -1, np.int32)
        tariffs = self.terms.of_kind(*kinds)
        for place, tariff in enumerate(tariffs):
            if not tariff.number:
                meant = self.called(tariff.code) & self.is_valid(tariff)
                found[meant if only is None else meant & only] = place
        for place, tariff in enumerate(tariffs):  # a line's own stands before all others
            if tariff.number:
                rows = self._rows_of(tariff.number)
                called = self._labels_called(tariff.code)[self.charges.label[rows]]
                meant = rows[called & _is_valid(tariff, self.dates[rows])]
                found[meant if only is None else meant[only[meant]]] = place
        return found

    def is_valid(self, tariff: Tariff) -> Column:
        """True where a charge's date is one on which the tariff holds."""
        return _is_valid(tariff, self.dates)

    def holds(self, tariff: Tariff) -> bool:
        """Whether the tariff holds on the day of the issue."""
        return bool(_is_valid(tariff, np.array([as_number(self.issue_date)]))[0])

    def labels_where(self, holds: Sequence[bool]) -> Column:
        """True where a charge's label is one of those for which it holds."""
        return np.array(holds, np.bool_)[self.charges.label] if holds else self.claimed & False

    def _labels_called(self, code: str) -> Column:
        if code not in self._called:
            labels = self.charges.labels
            self._called[code] = np.array([is_called(each, code) for each in labels], np.bool_)
        return self._called[code]

    def _rows_of(self, number: str) -> Column:
        """The charges of a line, looked up without a look at all the others."""
        place = self._places.get(number)
        if place is None:
            return np.zeros(0, np.int64)
        order, ends = self._by_line
        found: Column = order[ends[place] : ends[place + 1]]
        return found

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {number: place for place, number in enumerate(self.charges.resources)}

    @cached_property
    def _by_line(self) -> tuple[Column, Column]:
        lines = self.charges.resource
        counts = np.bincount(lines, minlength=len(self.charges.resources))
        return np.argsort(lines, kind="stable"), np.r_[0, np.cumsum(counts)]


def _is_valid(tariff: Tariff, dates: Column) -> Column:
    valid = dates >= as_number(tariff.valid_from)
    return valid & (dates < as_number(tariff.valid_until)) if tariff.valid_until else valid


def as_number(day: date) -> int:
    """20261122 for the 22nd of November."""
    return day.year * 10_000 + day.month * 100 + day.day


def as_date(number: int) -> date | None:
    """The day for 20261122; None for 0."""
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None


def days_late(due_date: date, paid_on: date, *, calendar: Calendar) -> int:
    """How many days after it was due; 0 up to the first business day from then on, for banks."""
    in_time = paid_on <= next_business_day(due_date, calendar=calendar)
    return 0 if in_time else (paid_on - due_date).days


def period_of(issue_date: date, *, closing_day: int) -> Period:
    """The month that ends on the last closing day before the issue, or on its day."""
    end = _closing(issue_date.year, issue_date.month, closing_day)
    if end > issue_date:
        end = _closing_before(issue_date, closing_day)
    return Period(_closing_before(end, closing_day) + timedelta(days=1), end)


def _closing_before(day: date, closing_day: int) -> date:
    last = day.replace(day=1) - timedelta(days=1)
    return _closing(last.year, last.month, closing_day)


def _closing(year: int, month: int, closing_day: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(closing_day, (following - timedelta(days=1)).day))
