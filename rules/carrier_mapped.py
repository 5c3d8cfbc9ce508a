"""Reads files by a mapping: every row by its header's titles, every fault by line and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from rules.carrier_charges import COLUMNS, Label
from rules.carrier_mapped_cells import (
    CellBlank,
    CellNotAmount,
    CellNotDay,
    CellNotDuration,
    CellNotQuantity,
    NotRead,
    read_amount,
    read_clock,
    read_day,
    read_month,
    read_percent,
    read_quantity,
    read_seconds,
    unit_of,
)
from rules.carrier_mapped_header import Header
from rules.carrier_mappings import (
    HEADER_WITHIN,
    KINDS,
    ROLES,
    CsvMapping,
    Target,
    split_cells,
)
from rules.carrier_measures import Measure, measure_of
from rules.carrier_reading import (
    CellCountWrong,
    CheckedTotal,
    FileReader,
    HeaderMissing,
    LineNotDecoded,
    Reading,
    RecordCount,
    TrailerMissing,
    note_differences,
)
from rules.carrier_records import ChargeKind, Role
from rules.refusals import Refusal

T = TypeVar("T")
Cells = Mapping[str, str]
_SKIPPED = (Target.IGNORED, Target.TOTAL)


class MappedWordUnknown(Refusal):
    message = "O mapeamento não diz o que é “%(word)s”, da coluna %(place)s."


class AccountsMixed(Refusal):
    message = "O arquivo junta as contas %(first)s e %(second)s: separe-as."


class MappedReader(FileReader):
    """Reads one file by a mapping."""

    layout: CsvMapping

    def __init__(self, layout: CsvMapping) -> None:
        super().__init__(layout)
        self._columns = Header(layout)
        self._header: dict[str, str] = {}
        self._counts: dict[Role, tuple[int, int]] = {}
        self._total: tuple[int, int] | None = None

    def begin(self, opening: bytes) -> None:
        """This will look up where each column stands, in the header among the first lines."""
        self.settle_encoding(opening)
        for raw in opening.split(b"\n", HEADER_WITHIN)[:HEADER_WITHIN]:
            if self._columns.meets(self._text(raw, errors="replace")):
                return

    def feed(self, block: bytes) -> None:
        """This will read some whole lines."""
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
        """This will compare the total with the rows, if the mapping knows one."""
        charges = self.ledger.charges()
        if self.layout.account:
            self._header.setdefault("account", self.layout.account)
        if not self._header.get("account") or not self._columns.places:
            self.faults.add(1, HeaderMissing())
        totals = self._totals(int(charges.amount.sum()))
        note_differences(totals, self.faults)
        records = [RecordCount(role, role, n, cents) for role, (n, cents) in self._counts.items()]
        return Reading(
            self.layout, self.encoding or "ascii", self.lines, self._header, charges, records,
            totals, None, self.faults,
        )  # fmt: skip

    def describe(self, raw: bytes) -> dict[str, str]:
        """The cells of one line that the mapping knows and that are not blank."""
        values = self._cells(self._text(raw, errors="replace"))
        told = {name: values[at] for name, at in self._columns.places.items() if at < len(values)}
        return {name: cell for name, cell in told.items() if cell}

    def _totals(self, found: int) -> list[CheckedTotal]:
        if self._total is None:
            if Target.TOTAL in self.layout.words.values():
                self.faults.add(self.lines, TrailerMissing())
            return []
        line, declared = self._total
        return [
            CheckedTotal(
                "total", "", is_count=False, declared=declared, found=found, line=line,
                place=self.layout.columns["amount"],
            )
        ]  # fmt: skip

    # --- rows -------------------------------------------------------------------------------------

    def _take(self, raw: bytes, part: dict[str, list[int]]) -> None:
        try:
            text = self._text(raw)
        except UnicodeDecodeError:
            self._keep(raw.decode("latin-1"), LineNotDecoded(encoding=self.encoding))
            return
        if not text.strip('\r\x1a ,;|\t"') or self._columns.meets(text):
            return
        if not self._columns.places:
            self._count(Target.IGNORED, 0)  # what stands above the header
            return
        values = self._cells(text)
        if len(values) < self._columns.width or any(values[self._columns.width :]):
            self._keep(text, CellCountWrong(found=len(values), expected=self._columns.width))
            return
        self._take_row({name: values[at] for name, at in self._columns.places.items()}, text, part)

    def _take_row(self, cells: Cells, text: str, part: dict[str, list[int]]) -> None:
        word = cells.get("row_kind", "")
        target = self.layout.target_of(word)
        if target is None:
            refusal = MappedWordUnknown(word=word, place=self._title("row_kind"))
            self._keep(text, refusal, place=self._title("row_kind"), value=word)
            return
        cents = 0 if target is Target.IGNORED else self._cents(cells, target)
        self._count(target, cents)
        if target is Target.TOTAL:
            self._total = (self.lines, cents)
        if target is not Target.IGNORED:
            self._tell_header(cells)
        if target not in _SKIPPED:
            self._charge(KINDS[target], cells, cents, part)

    def _count(self, target: Target, cents: int) -> None:
        count, sum_ = self._counts.get(ROLES[target], (0, 0))
        self._counts[ROLES[target]] = (count + 1, sum_ + cents)

    def _charge(
        self, kind: ChargeKind, cells: Cells, cents: int, part: dict[str, list[int]]
    ) -> None:
        quantity, granted, measure = self._use(kind, cells)
        codes = (cells.get("category", ""), cells.get("plan_name", "") * (kind == ChargeKind.PLAN))
        label = Label(
            kind, tuple(each[:60] for each in codes if each), cells.get("description", "")[:160]
        )
        net = self._read(cells, "net_amount", lambda t: read_amount(t, self.layout), CellNotAmount)
        tax = self._read(cells, "tax_rate", lambda t: read_percent(t, self.layout), CellNotAmount)
        row = {
            "line": self.lines, "kind": int(kind), "date": self._day(cells, "date"),
            "until": self._day(cells, "until_date"),
            "resource": self.ledger.resource(cells.get("number", "")[:25]),
            "label": self.ledger.label(label), "time": read_clock(cells.get("time", "")),
            "called": hash(cells.get("called", "")) & 0xFFFFFFFFFFFFFFFF,
            "quantity": quantity, "measure": measure, "granted": granted, "amount": cents,
            "net": int(net * 10_000) if net else 0, "tax_rate": int(tax * 100) if tax else 0,
            "base": 0,
        }  # fmt: skip
        for name, value in row.items():
            part[name].append(value)

    def _use(self, kind: ChargeKind, cells: Cells) -> tuple[int, int, int]:
        """What was used, what of it the carrier grants, and what both count."""
        if kind is ChargeKind.CALL:
            told = self._read(
                cells, "duration", lambda text: read_seconds(text, self.layout), CellNotDuration
            )
            return told or 0, 0, Measure.SECONDS
        names = ("quantity", "allowance") if kind is ChargeKind.PLAN else ("quantity",)
        unit = cells.get("unit") or next(
            filter(None, (unit_of(cells.get(e, "")) for e in names)), ""
        )
        used, granted = (self._quantity(cells, name, unit) for name in ("quantity", "allowance"))
        if unit and measure_of(unit) is Measure.NONE:
            self.tell_unit(self.lines, unit, place=self._title("unit"))
        blank = Measure.PIECES if kind is ChargeKind.SERVICE else Measure.NONE
        measure = (used or granted or (0, blank))[1]
        is_alike = granted is not None and granted[1] == measure
        return (used or (0,))[0], granted[0] if granted and is_alike else 0, measure

    def _quantity(self, cells: Cells, name: str, unit: str) -> tuple[int, Measure] | None:
        return self._read(
            cells, name, lambda text: read_quantity(text, unit, self.layout), CellNotQuantity
        )

    def _tell_header(self, cells: Cells) -> None:
        """What the rows say of the invoice as a whole; two accounts are two invoices."""
        for name in ("account", "invoice_number"):
            if cells.get(name):
                self._header.setdefault(name, cells[name])
        if cells.get("account") and cells["account"] != self._header["account"]:
            mixed = AccountsMixed(first=self._header["account"], second=cells["account"])
            self.faults.add(self.lines, mixed, place=self._title("account"))
        for name in ("issue_date", "due_date"):
            if cells.get(name) and name not in self._header:
                self._header[name] = str(self._day(cells, name) or "")
        if cells.get("month") and "month" not in self._header:
            self._header["month"] = self._read(cells, "month", read_month, CellNotDay) or ""

    # --- cells ------------------------------------------------------------------------------------

    def _cents(self, cells: Cells, target: Target) -> int:
        """The fraction of a cent is cut (RGC art. 49); a discount is taken off, however written."""
        if not cells.get("amount"):
            place = self._title("amount")
            self.faults.add(self.lines, CellBlank(place=place), place=place)
            return 0
        amount = self._read(
            cells, "amount", lambda text: read_amount(text, self.layout), CellNotAmount
        )
        cents = int(amount * 100) if amount else 0
        return -abs(cents) if target is Target.DISCOUNT else cents

    def _day(self, cells: Cells, name: str) -> int:
        return self._read(cells, name, lambda text: read_day(text, self.layout), CellNotDay) or 0

    def _read(
        self, cells: Cells, name: str, read: Callable[[str], T], fault: type[Refusal]
    ) -> T | None:
        text = cells.get(name, "")
        if not text:
            return None
        try:
            return read(text)
        except NotRead:
            place = self._title(name)
            refusal = fault(place=place, form=self.layout.day_form)
            self.faults.add(self.lines, refusal, place=place, value=text)
            return None

    def _title(self, name: str) -> str:
        return self.layout.columns.get(name, name)

    def _keep(self, text: str, refusal: Refusal, *, place: str = "", value: str = "") -> None:
        self.faults.add(self.lines, refusal, place=place, value=value or text)
        self.faults.keep(self.lines, "", text)

    def _text(self, raw: bytes, *, errors: str = "strict") -> str:
        return raw.rstrip(b"\r\n").decode(self.encoding or "ascii", errors=errors)

    def _cells(self, text: str) -> list[str]:
        return split_cells(text, self.layout.separator)
