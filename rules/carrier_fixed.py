"""Reads files of lines of one width: a block of lines at a time, each record type as columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from rules.carrier_charges import Column, Label
from rules.carrier_columns import Rows, digest, digits, distinct, is_blank, not_dates
from rules.carrier_fixed_totals import Totals
from rules.carrier_measures import Measure, measure_of
from rules.carrier_reading import (
    Faults,
    FieldMissing,
    FieldNotDate,
    FieldNotNumber,
    FileReader,
    LineLengthWrong,
    LineNotDecoded,
    Reading,
    RecordUnknown,
    Summaries,
    place_of,
)
from rules.carrier_records import (
    ChargeKind,
    ChargeSource,
    Field,
    FieldType,
    FixedLayout,
    RecordType,
    Role,
)

_NEWLINE, _MINUS = ord("\n"), ord("-")


class FixedReader(FileReader):
    """Reads one file of a fixed layout."""

    layout: FixedLayout

    def __init__(self, layout: FixedLayout) -> None:
        super().__init__(layout)
        self.totals = Totals(layout, self.faults)
        self._sources = {each.record: each for each in layout.charges}
        self._resources: dict[bytes, int] = {}
        self._summaries: list[tuple[Column, ...]] = []

    def feed(self, block: bytes) -> None:
        """This will read some whole lines; those of the wrong length or encoding are faults."""
        self.settle_encoding(block)
        rows = self._matrix(block)
        if rows is None:
            rows, numbers = self._line_by_line(block)
        else:
            numbers = np.arange(self.lines + 1, self.lines + 1 + len(rows), dtype=np.int32)
            self.lines += len(rows)
        if len(rows):
            self._take(rows, numbers)

    def finish(self) -> Reading:
        """This will compare the trailer with the records, and give what was read."""
        charges = self.ledger.charges()
        summaries = self._summary_columns()
        self.totals.check(charges, summaries, lines=self.lines)
        return Reading(
            self.layout, self.encoding or "ascii", self.lines, self.totals.header, charges,
            self.totals.records(), self.totals.checked, summaries, self.faults,
        )  # fmt: skip

    def describe(self, raw: bytes) -> dict[str, str]:
        """The fields of one line that are not blank, as texts."""
        text = raw.rstrip(b"\r\n").decode(self.encoding or "ascii", errors="replace")
        record = self.layout.by_code.get(text[: self.layout.code_width])
        if record is None:
            return {}
        cells = {each.name: text[each.place].strip() for each in record.fields}
        return {name: cell for name, cell in cells.items() if cell}

    # --- lines ------------------------------------------------------------------------------------

    def _matrix(self, block: bytes) -> Rows | None:
        """The lines as a matrix, if all have the layout's width; no byte is copied."""
        stride = block.find(b"\n") + 1
        ends = {self.layout.width + 1: b"\n", self.layout.width + 2: b"\r\n"}
        if stride not in ends or len(block) % stride or (
            self.encoding == "utf-8" and not block.isascii()
        ):  # fmt: skip
            return None
        rows = np.frombuffer(block, np.uint8).reshape(-1, stride)
        if block.count(b"\n") != len(rows) or (rows[:, -1] != _NEWLINE).any():
            return None
        if stride == self.layout.width + 2 and (rows[:, -2] != ord("\r")).any():
            return None
        return rows[:, : self.layout.width]

    def _line_by_line(self, block: bytes) -> tuple[Rows, Column]:
        """The slower way: what has the right length goes on as a matrix, the rest is a fault."""
        good, numbers = [], []
        for raw in block.removesuffix(b"\n").split(b"\n"):
            self.lines += 1
            text = self._decoded(raw.rstrip(b"\r"))
            if text is not None:
                good.append(text.encode("latin-1", errors="replace"))
                numbers.append(self.lines)
        rows = np.frombuffer(b"".join(good), np.uint8).reshape(-1, self.layout.width)
        return rows, np.array(numbers, np.int32)

    def _decoded(self, raw: bytes) -> str | None:
        if raw.strip(b"\x1a \x00") == b"":
            return None
        try:
            # Windows-1252 leaves bytes open that Latin-1 has; positions do not depend on them
            text = raw.decode("utf-8" if self.encoding == "utf-8" else "latin-1")
        except UnicodeDecodeError:
            self.faults.add(self.lines, LineNotDecoded(encoding=self.encoding))
            self.faults.keep(self.lines, "", raw.decode("latin-1"))
            return None
        if len(text) == self.layout.width:
            return text
        width = self.layout.width
        self.faults.add(
            self.lines,
            LineLengthWrong(found=len(text), expected=width),
            place=f"{min(len(text), width) + 1}",
            value=text,
        )
        self.faults.keep(self.lines, text[: self.layout.code_width], text)
        return None

    # --- records ----------------------------------------------------------------------------------

    def _take(self, rows: Rows, numbers: Column) -> None:
        first, kinds = distinct(rows[:, : self.layout.code_width])
        for number, place in enumerate(first):
            code = rows[place, : self.layout.code_width].tobytes().decode("latin-1")
            chosen = slice(None) if len(first) == 1 else kinds == number
            self._take_records(code, rows[chosen], numbers[chosen])

    def _take_records(self, code: str, rows: Rows, numbers: Column) -> None:
        record = self.layout.by_code.get(code)
        if record is None:
            self._keep_unknown(code, rows, numbers)
            return
        records = Records(record, rows, numbers, self.faults)
        self.totals.count(records)
        if record.role in (Role.HEADER, Role.TRAILER):
            self.totals.frame(records, self.describe(rows[0].tobytes()))
        if record.role is Role.SUMMARY and self.layout.summary_calls:
            self._take_summaries(records)
        if record.code in self._sources:
            self._take_charges(records, self._sources[record.code])

    def _keep_unknown(self, code: str, rows: Rows, numbers: Column) -> None:
        self.totals.others += len(rows)
        for row, number in zip(rows, numbers.tolist(), strict=True):
            place = f"1-{self.layout.code_width}"
            self.faults.add(number, RecordUnknown(record=code), place=place, value=code)
            self.faults.keep(number, code, row.tobytes().decode("latin-1"))

    def _take_summaries(self, records: Records) -> None:
        self._summaries.append(
            (
                records.numbers,
                self._places(records, "number"),
                records.number(self.layout.summary_calls),
                records.number(self.layout.summary_services),
                records.day_told(self.layout.summary_until),
            )
        )

    def _summary_columns(self) -> Summaries | None:
        if not self._summaries:
            return None
        columns = zip(*self._summaries, strict=True)
        return Summaries(*(np.concatenate(column) for column in columns))

    # --- charges ----------------------------------------------------------------------------------

    def _take_charges(self, records: Records, source: ChargeSource) -> None:
        part: dict[str, Column] = {
            "line": records.numbers,
            "kind": np.full(len(records), source.kind, np.uint8),
            "resource": self._places(records, source.number),
            "label": self._labels(records, source),
            "date": records.date(source.date, is_required=source.kind is ChargeKind.CALL),
            "until": records.date(source.until),
            "time": records.number(source.time),
            "called": records.digest(source.called),
            "quantity": records.number(source.quantity) * source.seconds_each,
            "measure": self._measures(records, source),
            "granted": records.number(source.granted),
            "amount": records.signed(source.amount, source.sign, is_required=True),
            "net": records.number(source.net_amount),
            "tax_rate": records.number(source.tax_rate),
            "base": records.number(source.base),
        }
        self.ledger.add(part)

    def _places(self, records: Records, names: str) -> Column:
        """The place of each record's line among the lines of the file."""
        cells = records.cells(names)
        first, inverse = distinct(cells)
        return np.array([self._resource(cells[place].tobytes()) for place in first])[inverse]

    def _resource(self, raw: bytes) -> int:
        place = self._resources.get(raw)
        if place is None:
            place = self._resources[raw] = self.ledger.resource(raw.decode("latin-1"))
        return place

    def _labels(self, records: Records, source: ChargeSource) -> Column:
        """A call's label goes by its codes, all else by its description too."""
        codes = [name for name in source.codes if name in records.type.by_name]
        told = codes if source.kind is ChargeKind.CALL else [*codes, source.description]
        first, inverse = distinct(np.hstack([records.cells(name) for name in told]))
        places = [self.ledger.label(self._label(records, source, codes, at)) for at in first]
        return np.array(places)[inverse]

    def _label(self, records: Records, source: ChargeSource, codes: list[str], at: int) -> Label:
        named = (self._text(records.cells(name)[at]) for name in codes)
        description = self._text(records.cells(source.description)[at])
        return Label(source.kind, tuple(each for each in named if each), description)

    def _measures(self, records: Records, source: ChargeSource) -> Column:
        """What each quantity counts: a call's are seconds; a service that names no unit, pieces."""
        if source.kind is ChargeKind.CALL:
            return np.full(len(records), Measure.SECONDS, np.uint8)
        blank = Measure.PIECES if source.kind is ChargeKind.SERVICE else Measure.NONE
        cells = records.cells(source.unit)
        if not cells.shape[1]:
            return np.full(len(records), blank, np.uint8)
        first, inverse = distinct(cells)
        told = [cells[place].tobytes().decode("latin-1").strip() for place in first]
        found = [measure_of(each) if each else blank for each in told]
        for at, unit, measure in zip(first, told, found, strict=True):
            if unit and measure is Measure.NONE:
                self.tell_unit(int(records.numbers[at]), unit, place=records.place(source.unit))
        return np.array(found, np.uint8)[inverse]

    def _text(self, cell: Rows) -> str:
        encoding = "cp1252" if self.encoding == "cp1252" else "latin-1"
        return cell.tobytes().decode(encoding, errors="replace").strip()


