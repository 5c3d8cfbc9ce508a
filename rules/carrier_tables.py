"""Tables that people keep in spreadsheets: lines and tariffs, read whole or not at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from rules.carrier_charges import normalise_number
from rules.carrier_terms import Crossing, Sharing, TariffKind, TariffUnit
from rules.import_cells import AmountAmbiguous, CellRequired, Decimals, TextTooLong, read_date
from rules.import_rows import RowError, refused
from rules.imports import normalise_title
from rules.lines import LineKind, LineStatus
from rules.money import NotAnAmount, TooPrecise
from rules.refusals import Refusal

MOST_ROWS = 50_000
Words = TypeVar("Words", bound=StrEnum)


class TableHeaderNotRecognised(Refusal):
    message = "A primeira linha deve ter as colunas %(columns)s."
    field = "file"


class TableTooLong(Refusal):
    message = "O arquivo passa de %(count)s linhas. Divida-o em partes."
    field = "file"


class WordNotKnown(Refusal):
    message = "Escreva um destes: %(words)s."


class NumberNotWhole(Refusal):
    message = "Escreva um número inteiro, de zero em diante."


class RowRepeated(Refusal):
    message = "A linha %(line)s do arquivo já diz o mesmo número."


@dataclass(frozen=True)
class TableColumn:
    """A column by its title in the file: the field it fills and how a cell is read."""

    title: str
    field: str
    read: Callable[[str], Any]
    is_required: bool = False
    blank: Any = None


#: Where in a row each column stands; None where the file has it not.
Places = list[tuple[int | None, TableColumn]]
Told = list[tuple[TableColumn, str]]
Check = Callable[[dict[str, Any]], None]


def read_text(length: int) -> Callable[[str], str]:
    """This will make a reader of texts up to a length."""

    def read(cell: str) -> str:
        if len(cell) > length:
            raise TextTooLong(length=length)
        return cell

    return read


def read_line_number(cell: str) -> str:
    """This will read a line's number, however it is written."""
    return read_text(25)(normalise_number(cell))


def read_word(words: Mapping[str, Words]) -> Callable[[str], Words]:
    """This will make a reader of one of some words."""

    def read(cell: str) -> Words:
        found = words.get(normalise_title(cell))
        if found is None:
            raise WordNotKnown(words=", ".join(words))
        return found

    return read


def read_price(cell: str) -> Decimal:
    """This will read reais with up to four decimals: 0,2950 or 0.2950, and 1.234,50."""
    if re.fullmatch(r"\d{1,3}\.\d{3}", cell):
        raise AmountAmbiguous(amount=cell)
    bare = cell.replace(".", "").replace(",", ".") if "," in cell else cell
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", bare):
        raise NotAnAmount
    if len(bare.partition(".")[2].rstrip("0")) > 4:
        raise TooPrecise(amount=cell)
    return Decimal(bare)


def read_whole(cell: str) -> int:
    """This will read a whole number of zero or more."""
    if not cell.isdecimal() or len(cell) > 9:
        raise NumberNotWhole
    return int(cell)


def read_day(cell: str) -> date:
    """This will read 27/10/2026 or 2026-10-27."""
    day: date = read_date(cell, Decimals.UNKNOWN)
    return day


