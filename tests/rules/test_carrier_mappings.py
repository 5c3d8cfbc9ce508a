"""Another carrier's CSV by a mapping: read whole, or refused by line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rules.carrier_layouts import LayoutAmbiguous, sniff
from rules.carrier_mapped_samples import mapped_file
from rules.carrier_mappings import (
    HEADER_WITHIN,
    CsvMapping,
    DayForm,
    DurationForm,
    MappingAccountMissing,
    MappingCodeWrong,
    MappingColumnMissing,
    MappingColumnTwice,
    MappingKindMissing,
    MappingWordTwice,
    MappingWordWrong,
    Point,
    Separator,
    Target,
    check_mapping,
    read_words,
    written_words,
)
from rules.carrier_measures import Measure
from rules.carrier_readers import reader_of
from rules.carrier_reading import Reading
from rules.carrier_records import ChargeKind, Role
from rules.carrier_samples import make_sample
from rules.refusals import Refusal

pytestmark = pytest.mark.once

COLUMNS = {
    "account": "Conta", "number": "Telefone", "row_kind": "Tipo", "description": "Descrição",
    "date": "Data", "time": "Hora", "called": "Destino", "duration": "Duração",
    "quantity": "Qtde", "amount": "Valor", "issue_date": "Emissão",
}  # fmt: skip
WORDS = {
    "Ligação*": Target.CALL, "Dados": Target.SERVICE, "Assinatura": Target.PLAN,
    "Abatimento": Target.DISCOUNT, "Total": Target.TOTAL, "Subtotal*": Target.IGNORED,
}  # fmt: skip
HEAD = "Conta;Telefone;Tipo;Descrição;Data;Hora;Destino;Duração;Qtde;Valor;Emissão"
ROWS = (
    "77;(11) 98765-4321;Ligação local;Local;05/11/2026;14:23:59;1133334444;00:04:18;;"
    "R$ 1.234,56;22/11/2026",
    "77;11987654321;DADOS;Internet;06/11/2026;;;;1,5 MB;0,30;",
    '77;11987654321;Assinatura;"Plano; tudo incluso";01/11/2026;;;;;49,90;',
    "77;11987654321;Abatimento;Desconto;;;;;;10,00;",
    "77;;Subtotal da linha;;;;;;;1.294,76;",
    "77;;Total;;;;;;;1.274,76;",
)
TOTAL = "77;;Total;;;;;;;50,20;"


def a_mapping(**told) -> CsvMapping:
    return CsvMapping(
        **{"code": "vivo", "name": "Vivo CSV", "columns": COLUMNS, "words": WORDS, **told}
    )


def read(mapping: CsvMapping, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Reading:
    return read_raw(mapping, "".join(f"{e}\r\n" for e in (head, *rows)).encode(encoding))


def read_raw(mapping: CsvMapping, raw: bytes) -> Reading:
    reader = reader_of(mapping)
    reader.feed(raw)
    return reader.finish()


def faults(reading: Reading) -> list[tuple[int, str, str]]:
    return [(each.line, each.code, each.field) for each in reading.faults.in_order()]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_rows_become_charges_by_their_columns_and_words(encoding: str):
    reading = read(a_mapping(), *ROWS, encoding=encoding)

    charges = reading.charges
    assert faults(reading) == []
    assert reading.header == {"account": "77", "issue_date": "20261122"}
    assert charges.kind.tolist() == [
        ChargeKind.CALL, ChargeKind.SERVICE, ChargeKind.PLAN, ChargeKind.DISCOUNT,
    ]  # fmt: skip
    assert charges.amount.tolist() == [123456, 30, 4990, -1000]
    assert charges.resources == ["11987654321"]
    assert charges.line.tolist() == [2, 3, 4, 5]
    assert (charges.date[0], charges.time[0], charges.quantity[0]) == (20261105, 142359, 258)
    assert (charges.quantity[1], charges.measure[1]) == (1536, Measure.KILOBYTES)
    assert [each.description for each in charges.labels][2] == "Plano; tudo incluso"


def test_a_line_is_told_by_its_cells_as_evidence():
    reader = reader_of(a_mapping())
    reader.begin(HEAD.encode())

    told = reader.describe(ROWS[1].encode())

    assert told["number"] == "11987654321"
    assert (told["quantity"], told["amount"], told["row_kind"]) == ("1,5 MB", "0,30", "DADOS")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ROWS[1].replace("0,30", "trinta"), (2, "CellNotAmount", "Valor")),
        (ROWS[1].replace("0,30", ""), (2, "CellBlank", "Valor")),
        (ROWS[1].replace("06/11/2026", "2026-11-06"), (2, "CellNotDay", "Data")),
        (ROWS[1].replace("06/11/2026", "31/11/2026"), (2, "CellNotDay", "Data")),
        (ROWS[0].replace("00:04:18", "quatro"), (2, "CellNotDuration", "Duração")),
        (ROWS[1].replace("1,5 MB", "muito"), (2, "CellNotQuantity", "Qtde")),
        (ROWS[1].replace("1,5 MB", "9999999999999 GB"), (2, "CellNotQuantity", "Qtde")),
        (ROWS[1].replace("DADOS", "Brinde"), (2, "MappedWordUnknown", "Tipo")),
        (ROWS[1] + ";a mais", (2, "CellCountWrong", "")),
        ("77;11987654321;Dados", (2, "CellCountWrong", "")),
        (ROWS[1].replace("77;", "78;"), (3, "AccountsMixed", "Conta")),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_column_and_keeps_the_file_out(
    row: str, fault: tuple[int, str, str]
):
    reading = read(a_mapping(words={**WORDS, "Total": Target.IGNORED}), row, ROWS[2])

    assert faults(reading) == [fault]
    assert not reading.is_accepted


def test_rows_that_nobody_could_read_are_kept_as_they_came():
    reading = read(a_mapping(), ROWS[1].replace("DADOS", "Brinde"), ROWS[-1])

    assert [each.text for each in reading.faults.unread] == [ROWS[1].replace("DADOS", "Brinde")]


def test_a_total_that_differs_is_told_and_one_that_is_missing_keeps_the_file_out():
    differs = read(a_mapping(), *ROWS[:-1], ROWS[-1].replace("1.274,76", "1.300,00"))
    missing = read(a_mapping(), *ROWS[:-1])

    assert (faults(differs), differs.is_accepted) == ([(7, "AmountDiffers", "Valor")], True)
    assert (faults(missing), missing.is_accepted) == ([(6, "TrailerMissing", "")], False)


@pytest.mark.parametrize(
    ("told", "row", "cents", "seconds", "day"),
    [
        ({"point": Point.POINT}, "9;1;1,234.50;2026-01-02;90", 123450, 90, 20260102),
        ({}, "9;1;(12,30);2026-01-02;90", -1230, 90, 20260102),
        ({}, "9;1;12,30-;2026-01-02;90", -1230, 90, 20260102),
        ({}, "9;1;0,019;2026-01-02;90", 1, 90, 20260102),  # the fraction of a cent is cut
        ({"duration_form": DurationForm.MINUTES}, "9;1;1,00;2026-01-02;4,3", 100, 258, 20260102),
        ({"duration_form": DurationForm.LETTERS}, "9;1;1,00;2026-01-02;04m18s", 100, 258, 20260102),
        ({"duration_form": DurationForm.CLOCK}, "9;1;1,00;2026-01-02;04:18", 100, 258, 20260102),
        ({"day_form": DayForm.DIGITS}, "9;1;1,00;20260102;0", 100, 0, 20260102),
        ({"day_form": DayForm.SHORT_YEAR}, "9;1;1,00;02/01/26;0", 100, 0, 20260102),
        ({"day_form": DayForm.DIGITS_FROM_DAY}, "9;1;1,00;02012026;0", 100, 0, 20260102),
    ],
)
def test_cells_are_read_as_the_mapping_says(
    told: Mapping[str, object], row: str, cents: int, seconds: int, day: int
):
    columns = {"account": "c", "number": "n", "amount": "v", "date": "d", "duration": "t"}
    known = {"day_form": DayForm.ISO, "duration_form": DurationForm.SECONDS, **told}
    mapping = a_mapping(columns=columns, words={}, otherwise=Target.CALL, **known)

    reading = read(mapping, row, head="c;n;v;d;t")

    assert faults(reading) == []
    charges = reading.charges
    assert (charges.amount[0], charges.quantity[0], charges.date[0]) == (cents, seconds, day)


@pytest.mark.parametrize("separator", Separator)
def test_cells_are_parted_as_the_mapping_says(separator: Separator):
    sign = separator.sign
    columns = {"number": "n", "amount": "v"}
    mapping = a_mapping(
        columns=columns, words={}, otherwise=Target.SERVICE, account="77", separator=separator,
        point=Point.POINT,
    )  # fmt: skip

    reading = read(mapping, f"11987654321{sign}1.50", head=f"n{sign}v")

    assert (faults(reading), reading.charges.amount.tolist()) == ([], [150])
    assert reading.header["account"] == "77"


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"code": "Vivo"}, MappingCodeWrong),
        ({"columns": {"account": "a", "number": "b", "row_kind": "c"}}, MappingColumnMissing),
        ({"columns": {"account": "a", "amount": "b", "row_kind": "c"}}, MappingColumnMissing),
        ({"columns": {"number": "a", "amount": "b", "row_kind": "c"}}, MappingAccountMissing),
        ({"columns": {"account": "a", "number": "b", "amount": "c"}}, MappingKindMissing),
        ({"columns": {**COLUMNS, "category": "descricao"}}, MappingColumnTwice),
    ],
)
def test_a_mapping_that_could_read_no_file_is_refused(
    told: Mapping[str, object], refusal: type[Refusal]
):
    check_mapping(a_mapping())

    with pytest.raises(refusal):
        check_mapping(a_mapping(**told))


def test_the_header_may_stand_below_other_lines_and_come_back_on_each_page():
    rows = ("Fatura de serviços", "Período: 21/10 a 20/11", "", HEAD, ROWS[1], HEAD, ROWS[2], TOTAL)

    reading = read(a_mapping(), *rows[1:], head=rows[0])

    assert faults(reading) == []
    assert reading.charges.line.tolist() == [5, 7]
    assert {each.role: each.count for each in reading.records}[Role.NOTICE] == 2
    assert sniff("\r\n".join(rows), [a_mapping()]).key == "vivo@1"


def test_evidence_finds_the_columns_below_other_lines():
    reader = reader_of(a_mapping())

    reader.begin(f"Fatura\r\n\r\n{HEAD}\r\n{ROWS[1]}\r\n".encode())

    assert reader.describe(ROWS[1].encode())["amount"] == "0,30"


def test_a_file_without_its_header_among_the_first_lines_is_none_of_these():
    late = "\n".join([*["título"] * HEADER_WITHIN, HEAD])

    assert not a_mapping().recognises(late)
    assert a_mapping().missing_in("Conta;Telefone\nConta") == [
        title for title in COLUMNS.values() if title not in ("Conta", "Telefone")
    ]


@pytest.mark.parametrize(
    ("used", "granted", "unit", "expected"),
    [
        ("1500", "1024", "MB", (1500 << 10, 1024 << 10, Measure.KILOBYTES)),
        ("1500", "1 GB", "MB", (1500 << 10, 1 << 20, Measure.KILOBYTES)),
        ("30", "20 min", "", (1800, 1200, Measure.SECONDS)),  # a bare number is of the other's unit
        ("", "20", "MIN", (0, 1200, Measure.SECONDS)),
        ("30 MB", "20 min", "", (30 << 10, 0, Measure.KILOBYTES)),
        ("", "", "", (0, 0, Measure.NONE)),
    ],
)
def test_a_plan_tells_what_was_used_and_what_the_carrier_granted(
    used: str, granted: str, unit: str, expected: tuple[int, int, Measure]
):
    columns = {
        "account": "c", "number": "n", "amount": "v", "quantity": "q", "allowance": "f", "unit": "u"
    }  # fmt: skip
    mapping = a_mapping(columns=columns, words={}, otherwise=Target.PLAN)

    reading = read(mapping, f"9;11987654321;49,90;{used};{granted};{unit}", head="c;n;v;q;f;u")

    charges = reading.charges
    assert faults(reading) == []
    assert (charges.quantity[0], charges.granted[0], charges.measure[0]) == expected


def test_a_unit_that_nobody_knows_is_told_once_and_keeps_no_file_out():
    rows = [row.replace("1,5 MB", "15 kWh") for row in (ROWS[1], ROWS[1])]

    reading = read(a_mapping(), *rows, TOTAL.replace("50,20", "0,60"))

    assert faults(reading) == [(2, "UnitUnknown", "unit")]
    assert reading.is_accepted
    assert reading.charges.measure.tolist() == [Measure.NONE, Measure.NONE]


@pytest.mark.parametrize("separator", [Separator.SEMICOLON, Separator.COMMA])
def test_a_bill_written_by_a_mapping_is_read_by_it(separator: Separator):
    words = {**WORDS, "Ajuste": Target.ADJUSTMENT}
    known = {"point": Point.POINT} if separator is Separator.COMMA else {}
    mapping = a_mapping(separator=separator, words=words, **known)
    bill = make_sample(lines=3, calls=6).bill

    reading = read_raw(mapping, mapped_file(bill, mapping))

    assert faults(reading) == []
    assert reading.header["account"] == bill.account
    assert int(reading.charges.amount.sum()) == bill.total
    assert sorted(reading.charges.resources) == sorted([*bill.lines, ""])


def test_words_are_typed_a_line_each():
    words = read_words("Ligação* = Chamada\n\nPct. = dados = serviço\n")

    assert words == {"Ligação*": Target.CALL, "Pct. = dados": Target.SERVICE}
    assert read_words(written_words(words)) == words


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("Ligação", MappingWordWrong),
        ("Ligação = telefonema", MappingWordWrong),
        ("= chamada", MappingWordWrong),
        ("Ligação = chamada\nligacao = serviço", MappingWordTwice),
    ],
)
def test_words_that_say_nothing_are_refused(text: str, refusal: type[Refusal]):
    with pytest.raises(refusal):
        read_words(text)


def test_the_mapping_with_the_most_of_a_file_s_titles_reads_it():
    short = a_mapping(code="curta", columns={"number": "Telefone", "amount": "Valor"})

    assert sniff(HEAD, [short, a_mapping()]).key == "vivo@1"
    assert sniff("Valor;Telefone", [short, a_mapping()]).key == "curta@1"
    with pytest.raises(LayoutAmbiguous):
        sniff(HEAD, [a_mapping(), replace(a_mapping(), code="outra")])
