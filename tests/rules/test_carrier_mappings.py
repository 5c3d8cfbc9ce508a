"""Another carrier's CSV by a mapping: read whole, or refused by line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rules.carrier_layouts import LayoutAmbiguous, sniff
from rules.carrier_mappings import (
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
from rules.carrier_records import ChargeKind
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


def a_mapping(**told) -> CsvMapping:
    return CsvMapping(
        **{"code": "vivo", "name": "Vivo CSV", "columns": COLUMNS, "words": WORDS, **told}
    )


def read(mapping: CsvMapping, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Reading:
    reader = reader_of(mapping)
    reader.feed("".join(f"{line}\r\n" for line in (head, *rows)).encode(encoding))
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
