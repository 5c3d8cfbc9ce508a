"""What an import's earlier lines told, found again by a value while its later lines are read.

A dry run writes nothing that later lines could find, and what was refused stands nowhere. So places
of lines are kept by what they told, in a table that SQLite keeps on disk and forgets at its end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from activities.import_files import FileFacts
from activities.import_records import Position, Record, records
from rules.import_cells import Decimals, bare
from rules.import_columns import COLUMNS, Column, ImportKind
from rules.import_rows import Row, RowReader
from rules.refusals import Refusal

#: By which of its columns a line of a kind is looked for.
LOOKED_FOR: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.CUSTOMERS: ("code",),
    ImportKind.CONTRACTS: ("code", "phone_terminal"),
    ImportKind.INVOICES: ("code",),
    ImportKind.AGREEMENTS: ("code", "invoices", "originals"),
    ImportKind.PAYMENTS: ("code", "invoice"),
}
_TABLE = """
create table told (kind text, field text, value text, file integer, line integer, byte integer,
                   is_refused integer);
create index told_by_value on told (kind, field, value);
"""
_INSERT = "insert into told values (?, ?, ?, ?, ?, ?, ?)"
_SELECT = """
select rowid, file, line, byte from told
where kind = ? and field = ? and value = ? and is_refused = ? order by rowid
"""


@dataclass(frozen=True)
class EarlierLine:
    """A line that told a value; `number` counts the lines of a whole import that were kept."""

    number: int
    file: FileFacts
    line: int
    byte: int


class EarlierLines:
    """The lines of an import that were read so far, by the values that they told."""

    def __init__(self) -> None:
        self.files: list[FileFacts] = []
        self.ends: dict[str, Position] = {}
        self.whole: set[str] = set()
        # Written beside the event loop and asked in it, one after the other.
        self.table = sqlite3.connect("", check_same_thread=False)
        self.table.executescript(_TABLE)

    def close(self) -> None:
        """This will forget everything."""
        self.table.close()

    def has_read(self, file: FileFacts, *, until: int | None) -> bool:
        """Whether a file was read on until a byte, or its end."""
        if until is None:
            return file.path in self.whole
        return file.path in self.ends and self.ends[file.path].offset >= until

    def line_of(self, file: FileFacts) -> int:
        """The last line of a file that was read."""
        return self.ends.get(file.path, file.start).line

    def read_on(
        self, file: FileFacts, *, until: int | None, refused: Container[int], only_refused: bool
    ) -> None:
        """This will keep the lines of a file from where it was left until a byte, or its end."""
        if file.path not in self.ends:
            self.files.append(file)
        begin = self.ends.get(file.path, file.start)
        with self.table:
            told = self._told(file, begin, until, refused, only_refused)
            self.table.executemany(_INSERT, told)
        if until is None:
            self.whole.add(file.path)

    def standing(self, kind: ImportKind, field: str, value: str) -> list[EarlierLine]:
        """The lines that told the value and were not refused, in the order of the import."""
        return self._found(kind, field, value, is_refused=False)

    def refused(self, kind: ImportKind, code: str) -> EarlierLine | None:
        """The line that was to bring a code and was refused; None: there is none, or another
        brought it."""
        if self.standing(kind, "code", code):
            return None
        return next(iter(self._found(kind, "code", code, is_refused=True)), None)

    def pending_id(self, kind: ImportKind, code: str) -> int | None:
        """What a dry run calls a row that would be new: a number below zero, of its own."""
        return next((-each.number for each in self.standing(kind, "code", code)), None)

    def rows(self, kind: ImportKind, field: str, values: Iterable[str]) -> list[Row]:
        """The rows that told one of these values and were not refused, each once, in order."""
        found = {
            (each.file.path, each.line): each
            for value in values
            for each in self.standing(kind, field, value)
        }
        ordered = sorted(found.values(), key=lambda each: each.number)
        return [row for each in ordered if (row := self.row(each)) is not None]

    def row(self, line: EarlierLine) -> Row | None:
        """This will read a line once more; None: it is no row of its file."""
        file = line.file
        begin = Position(line.byte, line.line - 1)
        found = records(Path(file.path), file.encoding, file.header.separator, begin)
        record = next(found, None)
        reader = RowReader(file.header, decimals=file.decimals, duplicates=file.duplicates)
        read = reader.read(line.line, record.cells) if record else []
        return read if isinstance(read, Row) else None

    def _found(
        self, kind: ImportKind, field: str, value: str, *, is_refused: bool
    ) -> list[EarlierLine]:
        asked = self.table.execute(_SELECT, (kind, field, value, is_refused))
        return [EarlierLine(number, self.files[at], *rest) for number, at, *rest in asked]

    def _told(
        self,
        file: FileFacts,
        begin: Position,
        until: int | None,
        refused: Container[int],
        only_refused: bool,  # noqa: FBT001
    ) -> Iterator[tuple[str | int, ...]]:
        at, kind = self.files.index(file), file.header.kind
        columns, place = _columns(file), begin
        for record in records(Path(file.path), file.encoding, file.header.separator, begin):
            if until is not None and record.end.offset > until:
                break
            is_refused = record.line in refused
            for field, value in _values(record, columns, file.decimals):
                if is_refused or not only_refused:
                    yield kind, field, value, at, record.line, place.offset, is_refused
            place = record.end
        self.ends[file.path] = place


def _columns(file: FileFacts) -> list[tuple[int, Column]]:
    kind = file.header.kind
    wanted = {each.field: each for each in COLUMNS[kind] if each.field in LOOKED_FOR[kind]}
    return [(at, wanted[field]) for at, field in enumerate(file.header.fields) if field in wanted]


def _values(
    record: Record, columns: Iterable[tuple[int, Column]], decimals: Decimals
) -> Iterator[tuple[str, str]]:
    for at, column in columns:
        cell = bare(record.cells[at]) if at < len(record.cells) else ""
        try:
            read = column.reader(cell, decimals) if cell else ()
        except Refusal:
            continue
        for value in read if isinstance(read, tuple) else (read,):
            yield column.field, value
