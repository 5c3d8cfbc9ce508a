"""Every layout is whole, is told from the others, and reads what its own sample maker writes."""

from __future__ import annotations

import pytest

from rules.carrier_layouts import LAYOUTS, LayoutNotRecognised, sniff
from rules.carrier_readers import reader_of
from rules.carrier_records import ChargeKind, FixedLayout
from rules.carrier_samples import file_of
from tests.support.carriers import bill_for, read

pytestmark = pytest.mark.once

FIXED = [each for each in LAYOUTS.values() if isinstance(each, FixedLayout)]


@pytest.mark.parametrize(
    ("layout", "record"),
    [(layout, record) for layout in FIXED for record in layout.records],
    ids=lambda each: getattr(each, "key", None) or each.code,
)
def test_the_fields_of_a_record_fill_its_line_without_gap_or_overlap(layout, record):
    ends = [0, *(each.end for each in record.fields)]

    assert [each.start - 1 for each in record.fields] == ends[:-1]
    assert ends[-1] == layout.width


@pytest.mark.parametrize("layout", FIXED, ids=lambda each: each.key)
def test_what_a_layout_leans_on_is_declared(layout):
    trailer = layout.records[-1].by_name
    for total in layout.totals:
        assert total.field in trailer
        assert not total.sign or total.sign in trailer
        assert set(total.of) <= set(layout.by_code)
    for source in layout.charges:
        assert source.amount in layout.by_code[source.record].by_name


@pytest.mark.parametrize("key", LAYOUTS)
def test_a_sample_is_recognised_and_read_whole(key):
    bill = bill_for(key)
    raw = file_of(bill, key)

    layout = sniff(raw.split(b"\n")[0].decode("cp1252"))
    reading = read(raw, layout)

    assert layout.key == key
    assert reading.faults.counts == {}
    assert len(reading.charges) == len(bill.charges)
    assert int(reading.charges.amount.sum()) == bill.total
    assert reading.header["account"] == bill.account
    calls = [each for each in bill.charges if each.kind is ChargeKind.CALL]
    seconds = reading.charges.quantity[reading.charges.of_kind(ChargeKind.CALL)]
    assert int(seconds.sum()) == sum(each.quantity for each in calls)
    assert set(reading.charges.resources) - {""} == set(bill.lines)


@pytest.mark.parametrize("first", ["", "10abc", "00" + " " * 348, "NumNF;Valor", "PK\x03\x04"])
def test_a_file_of_no_known_layout_is_refused(first):
    if first.startswith("00"):
        assert sniff(first).key == "febraban_v2"  # without the mark of version 3
        return
    with pytest.raises(LayoutNotRecognised):
        sniff(first)


@pytest.mark.parametrize("key", LAYOUTS)
def test_a_line_is_told_by_its_fields_as_evidence(key):
    bill = bill_for(key)
    raw = file_of(bill, key)
    call = next(each for each in bill.charges if each.kind is ChargeKind.CALL)
    reader = reader_of(LAYOUTS[key])
    reader.feed(raw)

    lines = [reader.describe(line) for line in raw.splitlines()]

    assert any(call.called[2:] in line.get("called", "") for line in lines)
