"""Due-day rules: on which day of the month invoices fall due, and when they are issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.business_days import add_months
from rules.refusals import Refusal

LAST_DUE_DAY = 31


class DueDayNotPossible(Refusal):
    message = "O dia de vencimento %(day)s não existe. Informe um dia de 1 a 31."
    field = "due_day"


class IssueTooCloseToDueDate(Refusal):
    message = "A fatura deve sair ao menos %(days)s dias antes do vencimento. Aumente o prazo."
    field = "days_before"


@dataclass(frozen=True)
class DueDayRule:
    """The day of the month agreed on, and the calendar days between issue and due date.

    In a month without that day the last one takes its place: the 31st is the 30th of April and the
    28th or 29th of February, and the 31st again in March.
    """

    due_day: int
    issue_days: int

    def due_date_in(self, *, year: int, month: int) -> date:
        """The due date of that month."""
        return add_months(date(year, month, 1), months=0, on_day=self.due_day)

    def issue_date(self, due_date: date) -> date:
        """When the invoice of that due date is issued."""
        return due_date - timedelta(days=self.issue_days)


def check_due_day_rule(rule: DueDayRule, *, minimum_issue_days: int) -> None:
    """This will refuse a day that no month has, and bills that would come too late.

    A telecom bill must be at hand at least five days before it falls due: the least number of days
    is the caller's setting.
    """
    if not 1 <= rule.due_day <= LAST_DUE_DAY:
        raise DueDayNotPossible(day=rule.due_day)
    if rule.issue_days < minimum_issue_days:
        raise IssueTooCloseToDueDate(days=minimum_issue_days)


def first_due_date(issued_from: date, *, rule: DueDayRule) -> date:
    """This will give the first due date whose invoice is issued on that day or later."""
    earliest = issued_from + timedelta(days=rule.issue_days)
    due_date = rule.due_date_in(year=earliest.year, month=earliest.month)
    return due_date if due_date >= earliest else _later(due_date, months=1, rule=rule)


def due_dates(first: date, *, rule: DueDayRule, months: int, count: int) -> Iterator[date]:
    """This will give so many due dates, the first one and then one every so many months."""
    for ordinal in range(count):
        yield first if ordinal == 0 else _later(first, months=months * ordinal, rule=rule)


def _later(due_date: date, *, months: int, rule: DueDayRule) -> date:
    return add_months(due_date, months=months, on_day=rule.due_day)
