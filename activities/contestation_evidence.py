"""The evidence of a contestation as a spreadsheet: its items, and the lines of the file behind."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from rules.audit_words import FIELDS, told_fields

ITEMS = ("Item", "Regra", "Linha", "Código", "Descrição", "Quantas", "Cobrado", "Esperado")
#: What is asked for: the difference, or what is to come back once that was granted.
CONTESTED, ASKED = "Contestado", "Pedido"
DUES = ("Item", "Linha", "Principal", "Correção", "Juros", "Total", "Recebido", "Falta")
LINES = ("Item", "Linha do arquivo", "Cobrado", "Esperado")
MONEY_FORMAT = "#,##0.00"


@dataclass(frozen=True)
class SheetItem:
    """One finding of the contestation; its number binds it to its evidence in every letter."""

    number: int
    rule: str
    line: str
    code: str
    description: str
    count: int
    charged: Decimal
    expected: Decimal
    asked: Decimal


@dataclass(frozen=True)
class SheetDue:
    """What is to come back for an item that was paid, and what of it came."""

    number: int
    line: str
    principal: Decimal
    correction: Decimal
    interest: Decimal
    came: Decimal
    left: Decimal

    @property
    def row(self) -> tuple[Any, ...]:
        """As it stands in the sheet."""
        total = self.principal + self.correction + self.interest
        return (
            *(self.number, self.line, self.principal, self.correction, self.interest, total),
            *(self.came, self.left),
        )


@dataclass(frozen=True)
class EvidenceLine:
    """One line of the carrier's file."""

    item: int
    line: int
    charged: Decimal
    expected: Decimal
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """What the workbook holds; `made_at` stands in its properties, so that bytes repeat."""

    name: str
    made_at: datetime
    items: tuple[SheetItem, ...]
    lines: tuple[EvidenceLine, ...]
    dues: tuple[SheetDue, ...] = ()


def evidence_sheet(sheet: Sheet) -> bytes:
    """This will write the workbook; the same sheet gives the same bytes. No text is a formula."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": sheet.name, "created": sheet.made_at.replace(tzinfo=None)})
        _write_items(book, sheet)
        if sheet.dues:
            rows = [each.row for each in sheet.dues]
            _write(book, "Crédito", DUES, rows, widths=(8, 14, 12, 12, 12, 12, 12, 12))
        _write_lines(book, sheet)
    return content.getvalue()


def _write_items(book: Any, sheet: Sheet) -> None:
    rows = [
        (
            each.number, each.rule, each.line, each.code, each.description, each.count,
            each.charged, each.expected, each.asked,
        )
        for each in sheet.items
    ]  # fmt: skip
    total = ("Total", "", "", "", "", "", "", "", sum(each.asked for each in sheet.items))
    heads = (*ITEMS, ASKED if sheet.dues else CONTESTED)
    _write(book, "Itens", heads, [*rows, total], widths=(8, 30, 14, 10, 28, 9, 12, 12, 12))


def _write_lines(book: Any, sheet: Sheet) -> None:
    lines = [(each, dict(told_fields(each.fields))) for each in sheet.lines]
    names = [name for name in FIELDS if any(name in told for _, told in lines)]
    rows = [
        (
            each.item, each.line, each.charged, each.expected,
            *(told.get(name, "") for name in names),
        )
        for each, told in lines
    ]  # fmt: skip
    widths = (8, 14, 12, 12, *(16 for _ in names))
    heads = (*LINES, *(FIELDS[name] for name in names))
    _write(book, "Evidências", heads, rows, widths=widths)


def _write(
    book: Any,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    widths: Sequence[int],
) -> None:
    page = book.add_worksheet(name)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": MONEY_FORMAT})
    page.write_row(0, 0, heads, bold)
    page.freeze_panes(1, 0)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            page.write(at, place, value, money if isinstance(value, Decimal) else None)