class Records:
    """The lines of one type within a block, and its fields as columns; faults are noted once."""

    def __init__(self, record: RecordType, rows: Rows, numbers: Column, faults: Faults) -> None:
        self.type, self.rows, self.numbers, self.faults = record, rows, numbers, faults
        self._read: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, names: str) -> Rows:
        """The bytes of a field, or of neighbours joined by "+"; no columns where there is none."""
        field = self.type.span(names) if names else None
        return self.rows[:, field.place] if field else self.rows[:, :0]

    def place(self, names: str) -> str:
        """Where a field stands, as operators look it up."""
        field = self.type.span(names)
        return place_of(field) if field else ""

    def digest(self, names: str) -> Column:
        """A number for each text of a field."""
        cells = self.cells(names)
        return digest(cells) if cells.shape[1] else np.zeros(len(self), np.uint64)

    def number(self, name: str, *, is_required: bool = False) -> Column:
        """A field's numbers; what is neither digits nor blank is a fault, and counts as 0."""
        field = self.type.by_name.get(name)
        if field is None or field.type in (FieldType.TEXT, FieldType.SIGN):
            return np.zeros(len(self), np.int64)
        if name not in self._read:
            values, bad = digits(self.rows[:, field.place])
            self._note(bad, field, FieldNotNumber)
            self._read[name] = values
        if is_required:
            self._note(is_blank(self.rows[:, field.place]), field, FieldMissing)
        return self._read[name]

    def date(self, name: str, *, is_required: bool = False) -> Column:
        """A field's dates as 20261122; 0 where there is none."""
        days = self.number(name, is_required=is_required)
        if name in self.type.by_name:
            self._note(not_dates(days), self.type.by_name[name], FieldNotDate)
        return days

    def day_told(self, name: str) -> Column:
        """Dates that nothing leans on: what is none counts as not told, and is no fault."""
        days = self.number(name)
        wrong = not_dates(days)
        return days if wrong is None else np.where(wrong, 0, days)

    def signed(self, name: str, sign: str, *, is_required: bool = False) -> Column:
        """A field's amounts, below zero where its sign is a minus."""
        values = self.number(name, is_required=is_required)
        if sign not in self.type.by_name:
            return values
        return np.where(self.cells(sign)[:, 0] == _MINUS, -values, values)

    def _note(self, bad: Column | None, field: Field, fault: type[Any]) -> None:
        if bad is None or not bad.any():
            return
        place = place_of(field)
        for at in np.flatnonzero(bad):
            value = self.rows[at, field.place].tobytes().decode("latin-1")
            refusal = fault(place=place, record=self.type.code)
            self.faults.add(int(self.numbers[at]), refusal, place=place, value=value)
