"""Audit: charges of lines that the company does not have, or not on that day."""

from __future__ import annotations

from datetime import date

import numpy as np

from rules.audit_subject import Hits, Subject, as_number
from rules.carrier_charges import Column
from rules.carrier_records import ChargeKind

_NEVER, _ALWAYS = 0, 99_991_231


def line_unknown(subject: Subject) -> Hits | None:
    """Lines that are not in the inventory; charges of the account as a whole have no line."""
    if not subject.inventory:
        return None
    strange = [
        bool(number) and number not in subject.inventory for number in subject.charges.resources
    ]
    return _nothing_due(subject, np.array(strange, np.bool_)[subject.charges.resource])


def line_inactive(subject: Subject) -> Hits | None:
    """Charges from before a line was active, or from its end on.

    Of calls and services, also those after the line's last day as the carrier's own file tells it.
    """
    charges = subject.charges
    lines = [subject.inventory.get(number) for number in charges.resources]
    start = [as_number(each.active_from or date.min) if each else _NEVER for each in lines]
    end = [_end(each.active_until) if each else _ALWAYS for each in lines]
    last = np.where(charges.until == 0, subject.dates, charges.until)
    before = last < np.array(start, np.int64)[charges.resource]
    after = subject.dates >= np.array(end, np.int64)[charges.resource]
    used = charges.of_kind(ChargeKind.CALL, ChargeKind.SERVICE)
    beyond = used & (subject.told_until > 0) & (subject.dates > subject.told_until)
    return _nothing_due(subject, before | after | beyond)


def _end(active_until: date | None) -> int:
    return as_number(active_until) if active_until else _ALWAYS


def _nothing_due(subject: Subject, mask: Column) -> Hits:
    rows = subject.unclaimed(mask)
    return Hits(rows, np.zeros(len(rows), np.int64))
