"""Portfolio files: looked through once as a whole, then read page by page from a position."""

from __future__ import annotations

from array import array
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from activities.import_records import (
    Position,
    Record,
    detect_encoding,
    read_first_line,
    records,
)
from rules.import_cells import Decimals, bare, decimals_of, one_line
from rules.import_columns import AMOUNTS, ImportKind
from rules.import_rows import Row, RowError, RowReader, is_header
from rules.imports import MAX_DUPLICATES, DecimalsMixed, Header, ImportEmpty, KeysRepeatTooOften


@dataclass(frozen=True)
class FileFacts:
    """What the first look found out; the pages are read by it."""

    path: str
    name: str
    encoding: str
    header: Header
    start: Position
    decimals: Decimals
    rows: int
    duplicates: dict[str, list[int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the run's row."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> FileFacts:
        """What as_json wrote."""
        header = kept["header"]
        return cls(
            **{
                **kept,
                "header": Header(
                    ImportKind(header["kind"]), header["separator"],
                    tuple(header["titles"]), tuple(header["fields"]),
                ),
                "start": Position(**kept["start"]),
                "decimals": Decimals(kept["decimals"]),
            }
        )  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Some rows of a file: those that could be read, what is wrong with the others, and the end."""

    rows: list[Row]
    errors: list[RowError]
    count: int
    end: Position
    is_last: bool


def inspect(path: Path, *, name: str, kind: ImportKind | None) -> FileFacts:
    """This will look through a whole file in bounded memory, before anything of it is written.

    Refuses what cannot be a portfolio: empty, binary, of another encoding or separator, without a
    known header, without a required column, with mixed decimals, with quotes that never close.
    """
    encoding, begin = detect_encoding(path, name=name)
    header, start = read_first_line(path, encoding, begin, name=name, kind=kind)
    seen = _Survey(header)
    for record in records(path, encoding, header.separator, start):
        seen.add(record)
    if not seen.rows:
        raise ImportEmpty(file=name)
    return FileFacts(
        str(path), name, encoding, header, start, seen.decimals(), seen.rows,
        _duplicates(path, encoding, header, start, seen.keys.repeated()),
    )  # fmt: skip


def read_page(facts: FileFacts, position: Position, *, size: int) -> Page:
    """This will read so many records from a position on."""
    reader = RowReader(facts.header, decimals=facts.decimals, duplicates=facts.duplicates)
    rows: list[Row] = []
    errors: list[RowError] = []
    count = 0
    for record in records(Path(facts.path), facts.encoding, facts.header.separator, position):
        if count == size:
            return Page(rows, errors, count, position, is_last=False)
        position = record.end
        count += 1
        read = reader.read(record.line, record.cells)
        if isinstance(read, Row):
            rows.append(read)
        else:
            errors.extend(read)
    return Page(rows, errors, count, position, is_last=True)


class KeyIndex:
    """Many keys in eight bytes each. Within one process only: Python's hashes are its own."""

    def __init__(self) -> None:
        self.buckets = [array("q") for _ in range(64)]

    def add(self, key: str) -> None:
        """This will remember a key."""
        number = hash(key)
        self.buckets[number & 63].append(number)

    def repeated(self) -> set[int]:
        """The hashes of keys that seem to stand twice; a second look must confirm it."""
        found: set[int] = set()
        for bucket in self.buckets:
            ordered = sorted(bucket)
            found.update(a for a, b in pairwise(ordered) if a == b)
        return found


class _Survey:
    """What must be known of all rows before the first is written."""

    def __init__(self, header: Header) -> None:
        self.rows = 0
        self.keys = KeyIndex()
        self.key_place = header.fields.index("code")
        self.amounts = [place for place, each in enumerate(header.fields) if each in AMOUNTS]
        self.first: dict[Decimals, int] = {}

    def add(self, record: Record) -> None:
        """This will take a record into account."""
        self.rows += 1
        if self.key_place < len(record.cells):
            self.keys.add(_key(record.cells[self.key_place]))
        for place in self.amounts:
            if place < len(record.cells):
                self.first.setdefault(decimals_of(bare(record.cells[place])), record.line)

    def decimals(self) -> Decimals:
        """How the file writes decimals. Refuses a file that does it in both ways."""
        comma, point = self.first.get(Decimals.COMMA), self.first.get(Decimals.POINT)
        if comma and point:
            raise DecimalsMixed(comma=comma, point=point)
        return Decimals.COMMA if comma else Decimals.POINT if point else Decimals.UNKNOWN


def _key(cell: str) -> str:
    """A code as its column reads it."""
    return one_line(bare(cell))


def _duplicates(
    path: Path, encoding: str, header: Header, start: Position, repeated: set[int]
) -> dict[str, list[int]]:
    """The lines of every key that stands more than once; read again only if there may be any."""
    if not repeated:
        return {}
    place = header.fields.index("code")
    lines: dict[str, list[int]] = {}
    for record in records(path, encoding, header.separator, start):
        key = _key(record.cells[place]) if place < len(record.cells) else ""
        if key and hash(key) in repeated and not is_header(record.cells, header):
            lines.setdefault(key, []).append(record.line)
            if len(lines) > MAX_DUPLICATES:
                raise KeysRepeatTooOften(column=header.titles[place], count=MAX_DUPLICATES)
    return {key: found for key, found in lines.items() if len(found) > 1}
