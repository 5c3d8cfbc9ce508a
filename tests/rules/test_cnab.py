from datetime import date
from decimal import Decimal

import pytest

from rules import cnab_240, cnab_400
from rules.cnab import BankNotKnown, NotABankFile, NotAReturnFile, read_return
from rules.cnab_titles import FileProblem, LineKind, LineProblem, TitleOutcome
from tests.support.cnab import cents, file_240, file_400, record, sent, t_segment, u_segment

pytestmark = pytest.mark.once

ITAU = {
    63: "00000011", 109: "06", 111: "160326", 117: "FAT-1", 147: "100326", 153: cents("40.00"),
    176: cents("2.10"), 254: cents("37.90"), 267: cents("0.00"), 296: "170326",
}  # fmt: skip


def only_title(content):
    (title,) = read_return(content).titles
    return title


def reported(content):
    return [(line.number, line.kind.value, line.problem) for line in read_return(content).lines]


# CNAB 240


def test_a_segment_t_and_its_u_are_one_title():
    title = only_title(sent(file_240("001", t_segment(), u_segment())))

    assert (title.our_number, title.your_number) == ("1234567890", "FAT-1")
    assert (title.movement, title.outcome) == ("06", TitleOutcome.LIQUIDATED)
    assert (title.face_amount, title.paid_amount) == (Decimal("100.00"), Decimal("102.17"))
    assert (title.credited_amount, title.fee) == (Decimal("100.67"), Decimal("1.50"))
    assert (title.interest, title.discount) == (Decimal("2.17"), Decimal("0.00"))
    assert (title.due_date, title.occurred_on) == (date(2026, 3, 10), date(2026, 3, 16))
    assert title.credited_on == date(2026, 3, 17)
    assert title.key == "1234567890/06/2026-03-16/000100001"


def test_santanders_t_stands_further_to_the_left():
    title = only_title(sent(file_240("033", t_segment(shift=4), u_segment())))

    assert (title.our_number, title.your_number) == ("1234567890", "FAT-1")
    assert (title.face_amount, title.fee) == (Decimal("100.00"), Decimal("1.50"))
    assert title.due_date == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("bank", "number"),
    [("104", "00" + "1" * 17 + "9"), ("341", "109" + "1" * 8), ("756", "1" * 10 + "0101")],
)
def test_a_bank_may_put_other_things_around_the_number(bank, number):
    title = only_title(sent(file_240(bank, t_segment(our_number=number), u_segment())))

    assert set(title.our_number) == {"1"}


@pytest.mark.parametrize(
    ("bank", "movement", "outcome"),
    [
        ("001", "02", TitleOutcome.ENTERED),
        ("001", "03", TitleOutcome.REJECTED),
        ("001", "09", TitleOutcome.WRITTEN_OFF),
        ("001", "17", TitleOutcome.LIQUIDATED),
        ("001", "25", TitleOutcome.PROTESTED),
        ("001", "28", TitleOutcome.OTHER),
        ("001", "46", TitleOutcome.OTHER),
        ("104", "46", TitleOutcome.LIQUIDATED),
        ("341", "17", TitleOutcome.REJECTED),
        ("341", "10", TitleOutcome.LIQUIDATED),
        ("748", "10", TitleOutcome.OTHER),
    ],
)
def test_each_bank_has_its_own_240_movements(bank, movement, outcome):
    content = sent(file_240(bank, t_segment(movement), u_segment(movement)))

    assert only_title(content).outcome is outcome


def test_titles_keep_to_their_own_u_whatever_stands_between():
    pix = {14: "Y", 16: "06"}
    content = sent(
        file_240(
            "001",
            t_segment(our_number="1"), pix, u_segment(paid="10.00"),
            t_segment(our_number="2"), u_segment(paid="20.00"),
        )
    )  # fmt: skip

    paid = [(title.our_number, title.paid_amount) for title in read_return(content).titles]

    assert paid == [("1", Decimal("10.00")), ("2", Decimal("20.00"))]


def test_a_t_without_its_u_is_reported_and_takes_no_other():
    content = sent(
        file_240(
            "001",
            t_segment(our_number="1"), t_segment(our_number="2"), u_segment(paid="20.00"),
            u_segment(), t_segment("02", our_number="3"), u_segment("06"),
        )
    )  # fmt: skip

    told = read_return(content)

    assert [(t.our_number, t.paid_amount) for t in told.titles] == [("2", Decimal("20.00"))]
    assert [(line.number, line.problem) for line in told.not_read] == [
        (number, LineProblem.WITHOUT_PAIR) for number in (3, 6, 7, 8)
    ]


