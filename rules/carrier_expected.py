"""Carriers' invoices that should have come: one per account and month, by a day of the month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


def expected_on(month: date, *, day: int) -> date:
    """The day of a month by which an invoice is expected; the last one of a shorter month."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def months_due(today: date, *, day: int) -> Iterator[date]:
    """The months, by their first day, whose invoice should be here: this one and the one before.

    On the expected day itself there is time left.
    """
    this = today.replace(day=1)
    before = (this - timedelta(days=1)).replace(day=1)
    for month in (before, this):
        if expected_on(month, day=day) < today:
            yield month
