"""Audit: fine and interest beside the agreement's late terms and the days that were really late."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

import numpy as np

from rules.audit_rules import Rule
from rules.audit_subject import FormerInvoice, Hits, Subject, Unjudged
from rules.carrier_charges import Column, Label
from rules.carrier_records import ChargeKind
from rules.carrier_tariff_words import written_price
from rules.money import from_cents, percent_of, round_half_up, to_cents
from rules.refusals import written_amount, written_date

#: FEBRABAN's categories of interest and fine, and what other layouts call them.
_INTEREST, _FINE = {"501", "JUR"}, {"502", "MUL"}
_INTEREST_WORDS = re.compile(r"JUROS(\W*$|\b.*\b(MORA|ATRASO)\b)", re.IGNORECASE)
_FINE_WORDS = re.compile(r"MULTA(\W*$|\b.*\b(MORA|ATRASO)\b)", re.IGNORECASE)
#: Interest by the day is a thirtieth of the month's, as bills print it; both in hundredths.
_SHARES = 30 * 100


def fine_not_due(subject: Subject) -> Hits:
    """Fine and interest although what came before was paid in time, or above what was agreed.

    What nobody can judge, as a payment is not on record, is told apart (`Subject.unjudged`).
    """
    fines = _charged(subject, _FINE, _FINE_WORDS)
    interest = _charged(subject, _INTEREST, _INTEREST_WORDS) & ~fines
    subject.explained[Rule.FINE_NOT_DUE] = _evidence(subject, fines)
    if not subject.is_payment_known:
        told = fines & (subject.charges.base > 0)
        above = _above(subject, told, None, _fine(subject.terms.fine_percent))
        _tell_unjudged(subject, fines | interest, above)
        return above
    late = [each for each in subject.former if each.days_late]
    fine, month = subject.terms.fine_percent, subject.terms.interest_percent
    days = max((each.days_late or 0 for each in late), default=0)
    fines_due = sum(_fine(fine)(each.amount) for each in late)
    interest_due = sum(_interest(month, each.days_late or 0)(each.amount) for each in late)
    found = (
        _above(subject, fines, fines_due, _fine(fine)),
        _above(subject, interest, interest_due, _interest(month, days)),
    )
    return Hits(*(np.concatenate(columns) for columns in zip(*map(_columns, found), strict=True)))


def _charged(subject: Subject, codes: Collection[str], words: re.Pattern[str]) -> Column:
    """True where a late charge goes by one of the codes, or by words where no file has any."""
    charges = subject.charges
    named = [_is_named(each, codes, words) for each in charges.labels]
    late: Column = charges.of_kind(ChargeKind.ADJUSTMENT) & (charges.amount > 0)
    return late & subject.labels_where(named)


def _is_named(label: Label, codes: Collection[str], words: re.Pattern[str]) -> bool:
    if any(len(code) == 3 and code.isdecimal() for code in label.codes):
        return not {*codes}.isdisjoint(label.codes)
    told = (label.description, *label.codes)
    return any(words.match(text.strip()) is not None for text in told)


def _fine(percent: Decimal) -> Callable[[int], int]:
    return lambda base: to_cents(percent_of(from_cents(base), percent=percent))


def _interest(percent: Decimal, days: int) -> Callable[[int], int]:
    return lambda base: to_cents(round_half_up(from_cents(base) * percent * days / _SHARES))


def _above(subject: Subject, mask: Column, due: int | None, of_base: Callable[[int], int]) -> Hits:
    """What is charged above all that is due, and above what its own base gives; None: any sum."""
    charges, rows, expected = subject.charges, subject.unclaimed(mask), []
    for row in rows.tolist():
        amount, base = int(charges.amount[row]), int(charges.base[row])
        rightful = min(amount, of_base(base) if base > 0 else amount)
        if due is not None:
            rightful = min(rightful, due)
            due -= rightful
        expected.append(rightful)
    reckoned = np.array(expected, np.int64)
    above = charges.amount[rows] > reckoned
    return Hits(rows[above], reckoned[above])


def _columns(hits: Hits) -> tuple[Column, Column]:
    return hits.rows, hits.expected


def _tell_unjudged(subject: Subject, mask: Column, above: Hits) -> None:
    amounts = subject.charges.amount
    judged = int((amounts[above.rows] - above.expected).sum())
    cents = int(amounts[subject.unclaimed(mask)].sum()) - judged
    unknown = tuple(each.key for each in subject.former if each.days_late is None)
    if cents:
        subject.unjudged[Rule.FINE_NOT_DUE] = Unjudged(cents, unknown)


def _evidence(subject: Subject, fines: Column) -> Callable[[int], Mapping[str, str]]:
    """What was agreed, and the invoices that were paid late, or in time."""
    terms = subject.terms
    told = _former([each for each in subject.former if each.days_late] or subject.former[:1])
    fine, month = written_price(terms.fine_percent), written_price(terms.interest_percent)

    def of_row(row: int) -> Mapping[str, str]:
        return {"agreed_late": f"{fine} %" if fines[row] else f"{month} % ao mês", **told}

    return of_row


def _former(invoices: Collection[FormerInvoice]) -> dict[str, str]:
    known = [each for each in invoices if each.due_date and each.paid_on]
    told = {
        "former_invoice": [each.name for each in known],
        "former_amount": [f"R$ {written_amount(from_cents(each.amount))}" for each in known],
        "former_due": [written_date(each.due_date) for each in known if each.due_date],
        "former_paid": [written_date(each.paid_on) for each in known if each.paid_on],
        "days_late": [str(each.days_late or 0) for each in known],
    }
    return {name: "; ".join(texts) for name, texts in told.items() if texts}