def test_every_240_line_is_reported():
    content = sent(file_240("001", t_segment(), u_segment(), {8: "8"}))

    assert reported(content) == [
        (1, "header", None),
        (2, "header", None),
        (3, "title", None),
        (4, "part", None),
        (5, "not_read", LineProblem.UNKNOWN_RECORD),
        (6, "trailer", None),
        (7, "trailer", None),
    ]


# CNAB 400


def test_itau_writes_as_paid_what_its_fee_leaves():
    title = only_title(sent(file_400("341", ITAU)))

    assert (title.face_amount, title.paid_amount) == (Decimal("40.00"), Decimal("40.00"))
    assert (title.credited_amount, title.fee) == (Decimal("37.90"), Decimal("2.10"))
    assert (title.our_number, title.your_number) == ("00000011", "FAT-1")
    assert (title.occurred_on, title.credited_on) == (date(2026, 3, 16), date(2026, 3, 17))
    assert title.key == "00000011/06/2026-03-16/000002"


COMMON = {109: "06", 111: "160326", 147: "100326", 153: cents("100.00"), 254: cents("102.17")}
INTER = {90: "06", 92: "160326", 119: "100326", 125: cents("100.00"), 160: cents("102.17")}


@pytest.mark.parametrize(
    ("bank", "fields", "our_number", "fee"),
    [
        ("001", COMMON | {64: "1" * 17, 176: "170326", 182: cents("1.50", 7)}, "1" * 17, "1.50"),
        ("033", COMMON | {63: "1" * 8, 176: cents("1.50"), 296: "170326"}, "1" * 8, "1.50"),
        ("041", COMMON | {63: "1" * 10, 176: cents("1.50"), 296: "170326"}, "1" * 10, "1.50"),
        ("077", INTER | {71: "1" * 11, 173: "170326"}, "1" * 11, "0.00"),
        (
            "104",
            COMMON | {57: "1" * 17, 109: "21", 176: cents("1.50"), 294: "170326"},
            "1" * 17,
            "1.50",
        ),
        ("237", COMMON | {71: "1" * 12, 176: cents("1.50"), 296: "170326"}, "1" * 12, "1.50"),
        ("748", COMMON | {48: "1" * 15, 176: cents("1.50"), 329: "20260317"}, "1" * 15, "1.50"),
        ("756", COMMON | {63: "1" * 11, 176: "170326", 182: cents("1.50", 7)}, "1" * 11, "1.50"),
    ],
)
def test_each_bank_has_its_own_columns(bank, fields, our_number, fee):
    record_type = "7" if bank == "001" else "1"
    title = only_title(sent(file_400(bank, fields, record_type=record_type)))

    assert (title.our_number, title.fee) == (our_number, Decimal(fee))
    assert title.outcome is TitleOutcome.LIQUIDATED
    assert (title.face_amount, title.paid_amount) == (Decimal("100.00"), Decimal("102.17"))
    assert title.due_date == date(2026, 3, 10)
    assert (title.occurred_on, title.credited_on) == (date(2026, 3, 16), date(2026, 3, 17))


@pytest.mark.parametrize(
    ("bank", "liquidations"),
    [
        ("001", "05 06 07 08 15"),
        ("033", "06 07 08 16 17"),
        ("041", "06 08 25"),
        ("077", "06"),
        ("104", "21 22"),
        ("237", "06 15 17"),
        ("341", "06 07 08 10 59"),
        ("748", "06 15 16"),
        ("756", "05 06"),
    ],
)
def test_each_bank_has_its_own_liquidations(bank, liquidations):
    movements = cnab_400.LAYOUTS[bank].movements

    assert {code for code, outcome in movements.items() if outcome is TitleOutcome.LIQUIDATED} == (
        set(liquidations.split())
    )


def test_one_code_means_different_things_at_different_banks():
    outcomes = {bank: layout.movements.get("17") for bank, layout in cnab_400.LAYOUTS.items()}

    assert outcomes["237"] is TitleOutcome.LIQUIDATED
    assert outcomes["341"] is TitleOutcome.REJECTED
    assert outcomes["077"] is None


def test_no_two_banks_share_a_code_map():
    for layouts in (cnab_240.LAYOUTS, cnab_400.LAYOUTS):
        assert len({id(layout.movements) for layout in layouts.values()}) == len(layouts)


