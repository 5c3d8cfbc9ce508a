"""Audit: what is charged twice, too late, or in the wrong month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from rules.audit_subject import Hits, Subject, as_number
from rules.carrier_charges import Column
from rules.carrier_records import ChargeKind

_MIX = np.uint64(0x9E3779B97F4A7C15)
#: What makes a call the same call, and any other charge the same charge.
_CALL = ("resource", "date", "time", "called", "quantity")
_OTHER = ("resource", "label", "date", "until", "time", "called", "quantity", "amount")


def duplicate(subject: Subject) -> Hits:
    """The second and any further charge of one call, or of one service, plan or debit."""
    charges = subject.charges
    calls = charges.of_kind(ChargeKind.CALL)
    others = charges.of_kind(ChargeKind.SERVICE, ChargeKind.PLAN, ChargeKind.ADJUSTMENT)
    charged = charges.amount > 0
    rows = np.sort(
        np.concatenate(
            [
                _repeated(subject, subject.unclaimed(calls & charged), _CALL),
                _repeated(subject, subject.unclaimed(others & charged), _OTHER),
            ]
        )
    )
    return Hits(rows, np.zeros(len(rows), np.int64))


def too_old(subject: Subject) -> Hits:
    """Calls and services older at the issue than a carrier may still charge."""
    oldest = as_number(subject.issue_date - timedelta(days=subject.terms.max_age_days))
    return _dated(subject, lambda dates: dates < oldest)


def outside_period(subject: Subject) -> Hits | None:
    """Calls and services after the invoice's period, or before it and too late to come along."""
    if subject.period is None:
        return None
    start = as_number(subject.period.start - timedelta(days=subject.terms.late_call_days))
    end = as_number(subject.period.end)
    return _dated(subject, lambda dates: (dates < start) | (dates > end))


def _dated(subject: Subject, is_wrong: Callable[[Column], Column]) -> Hits:
    charges = subject.charges
    used = charges.of_kind(ChargeKind.CALL, ChargeKind.SERVICE) & (charges.date > 0)
    rows = subject.unclaimed(used & is_wrong(charges.date))
    return Hits(rows, np.zeros(len(rows), np.int64))


def _repeated(subject: Subject, rows: Column, names: tuple[str, ...]) -> Column:
    """Those of the rows that agree with an earlier one in every column named."""
    key = np.zeros(len(rows), np.uint64)
    for name in names:
        key = (key ^ subject.charges.columns[name][rows].astype(np.uint64)) * _MIX
        key ^= key >> np.uint64(31)
    order = np.argsort(key, kind="stable")
    again = key[order][1:] == key[order][:-1]
    for name in names:  # a digest may agree by chance
        column = subject.charges.columns[name][rows[order[1:][again]]]
        again[again] = column == subject.charges.columns[name][rows[order[:-1][again]]]
    found: Column = rows[order[1:][again]]
    return found
