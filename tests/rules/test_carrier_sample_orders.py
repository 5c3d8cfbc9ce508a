"""Samples to order: what is asked for is in the file, and the tables make the rest of it right."""

from __future__ import annotations

from datetime import date

import pytest

from rules.audit_rules import Rule
from rules.carrier_layouts import LAYOUTS
from rules.carrier_sample_orders import (
    STRANGE_LINE,
    GivenBack,
    SampleOrder,
    lines_table,
    make_ordered,
    tariffs_table,
    written,
)
from rules.carrier_samples import TERMS
from rules.carrier_spoils import Spoil
from rules.carrier_tables import LINES, TARIFFS, read_table
from rules.carrier_terms import Tariff
from tests.support.carriers import V3, audited, read

pytestmark = pytest.mark.once

MARCH = date(2027, 3, 22)


def an_order(**told) -> SampleOrder:
    return SampleOrder(**{"issue_date": MARCH, "account": "77", "lines": 3, "calls": 8, **told})


def test_the_tables_of_a_sample_read_back_as_what_it_is_right_by():
    sample, _ = make_ordered(an_order(wrong=(Rule.LINE_INACTIVE,)))

    lines, no_faults = read_table(lines_table(sample), LINES)
    tariffs, none_either = read_table(tariffs_table(), TARIFFS)

    assert (no_faults, none_either) == ([], [])
    assert {row["number"]: row["active_until"] for row in lines} == {
        each.number: each.active_until for each in sample.inventory.values()
    }
    known = [Tariff(**{k: v for k, v in row.items() if k != "description"}) for row in tariffs]
    assert [each.code for each in known] == [each.code for each in TERMS.tariffs]
    assert [each.ten_thousandths for each in known] == [
        each.ten_thousandths for each in TERMS.tariffs
    ]


def test_a_sample_of_own_lines_bills_them_and_a_strange_one_where_that_is_wrong():
    own = ("11987654321", "11987654322")

    sample, planted = make_ordered(an_order(numbers=own, wrong=(Rule.LINE_UNKNOWN, Rule.DUPLICATE)))

    assert sample.bill.lines == [*own, STRANGE_LINE]
    assert {each.rule for each in audited(sample)} == {Rule.LINE_UNKNOWN, Rule.DUPLICATE}
    assert {each.rule for each in planted} == {Rule.LINE_UNKNOWN, Rule.DUPLICATE}


def test_a_credit_of_an_earlier_invoice_stands_in_the_file():
    sample, _ = make_ordered(an_order(credits=(GivenBack(1990, told="Ajuste 2026-1"),)))

    reading = read(written(sample, V3))

    assert reading.is_accepted
    assert -1990 in reading.charges.amount.tolist()
    assert audited(sample) == []


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        (Spoil.CUT, {"LineLengthWrong", "TrailerMissing"}),
        (Spoil.SHORT_LINE, {"LineLengthWrong"}),
        (Spoil.STRANGE_RECORD, {"RecordUnknown"}),
    ],
)
def test_a_spoiled_file_is_told_to_be_so(how: Spoil, codes: set[str]):
    sample, _ = make_ordered(an_order())

    reading = read(written(sample, LAYOUTS["febraban_v3r0"], spoiled=how))

    assert codes <= set(reading.faults.counts)
    assert reading.is_accepted is (how is Spoil.STRANGE_RECORD)