def test_santanders_pix_record_is_no_title():
    lines = file_400("033", ITAU, {80: "d48c95197d6ec3985b89bc3ccb3351"})
    lines[2] = "2" + lines[2][1:]

    told = read_return(sent(lines))

    assert len(told.titles) == 1
    assert told.lines[2].kind is LineKind.EXTRA
    assert told.not_read == []


def test_a_record_that_is_not_known_is_reported_and_not_taken_for_a_title():
    told = read_return(sent(file_400("001", COMMON, record_type="1")))

    assert told.titles == []
    assert [(line.number, line.problem, line.detail) for line in told.not_read] == [
        (2, LineProblem.UNKNOWN_RECORD, "1")
    ]


@pytest.mark.parametrize(
    ("column", "text", "columns"),
    [
        (254, "00000000O3790", "254-266"),
        (153, "-000000004000", "153-165"),
        (111, "310226", "111-116"),
        (111, "1603", "111-116"),
        (296, "17/326", "296-301"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_the_rest_is_read(column, text, columns):
    damaged = {key: value for key, value in ITAU.items() if key != column} | {column: text}

    told = read_return(sent(file_400("341", damaged, ITAU)))

    assert [(line.number, line.problem, line.detail) for line in told.not_read] == [
        (2, LineProblem.FIELD, columns)
    ]
    assert len(told.titles) == 1


@pytest.mark.parametrize("filled", ["      ", "000000", "999999"])
def test_a_date_may_be_left_out(filled):
    title = only_title(sent(file_400("341", ITAU | {147: filled, 296: filled})))

    assert (title.due_date, title.credited_on) == (None, None)


# Files as they come


PAIR = file_240("001", t_segment(our_number="ÁÉÍ"), u_segment())


@pytest.mark.parametrize(
    "content",
    [
        sent(PAIR),
        sent(PAIR, end="\n"),
        sent([line.rstrip() for line in PAIR]),
        sent(PAIR) + b"\x1a",
        sent(PAIR) + b"\r\n\r\n\x1a\r\n",
        sent(PAIR, encoding="utf-8"),
        sent(PAIR, encoding="utf-8-sig"),
        b"\xef\xbb\xbf" + sent(PAIR),
        sent(PAIR)[:-2],
    ],
)
def test_a_file_is_read_however_it_was_sent(content):
    told = read_return(content)

    assert [title.our_number for title in told.titles] == ["ÁÉÍ"]
    assert [title.paid_amount for title in told.titles] == [Decimal("102.17")]
    assert len(told.lines) == 6
    assert told.problems == ()


def test_a_byte_that_others_take_for_a_line_end_stays_in_its_line():
    content = sent(file_400("341", ITAU | {302: "JOS\x85 DA SILVA"}))

    assert len(read_return(content).lines) == 3


def test_a_line_that_is_too_long_is_not_read():
    lines = file_400("341", ITAU, ITAU)
    lines[1] += "X"

    told = read_return(sent(lines))

    assert [(line.number, line.problem, line.detail) for line in told.not_read] == [
        (2, LineProblem.TOO_LONG, "401")
    ]
    assert len(told.titles) == 1


@pytest.mark.parametrize(
    "lines", [file_400("341", ITAU, ITAU), file_240("001", t_segment(), u_segment())]
)
def test_a_file_that_was_cut_says_so(lines):
    assert read_return(sent(lines)).problems == ()
    assert read_return(sent(lines[:-1])).problems == (FileProblem.NO_TRAILER,)
    assert read_return(sent(lines[:2] + lines[3:])).problems == (FileProblem.COUNT_DIFFERS,)


def test_the_same_file_has_the_same_digest():
    content = sent(file_400("341", ITAU))

    assert read_return(content).digest == read_return(content).digest
    assert read_return(content).digest != read_return(content + b"\n").digest


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotABankFile),
        (b"\r\n\x1a", NotABankFile),
        (b"nome;valor\r\n", NotABankFile),
        (b"\x00\xff" * 400, NotABankFile),
        (sent([record(400, {1: "01REMESSA01COBRANCA", 77: "341"})]), NotAReturnFile),
        (sent([record(240, {1: "001", 4: "00000", 143: "1"})]), NotAReturnFile),
        (sent(file_400("999", ITAU)), BankNotKnown),
        (sent(file_240("999")), BankNotKnown),
    ],
)
def test_what_is_no_return_file_of_a_known_bank_is_refused(content, refusal):
    with pytest.raises(refusal):
        read_return(content)
