"""Audit: what is due or not for the account as a whole: discounts, instalments, totals."""

from __future__ import annotations

import re

import numpy as np

from rules.audit_subject import AccountHit, Hits, Subject
from rules.carrier_charges import Label
from rules.carrier_records import ChargeKind
from rules.carrier_terms import Tariff, TariffKind, is_called
from rules.money import from_cents, percent_of, to_cents

#: "PARC APARELHO 03/12": which instalment, of how many.
_INSTALMENT = re.compile(r"\b(\d{1,3})\s*(?:/|DE)\s*(\d{1,3})\b", re.IGNORECASE)
_INSTALMENT_WORD = re.compile(r"\bPARC", re.IGNORECASE)


def instalment_beyond(subject: Subject) -> Hits:
    """Instalments of a device after the last one that was agreed."""
    agreed = subject.terms.of_kind(TariffKind.INSTALMENT)
    beyond = [_is_beyond(each, agreed) for each in subject.charges.labels]
    rows = subject.unclaimed(subject.labels_where(beyond) & (subject.charges.amount > 0))
    return Hits(rows, np.zeros(len(rows), np.int64))


def _is_beyond(label: Label, agreed: list[Tariff]) -> bool:
    told = _INSTALMENT.search(label.description)
    if told is None:
        return False
    counts = [each.quantity for each in agreed if is_called(label, each.code) and each.quantity]
    if not counts and not _INSTALMENT_WORD.search(label.description):
        return False
    return int(told[1]) > (counts[-1] if counts else int(told[2]))


def discount_missing(subject: Subject) -> list[AccountHit]:
    """Discounts that are agreed, and were given too low or not at all; or too high.

    One is due on what was charged on the days on which it holds; a sum, if it holds at the issue.
    """
    agreed = subject.terms.of_kind(TariffKind.DISCOUNT)
    return [_discount(subject, each) for each in agreed]


def _discount(subject: Subject, tariff: Tariff) -> AccountHit:
    charges = subject.charges
    given = subject.called(tariff.code) & charges.of_kind(ChargeKind.DISCOUNT)
    given &= subject.is_valid(tariff)
    base = ~charges.of_kind(ChargeKind.DISCOUNT, ChargeKind.ADJUSTMENT) & (subject.expected > 0)
    base &= subject.is_valid(tariff)
    if tariff.base_code:
        base &= subject.called(tariff.base_code)
    reckoned = int(subject.expected[base].sum())
    if tariff.percent:
        due = to_cents(percent_of(from_cents(reckoned), percent=tariff.percent))
    else:
        times = int(base.sum()) if tariff.base_code else int(subject.holds(tariff))
        due = tariff.ten_thousandths * times // 100
    label = Label(ChargeKind.DISCOUNT, (tariff.code,), "")
    rows = np.flatnonzero(given)
    return AccountHit(int(subject.expected[rows].sum()), -due, label, rows)


def total_wrong(subject: Subject) -> list[AccountHit]:
    """What is to be paid, beside what the charges come to."""
    return [
        AccountHit(each.declared, each.found, None, np.zeros(0, np.int64))
        for each in subject.reading.totals
        if each.field == "total"
    ]
