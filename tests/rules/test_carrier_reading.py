"""A carrier's file is read whole, and every fault in it is told by line and position."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rules.carrier_charges import normalise_number
from rules.carrier_columns import digits, distinct
from rules.carrier_layouts import LAYOUTS
from rules.carrier_reading import LISTED
from rules.carrier_samples import file_of
from tests.support.carriers import bill_for, read

pytestmark = pytest.mark.once

RAW = file_of(bill_for("febraban_v3r0"), "febraban_v3r0")
LINES = RAW.splitlines()


def changed(line: int, start: int, text: str) -> bytes:
    """The file with a text put at a place of a line; both counted from 1."""
    lines = list(LINES)
    old = lines[line - 1]
    lines[line - 1] = old[: start - 1] + text.encode() + old[start - 1 + len(text) :]
    return b"\r\n".join(lines) + b"\r\n"


def line_of(code: str) -> int:
    return next(n for n, line in enumerate(LINES, 1) if line.startswith(code.encode()))


def faults(raw: bytes):
    return [(each.line, each.field, each.code) for each in read(raw).faults.in_order()]


def test_a_bad_amount_is_told_by_line_and_position_and_keeps_the_file_out():
    line = line_of("30")

    reading = read(changed(line, 238, "00000000A0000"))

    told = reading.faults.in_order()[0]
    assert (told.line, told.field, told.code) == (line, "238-250", "FieldNotNumber")
    assert told.value == "00000000A0000"
    assert not reading.is_accepted


@pytest.mark.parametrize(
    ("code", "start", "text", "fault"),
    [
        ("30", 100, "20261301", "FieldNotDate"),
        ("30", 100, "        ", "FieldMissing"),
        ("30", 238, " " * 13, "FieldMissing"),
        ("40", 180, "-000000000012", "FieldNotNumber"),
        ("50", 172, "20260231", "FieldNotDate"),
    ],
)
def test_a_field_that_cannot_be_meant_keeps_the_file_out(code, start, text, fault):
    line = line_of(code)

    found = faults(changed(line, start, text))

    assert (line, f"{start}-{start + len(text) - 1}", fault) in found


def test_a_blank_number_that_nothing_leans_on_is_zero():
    line = line_of("30")

    assert faults(changed(line, 181, " " * 5)) == []  # roaming, at home


@pytest.mark.parametrize("cut", [1, 40, 349])
def test_a_line_of_another_length_is_told_and_kept(cut):
    lines = list(LINES)
    lines[4] = lines[4][:-cut]

    reading = read(b"\n".join(lines) + b"\n")

    told = reading.faults.in_order()[0]
    assert (told.line, told.field, told.code) == (5, str(351 - cut), "LineLengthWrong")
    assert [each.line for each in reading.faults.unread] == [5]
    assert not reading.is_accepted


def test_an_unknown_record_is_kept_and_told_and_the_rest_is_read():
    lines = list(LINES)
    lines.insert(3, b"77" + lines[3][2:])

    reading = read(b"\r\n".join(lines) + b"\r\n")

    assert [each.code for each in reading.faults.in_order()] == ["RecordUnknown", "CountDiffers"]
    assert [(each.line, each.record) for each in reading.faults.unread] == [(4, "77")]
    assert reading.is_accepted


def test_each_total_that_differs_from_its_records_is_told():
    assert faults(changed(len(LINES), 133, "0000000099999")) == [
        (len(LINES), "133-145", "AmountDiffers")
    ]
    assert faults(changed(len(LINES), 146, "000009999")) == [
        (len(LINES), "146-154", "CountDiffers")
    ]


def test_a_line_whose_summary_differs_is_told():
    found = faults(changed(2, 129, "0000000099999"))

    assert (2, "", "LineSummaryDiffers") in found


def test_a_file_that_was_cut_is_not_accepted():
    assert faults(b"\r\n".join(LINES[:-1]) + b"\r\n") == [(len(LINES) - 1, "", "TrailerMissing")]
    assert (1, "", "HeaderMissing") in faults(b"\r\n".join(LINES[1:]) + b"\r\n")


def test_two_invoices_in_one_file_are_not_accepted():
    assert "RecordRepeated" in {code for _, _, code in faults(RAW + RAW)}


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
@pytest.mark.parametrize("block", [0, 1, 7])
def test_line_ends_encodings_and_blocks_make_no_difference(end, encoding, block):
    text = RAW.decode("cp1252").replace("Plano Corporativo  ", "Promoção Nº 1 ção  ", 1)
    text = text.replace("Movel Local Intra Rede   ", "Móvel Local Intra Rede   ")

    reading = read(text.encode(encoding).replace(b"\r\n", end), block=block)

    assert reading.faults.counts == {}
    assert reading.encoding == encoding
    names = {each.description for each in reading.charges.labels}
    assert {"Promoção Nº 1 ção", "Móvel Local Intra Rede"} <= names


def test_a_line_in_another_encoding_is_told():
    lines = RAW.decode("cp1252").replace("Movel", "Móvel").encode("utf-8").splitlines()
    lines[-2] = lines[-2][:349] + b"\xe7"

    assert (len(lines) - 1, "", "LineNotDecoded") in faults(b"\r\n".join(lines) + b"\r\n")


def test_faults_of_one_kind_are_listed_up_to_a_limit_and_counted_beyond():
    bad = b"\n".join([LINES[0], *([LINES[1][:-1]] * (LISTED + 5)), LINES[-1]]) + b"\n"

    reading = read(bad)

    assert reading.faults.counts["LineLengthWrong"] == LISTED + 5
    assert sum(each.code == "LineLengthWrong" for each in reading.faults.listed) == LISTED


@given(some.binary(max_size=2_000), some.integers(0, len(RAW) - 1))
@settings(max_examples=60, deadline=None)
def test_no_garbage_brings_the_reader_down(garbage, at):
    raw = RAW[:at] + garbage + RAW[at:]
    for layout in LAYOUTS.values():
        reading = read(raw, layout, block=13)
        assert reading.lines <= raw.count(b"\n") + raw.count(b"\r") + raw.count(b"\x0b") + 9_000


@given(some.lists(some.integers(0, 10**15 - 1), min_size=1, max_size=50))
def test_digits_are_read_as_they_stand(numbers):
    cells = np.frombuffer("".join(f"{n:015}" for n in numbers).encode(), np.uint8).reshape(-1, 15)

    values, bad = digits(cells)

    assert values.tolist() == numbers
    assert bad is None


@given(some.lists(some.text("ab ", min_size=11, max_size=11), min_size=1, max_size=60))
def test_equal_texts_get_one_place(texts):
    cells = np.frombuffer("".join(texts).encode(), np.uint8).reshape(-1, 11)

    first, place = distinct(cells)

    assert [texts[first[each]] for each in place] == texts
    assert len(first) == len(set(texts))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("11987654321     ", "11987654321"),
        ("0011987654321", "11987654321"),
        ("(11) 98765-4321", "11987654321"),
        ("5511987654321", "11987654321"),
        ("1187654321", "11987654321"),  # before 2016
        ("1133334444", "1133334444"),
        ("048-8000-0002", "48980000002"),
        ("spo/ip/00123", "SPO/IP/00123"),
        ("   ", ""),
    ],
)
def test_a_lines_number_is_one_however_it_is_written(written, number):
    assert normalise_number(written) == number


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("7,0x", "FieldNotNumber"),
        ("9" * 30, "FieldNotNumber"),
        ("", None),
        ("-1,89", "AmountDiffers"),
    ],
)
def test_cells_of_a_delimited_file_are_read_strictly(cell, fault):
    layout = LAYOUTS["tim_csv"]
    rows = file_of(bill_for("tim_csv"), "tim_csv").decode("cp1252").splitlines()
    cells = rows[1].split(";")
    was, cells[14] = cells[14], cell
    rows[1] = ";".join(cells)

    told = read("\n".join(rows).encode(), layout).faults.counts

    if fault is None:
        assert (was == "0,00") or "AmountDiffers" in told
    else:
        assert fault in told


def test_a_row_of_another_width_and_a_header_in_between():
    layout = LAYOUTS["tim_csv"]
    rows = file_of(bill_for("tim_csv"), "tim_csv").decode("cp1252").splitlines()
    rows.insert(5, rows[0])

    assert read("\n".join(rows).encode(), layout).faults.counts == {}

    rows.insert(7, "a;b;c")
    assert read("\n".join(rows).encode(), layout).faults.in_order()[0].line == 8
