"""Fine and interest beside what was agreed, and the days that the invoice before was late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.audit import audit
from rules.audit_rules import Rule
from rules.audit_subject import FormerInvoice, Subject, Unjudged, days_late
from rules.business_days import Calendar
from rules.carrier_bills import BilledCharge
from rules.carrier_charges import Label
from rules.carrier_records import ChargeKind
from rules.carrier_samples import TERMS, Sample, file_of, make_sample
from rules.carrier_terms import RuleSetting
from tests.support.carriers import read

pytestmark = pytest.mark.once

DUE = date(2026, 11, 5)
#: Five hundred reais, paid six days late: a fine of 10.00, and interest of 1.00.
LATE = FormerInvoice(7, "F7", 50_000, DUE, date(2026, 11, 11), 6)
IN_TIME = replace(LATE, paid_on=DUE, days_late=0)
UNKNOWN = FormerInvoice(8, "F8", 50_000, DUE)


def a_bill(*interest: int, base: int = 0, named: tuple[str, str] = ("501", "JUR")) -> Sample:
    """A bill with a fine of ten reais, and so many cents of interest."""
    sample = make_sample()
    sample.bill.charges += [
        BilledCharge(
            ChargeKind.ADJUSTMENT, "", *named, "Juros de mora", each, sample.bill.period.start,
            base=base,
        )
        for each in interest
    ]  # fmt: skip
    return sample


def looked_at(sample: Sample, *former: FormerInvoice, **terms: Any) -> Subject:
    reading = read(file_of(sample.bill, "febraban_v3r0"))
    return Subject(
        reading, terms=replace(TERMS, **terms), inventory=sample.inventory,
        issue_date=sample.bill.issue_date,
        period=sample.bill.period, former=former,
    )  # fmt: skip


def too_much(subject: Subject) -> list[tuple[int, int]]:
    """What was charged, and what was due, of every finding."""
    found = audit(subject)
    assert {each.rule for each in found} <= {Rule.FINE_NOT_DUE}
    return sorted((each.charged, each.expected) for each in found)


@pytest.mark.parametrize(
    ("former", "found"),
    [
        ((IN_TIME,), [(100, 0), (1000, 0)]),
        ((LATE,), []),
        ((replace(LATE, days_late=5),), [(100, 83)]),  # 500,00 x 1 % / 30 x 5 days
        ((replace(LATE, amount=25_000),), [(100, 50), (1000, 500)]),
        ((replace(LATE, days_late=3), replace(LATE, days_late=3)), []),  # both were late
        ((), []),
        ((UNKNOWN,), []),
        ((LATE, UNKNOWN), []),  # the older one may be what it is charged for
    ],
)
def test_late_charges_are_due_as_far_as_something_was_late(former, found):
    assert too_much(looked_at(a_bill(100), *former)) == found


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ({}, []),
        ({"interest_percent": Decimal("0.5")}, [(100, 50)]),
        ({"interest_percent": Decimal(0)}, [(100, 0)]),
        ({"fine_percent": Decimal(1)}, [(1000, 500)]),
        ({"settings": {Rule.FINE_NOT_DUE: RuleSetting(tolerance=Decimal("0.50"))}}, []),
    ],
)
def test_late_charges_are_judged_by_the_agreement(terms, found):
    assert too_much(looked_at(a_bill(100), LATE, **terms)) == found


def test_interest_in_several_rows_is_judged_as_one_sum():
    assert too_much(looked_at(a_bill(60, 70), LATE)) == [(70, 40)]


def test_interest_on_a_smaller_sum_is_judged_by_that():
    assert too_much(looked_at(a_bill(100, base=40_000), LATE)) == [(100, 80)]


def test_the_evidence_tells_what_was_agreed_and_what_was_late():
    [finding] = audit(looked_at(a_bill(101), LATE))

    told = finding.evidence[0].told

    assert (finding.charged, finding.expected) == (101, 100)
    assert told == {
        "agreed_late": "1,00 % ao mês", "former_invoice": "F7", "former_amount": "R$ 500,00",
        "former_due": "05/11/2026", "former_paid": "11/11/2026", "days_late": "6",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("former", "told"),
    [
        ((), Unjudged(1100)),
        ((UNKNOWN,), Unjudged(1100, (8,))),
        ((LATE, UNKNOWN), Unjudged(1100, (8,))),
        ((LATE,), None),
    ],
)
def test_what_nobody_can_judge_is_told_and_never_guessed(former, told):
    subject = looked_at(a_bill(100), *former)

    audit(subject)

    assert subject.unjudged.get(Rule.FINE_NOT_DUE) == told


def test_what_is_above_its_base_is_a_finding_and_not_unjudged():
    subject = looked_at(a_bill(100), fine_percent=Decimal("0.5"))

    assert too_much(subject) == [(1000, 250)]
    assert subject.unjudged == {Rule.FINE_NOT_DUE: Unjudged(350)}  # 2.50 of the fine, 1.00


def test_a_rule_that_is_off_judges_nothing_and_tells_nothing():
    off = {Rule.FINE_NOT_DUE: RuleSetting(is_on=False)}
    subject = looked_at(a_bill(100), settings=off)

    assert audit(subject) == []
    assert subject.unjudged == {}


@pytest.mark.parametrize(
    ("paid_on", "days"),  # due on a Saturday; a bank works again on Monday
    [(date(2026, 11, 13), 0), (date(2026, 11, 14), 0), (date(2026, 11, 16), 0),
     (date(2026, 11, 17), 3)],
)  # fmt: skip
def test_the_days_count_from_the_due_date_once_it_is_late(paid_on, days):
    assert days_late(date(2026, 11, 14), paid_on, calendar=Calendar()) == days


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Juros de mora", [(100, 0)]), ("JUROS", [(100, 0)]), ("Multa por atraso", [(100, 0)]),
        ("Juros do parcelamento", []), ("Multa rescisória", []), ("Ajuste de juros", []),
    ],
)  # fmt: skip
def test_a_file_without_categories_is_judged_by_its_words(words, found):
    subject = looked_at(a_bill(100), IN_TIME)
    labels = subject.charges.labels
    bare = [Label(each.kind, (), words) if "JUR" in each.codes else each for each in labels]
    subject.charges = replace(subject.charges, labels=bare)

    assert [each for each in too_much(subject) if each[0] == 100] == found
