"""The last twelve months, as axes and tables of figures have them."""

from __future__ import annotations

from datetime import date, time

from babel.dates import format_date

from api import language
from models.charts import Span
from rules.business_days import ONE_DAY, add_months, at_local_time

MONTHS = 12


def months(today: date) -> list[date]:
    """The first days of the last twelve months, this one the last."""
    first = today.replace(day=1)
    return [add_months(first, months=number - MONTHS + 1) for number in range(MONTHS)]


def last_of(first: date) -> date:
    """The last day of the month that begins on a day."""
    return add_months(first, months=1) - ONE_DAY


def month_span(first: date) -> Span:
    """The instants of the month that begins on a day."""
    return span(first, add_months(first, months=1))


def span(since: date, until: date) -> Span:
    """The instants from the beginning of a day to that of another."""
    return Span(at_local_time(since, at=time.min), at_local_time(until, at=time.min))


def month_name(first: date) -> str:
    """A month as axes call it: out/26."""
    name = format_date(first, "MMM/yy", locale=language.current.get())
    return name.replace(".", "")