LINE_KINDS = {
    "movel": LineKind.MOBILE, "fixa": LineKind.FIXED, "chip": LineKind.SIM,
    "aparelho": LineKind.DEVICE, "circuito": LineKind.CIRCUIT,
}  # fmt: skip
LINE_STATUSES = {
    "ativa": LineStatus.ACTIVE, "suspensa": LineStatus.SUSPENDED,
    "cancelada": LineStatus.CANCELLED,
}  # fmt: skip
LINES = (
    TableColumn("numero", "number", read_line_number, is_required=True),
    TableColumn("tipo", "kind", read_word(LINE_KINDS), blank=LineKind.MOBILE),
    TableColumn("situacao", "status", read_word(LINE_STATUSES), blank=LineStatus.ACTIVE),
    TableColumn("plano", "plan_code", read_text(60), blank=""),
    TableColumn("ativa_desde", "active_from", read_day),
    TableColumn("cancelada_em", "active_until", read_day),
    TableColumn("usuario", "owner", read_text(120), blank=""),
    TableColumn("centro_de_custo", "cost_centre", read_text(60), blank=""),
    TableColumn("usuario_desde", "holder_since", read_day),
)
TARIFF_KINDS = {
    "assinatura": TariffKind.FEE, "chamada": TariffKind.RATE, "franquia": TariffKind.ALLOWANCE,
    "desconto": TariffKind.DISCOUNT, "aliquota": TariffKind.TAX,
    "parcelas": TariffKind.INSTALMENT,
}  # fmt: skip
TARIFF_UNITS = {
    "unidade": TariffUnit.EACH, "minuto": TariffUnit.MINUTE, "chamada": TariffUnit.CALL,
    "mensagem": TariffUnit.MESSAGE, "megabyte": TariffUnit.MEGABYTE,
}  # fmt: skip
SHARINGS = {
    "por_linha": Sharing.LINE, "somada": Sharing.SUMMED, "unica": Sharing.ACCOUNT,
}  # fmt: skip
CROSSINGS = {"inteira": Crossing.WHOLE, "resto": Crossing.REST}
ZERO = Decimal(0)
TARIFFS = (
    TableColumn("tipo", "kind", read_word(TARIFF_KINDS), is_required=True),
    TableColumn("codigo", "code", read_text(60), is_required=True),
    TableColumn("descricao", "description", read_text(160), blank=""),
    TableColumn("preco", "price", read_price, blank=ZERO),
    TableColumn("unidade", "unit", read_word(TARIFF_UNITS), blank=TariffUnit.EACH),
    TableColumn("percentual", "percent", read_price, blank=ZERO),
    TableColumn("quantidade", "quantity", read_whole, blank=0),
    TableColumn("sobre", "base_code", read_text(60), blank=""),
    TableColumn("minimo_segundos", "minimum_seconds", read_whole, blank=30),
    TableColumn("passo_segundos", "step_seconds", read_whole, blank=6),
    TableColumn("vale_desde", "valid_from", read_day, blank=date(2000, 1, 1)),
    TableColumn("vale_ate", "valid_until", read_day),
    TableColumn("linha", "number", read_line_number, blank=""),
    TableColumn("divisao", "sharing", read_word(SHARINGS), blank=Sharing.LINE),
    TableColumn("ao_passar", "crossing", read_word(CROSSINGS), blank=Crossing.WHOLE),
)


def decoded(raw: bytes) -> str:
    """This will read a spreadsheet's text: UTF-8, else Windows-1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_table(
    text: str,
    columns: Sequence[TableColumn],
    *,
    key: str = "",
    check: Check = lambda _row: None,
) -> tuple[list[dict[str, Any]], list[RowError]]:
    """This will read every row, or tell everything that is wrong by line.

    `key` is a field that may stand once only; `check` refuses a row whose cells do not go
    together. Refuses TableHeaderNotRecognised and TableTooLong.
    """
    lines = text.splitlines()
    if len(lines) > MOST_ROWS:
        raise TableTooLong(count=MOST_ROWS)
    titles = lines[0] if lines else ""
    separator = ";" if ";" in titles else ","
    reader = csv.reader(lines, delimiter=separator)
    places = _places([normalise_title(cell) for cell in next(reader, [])], columns)
    rows: list[dict[str, Any]] = []
    errors: list[RowError] = []
    seen: dict[Any, int] = {}
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num
        told = _told(cells, places)
        row, wrong = _row(line, told)
        if key and not wrong and seen.setdefault(row[key], line) != line:
            wrong.append(refused(line, RowRepeated(line=seen[row[key]])))
        wrong = wrong or _objections(line, row, told, check)
        rows.append(row)
        errors += wrong
    return ([], errors) if errors else (rows, [])


def sample_of(columns: Sequence[TableColumn], *rows: Sequence[str]) -> str:
    """A small file with these titles, to be filled in."""
    lines = [[column.title for column in columns], *rows]
    return "\ufeff" + "".join(";".join(line) + "\r\n" for line in lines)


def _places(titles: Sequence[str], columns: Sequence[TableColumn]) -> Places:
    missing = [each.title for each in columns if each.is_required and each.title not in titles]
    if missing:
        raise TableHeaderNotRecognised(columns=", ".join(each.title for each in columns))
    return [(titles.index(each.title) if each.title in titles else None, each) for each in columns]


def _told(cells: Sequence[str], places: Places) -> Told:
    return [
        (column, cells[place].strip() if place is not None and place < len(cells) else "")
        for place, column in places
    ]


def _row(line: int, told: Told) -> tuple[dict[str, Any], list[RowError]]:
    row: dict[str, Any] = {}
    wrong: list[RowError] = []
    for column, cell in told:
        try:
            row[column.field] = _cell(cell, column)
        except Refusal as refusal:
            wrong.append(refused(line, refusal, field=column.title, value=cell))
    return row, wrong


def _objections(line: int, row: dict[str, Any], told: Told, check: Check) -> list[RowError]:
    try:
        check(row)
    except Refusal as refusal:
        named = [(each.title, cell) for each, cell in told if each.field == refusal.field]
        title, cell = named[0] if named else ("", "")
        return [refused(line, refusal, field=title, value=cell)]
    return []


def _cell(cell: str, column: TableColumn) -> Any:
    if cell:
        return column.read(cell)
    if column.is_required:
        raise CellRequired
    return column.blank
