"""Reads files of cells, line by line: rows are told apart by what they say, not by a type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import numpy as np

from rules.carrier_charges import COLUMNS, Label, normalise_number
from rules.carrier_columns import is_date
from rules.carrier_measures import Measure
from rules.carrier_reading import (
    CellCountWrong,
    CheckedTotal,
    FieldNotDate,
    FieldNotNumber,
    FileReader,
    HeaderMissing,
    LineNotDecoded,
    LineSummaryDiffers,
    Reading,
    RecordCount,
    TrailerMissing,
    note_differences,
)
from rules.carrier_records import ChargeKind, DelimitedLayout, Role, RowRule
from rules.money import from_cents
from rules.refusals import Refusal, written_amount

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{2}|\d{4})")
_MONTH = re.compile(r"(\d{2})/(\d{2}|\d{4})")
_CENTURY = "20"
#: Cents of no invoice; more would not fit a column.
TOO_MUCH = 10**15
_MEASURES = {ChargeKind.CALL: Measure.SECONDS, ChargeKind.SERVICE: Measure.PIECES}
Cells = Mapping[str, str]


class DelimitedReader(FileReader):
    """Reads one file of a delimited layout."""

    layout: DelimitedLayout

    def __init__(self, layout: DelimitedLayout) -> None:
        super().__init__(layout)
        self._header: dict[str, str] = {}
        self._counts: dict[Role, tuple[int, int]] = {}
        self._usage: dict[str, int] = {}
        self._usage_told: list[tuple[int, str, int]] = []
        self._total: tuple[int, int] | None = None

    def feed(self, block: bytes) -> None:
        """This will read some whole lines; rows of the wrong width or with bad cells are faults."""
        self.settle_encoding(block)
        part: dict[str, list[int]] = {name: [] for name in COLUMNS}
        for raw in block.removesuffix(b"\n").split(b"\n"):
            self.lines += 1
            self._take(raw, part)
        self.ledger.add(
            {
                name: np.array(part[name], np.uint64 if name == "called" else np.int64)
                for name in part
            }
        )

    def finish(self) -> Reading:
        """This will compare the totals with the rows, and give what was read."""
        charges = self.ledger.charges()
        if not self._header:
            self.faults.add(1, HeaderMissing())
        self._check_usage()
        totals = []
        if self._total is None:
            self.faults.add(self.lines, TrailerMissing())
        else:
            line, declared = self._total
            place = str(self.layout.names.index("amount") + 1)
            found = int(charges.amount.sum())
            totals = [
                CheckedTotal(
                    "total",
                    "",
                    is_count=False,
                    declared=declared,
                    found=found,
                    line=line,
                    place=place,
                )
            ]
            note_differences(totals, self.faults)
        records = [RecordCount(role, role, n, cents) for role, (n, cents) in self._counts.items()]
        return Reading(
            self.layout, self.encoding or "ascii", self.lines, self._header, charges, records,
            totals, None, self.faults,
        )  # fmt: skip

    def describe(self, raw: bytes) -> dict[str, str]:
        """The cells of one line that are not blank."""
        text = raw.decode(self.encoding or "ascii", errors="replace")
        cells = (cell.strip() for cell in self._split(text))
        named = zip(self.layout.names, cells, strict=False)
        return {name: cell for name, cell in named if cell}

    # --- rows -------------------------------------------------------------------------------------

    def _take(self, raw: bytes, part: dict[str, list[int]]) -> None:
        try:
            text = raw.decode(self.encoding or "ascii")
        except UnicodeDecodeError:
            self.faults.add(self.lines, LineNotDecoded(encoding=self.encoding))
            self.faults.keep(self.lines, "", raw.decode("latin-1"))
            return
        if not text.strip("\r\x1a ,;") or self.layout.recognises(text):
            return
        values = self._split(text)
        names = self.layout.names
        if len(values) != len(names):
            self.faults.add(
                self.lines, CellCountWrong(found=len(values), expected=len(names)), value=text
            )
            self.faults.keep(self.lines, "", text)
            return
        cells = {name: value.strip() for name, value in zip(names, values, strict=True)}
        self._take_row(cells, part)

    def _split(self, text: str) -> list[str]:
        # a spreadsheet that saved the file again leaves commas behind the last cell
        return text.rstrip("\r\n,").split(self.layout.separator)

    def _take_row(self, cells: Cells, part: dict[str, list[int]]) -> None:
        rule = next(each for each in self.layout.rules if _is_met(each, cells))
        amount = self._cents(cells, "amount")
        count, cents = self._counts.get(rule.role, (0, 0))
        self._counts[rule.role] = (count + 1, cents + amount)
        if rule.role is Role.TRAILER:
            if amount or self._total is None:
                self._total = (self.lines, amount)
            return
        if not self._header and cells["account"]:
            self._header = self._header_of(cells)
        if rule.role is Role.SUMMARY:
            self._usage_told.append((self.lines, normalise_number(cells["number"]), amount))
        if rule.kind is not None:
            self._charge(rule.kind, cells, amount, part)

    def _charge(
        self, kind: ChargeKind, cells: Cells, amount: int, part: dict[str, list[int]]
    ) -> None:
        day = self._date(cells)
        if day:
            number = normalise_number(cells["number"])
            self._usage[number] = self._usage.get(number, 0) + amount
        codes = (cells["category"], cells["plan_name"] if kind is ChargeKind.PLAN else "")
        label = Label(kind, tuple(each for each in codes if each), cells["description"])
        row = {
            "line": self.lines, "kind": int(kind), "date": day, "until": 0,
            "resource": self.ledger.resource(cells["number"]), "label": self.ledger.label(label),
            "time": _number(cells["time"].replace(":", "")),
            "called": hash(cells["called"]) & 0xFFFFFFFFFFFFFFFF,
            "quantity": self._seconds(cells) if kind is ChargeKind.CALL else 0, "amount": amount,
            "measure": _MEASURES.get(kind, Measure.NONE), "granted": 0,
            "net": 0, "tax_rate": self._cents(cells, "tax_rate"), "base": 0,
        }  # fmt: skip
        for name, value in row.items():
            part[name].append(value)

    # --- cells ------------------------------------------------------------------------------------

    def _cents(self, cells: Cells, name: str) -> int:
        text = cells[name].rstrip("%").strip()
        if not text:
            return 0
        try:
            cents = int(Decimal(text.replace(".", "").replace(",", ".")).scaleb(2))
        except (InvalidOperation, ValueError, OverflowError):
            cents = TOO_MUCH
        if abs(cents) >= TOO_MUCH:
            self._fault(FieldNotNumber, cells, name)
            return 0
        return cents

    def _date(self, cells: Cells) -> int:
        text = cells["date"]
        if not text:
            return 0
        told = _DAY.fullmatch(text)
        day = int(f"{_year(told[3])}{told[2]}{told[1]}") if told else 0
        if not day or not is_date(day):
            self._fault(FieldNotDate, cells, "date")
            return 0
        return day

    def _seconds(self, cells: Cells) -> int:
        told = _DURATION.fullmatch(cells["duration"])
        if told is None:
            self._fault(FieldNotNumber, cells, "duration")
            return 0
        hours, minutes, seconds = (int(each or 0) for each in told.groups())
        return hours * 3600 + minutes * 60 + seconds

    def _fault(self, fault: type[Refusal], cells: Cells, name: str) -> None:
        place = str(self.layout.names.index(name) + 1)
        refusal = fault(place=place, record=cells["description"])
        self.faults.add(self.lines, refusal, place=place, value=cells[name])

    def _header_of(self, cells: Cells) -> dict[str, str]:
        names = ("invoice_number", "account", "customer_name", "barcode")
        told = _MONTH.fullmatch(cells["month"])
        month = f"{_year(told[2])}{told[1]}" if told else ""
        return {name: cells[name] for name in names if cells[name]} | {"month": month}

    def _check_usage(self) -> None:
        for line, number, declared in self._usage_told:
            found = self._usage.get(number, 0)
            if declared != found:
                refusal = LineSummaryDiffers(
                    number=number, record_word=self.layout.usage_total,
                    declared=written_amount(from_cents(declared)),
                    found=written_amount(from_cents(found)),
                )  # fmt: skip
                self.faults.add(line, refusal)


def _is_met(rule: RowRule, cells: Cells) -> bool:
    return cells["description"].startswith(rule.label) and all(cells[name] for name in rule.filled)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _year(text: str) -> str:
    return text if len(text) == 4 else _CENTURY + text
