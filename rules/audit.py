"""The audit of a carrier's invoice: every rule over every charge, on whole columns at once.

Rules run in the order of `Rule`. What one objects to, no later one sees: a charge of a line that
was cancelled is not contested again for its rate. Overcharges and undercharges never stand in one
finding: the latter are recorded, and neither contested nor netted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from rules import audit_account, audit_late, audit_lines, audit_prices, audit_repeats
from rules.audit_prices import Prices
from rules.audit_rules import Rule
from rules.audit_subject import AccountHit, Hits, Subject
from rules.carrier_charges import Column, Label, sum_by
from rules.money import to_cents

#: Evidence rows of one finding, and of all findings of an invoice; each has one at least.
ROWS_OF_FINDING, ROWS_OF_INVOICE = 100, 50_000

_CHARGE_RULES: Mapping[Rule, Callable[[Subject], Hits | None]] = {
    Rule.LINE_UNKNOWN: audit_lines.line_unknown,
    Rule.LINE_INACTIVE: audit_lines.line_inactive,
    Rule.DUPLICATE: audit_repeats.duplicate,
    Rule.TOO_OLD: audit_repeats.too_old,
    Rule.OUTSIDE_PERIOD: audit_repeats.outside_period,
    Rule.INSTALMENT_BEYOND: audit_account.instalment_beyond,
    Rule.FINE_NOT_DUE: audit_late.fine_not_due,
}
_PRICE_RULES: Mapping[Rule, Callable[[Prices], Hits]] = {
    Rule.NOT_CONTRACTED: audit_prices.not_contracted,
    Rule.TAX_DIFFERS: audit_prices.tax_differs,
    Rule.ALLOWANCE_NOT_APPLIED: audit_prices.allowance_not_applied,
    Rule.DURATION_WRONG: audit_prices.duration_wrong,
    Rule.RATE_DIFFERS: audit_prices.rate_differs,
    Rule.FEE_DIFFERS: audit_prices.fee_differs,
}
_ACCOUNT_RULES: Mapping[Rule, Callable[[Subject], list[AccountHit]]] = {
    Rule.DISCOUNT_MISSING: audit_account.discount_missing,
    Rule.TOTAL_WRONG: audit_account.total_wrong,
}
#: Objections to a line as a whole: one finding, whatever was charged.
_OF_LINES = frozenset({Rule.LINE_UNKNOWN, Rule.LINE_INACTIVE})


@dataclass(frozen=True)
class EvidenceRow:
    """A line of the file behind a finding, with its own cents, and what its rule says of it."""

    line: int
    charged: int
    expected: int
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Objection:
    """A finding: so many charges of a line under one label, all too high or all too low; cents."""

    rule: Rule
    number: str
    label: Label | None
    count: int
    charged: int
    expected: int
    evidence: tuple[EvidenceRow, ...]

    @property
    def difference(self) -> int:
        """What was charged too much; below zero: too little."""
        return self.charged - self.expected


def audit(subject: Subject) -> list[Objection]:
    """This will find everything that differs from the terms, by rule, line and label."""
    found = [*_by_charge(subject), *_by_account(subject)]
    if not found:
        return []
    rows = max(1, min(ROWS_OF_FINDING, ROWS_OF_INVOICE // len(found)))
    return [each.objection(subject, rows=rows) for each in found]


@dataclass(frozen=True)
class _Group:
    rule: Rule
    number: str
    label: Label | None
    charged: int
    expected: int
    rows: Column
    due: Column

    def objection(self, subject: Subject, *, rows: int) -> Objection:
        """With the greatest differences as evidence, in the file's order."""
        amount = subject.charges.amount[self.rows]
        chosen = np.sort(np.argsort(-np.abs(amount - self.due), kind="stable")[:rows])
        lines = subject.charges.line[self.rows[chosen]].tolist()
        told = map(subject.explained.get(self.rule, _nothing), self.rows[chosen].tolist())
        amounts, due = amount[chosen].tolist(), self.due[chosen].tolist()
        evidence = map(EvidenceRow, lines, amounts, due, told)
        return Objection(
            self.rule, self.number, self.label, max(len(self.rows), 1), self.charged,
            self.expected, tuple(evidence),
        )  # fmt: skip


def _nothing(_row: int) -> Mapping[str, str]:
    return {}


def _by_charge(subject: Subject) -> Iterator[_Group]:
    prices = Prices(subject)
    for rule in Rule:
        if rule in _ACCOUNT_RULES or not subject.terms.setting(rule).is_on:
            continue
        hits = _CHARGE_RULES[rule](subject) if rule in _CHARGE_RULES else _PRICE_RULES[rule](prices)
        if hits is not None:
            yield from _grouped(subject, rule, _beyond_tolerance(subject, rule, hits))


def _beyond_tolerance(subject: Subject, rule: Rule, hits: Hits) -> Hits:
    tolerance = to_cents(subject.terms.setting(rule).tolerance)
    matters = np.abs(subject.charges.amount[hits.rows] - hits.expected) > tolerance
    kept = Hits(hits.rows[matters], hits.expected[matters])
    subject.claimed[kept.rows] = True
    subject.expected[kept.rows] = kept.expected
    return kept


def _grouped(subject: Subject, rule: Rule, hits: Hits) -> Iterator[_Group]:
    charges = subject.charges
    amount = charges.amount[hits.rows]
    label = charges.label[hits.rows].astype(np.int64) * (rule not in _OF_LINES)
    too_high = (amount > hits.expected) | (rule in _OF_LINES)  # a line's credits go with it
    key = (charges.resource[hits.rows].astype(np.int64) * len(charges.labels) + label) * 2
    _, first, group = np.unique(key + too_high, return_index=True, return_inverse=True)
    charged, expected = (sum_by(group, each, len(first)) for each in (amount, hits.expected))
    order = np.argsort(group, kind="stable")
    bounds = np.cumsum(np.bincount(group, minlength=len(first)))[:-1]
    for place, members in enumerate(np.split(order, bounds) if len(first) else ()):
        row = hits.rows[first[place]]
        yield _Group(
            rule, charges.resources[charges.resource[row]],
            None if rule in _OF_LINES else charges.labels[charges.label[row]],
            int(charged[place]), int(expected[place]), hits.rows[members], hits.expected[members],
        )  # fmt: skip


def _by_account(subject: Subject) -> Iterator[_Group]:
    for rule, find in _ACCOUNT_RULES.items():
        setting = subject.terms.setting(rule)
        for hit in find(subject) if setting.is_on else ():
            if abs(hit.charged - hit.expected) > to_cents(setting.tolerance):
                due = subject.charges.amount[
                    hit.rows
                ]  # each row is right; it is the sum that is not
                yield _Group(rule, "", hit.label, hit.charged, hit.expected, hit.rows, due)
