"""The text of a CSV on disk: its encoding, and its records from a position on."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules.import_columns import ImportKind
from rules.imports import (
    EncodingMixed,
    EncodingNotAccepted,
    Header,
    ImportEmpty,
    ImportNotText,
    LineEndsNotAccepted,
    QuoteNotClosed,
    read_header,
)

#: Lines that spreadsheets leave above a heading: blank ones, and which sign separates.
_BLANK, _NOTHING = ' \t\r\n\xa0;,|"', ("", "sep=")
#: A title may be broken in its cell.
MOST_LINES_OF_HEADING = 50
CHUNK = 1 << 20
LONGEST_LINE = 1 << 17
_BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Accents as the code pages of DOS write them, which Windows-1252 would read as "Jo‡o".
_DOS = re.compile(rb"[A-Za-z][\x82\x83\x87\x88\xa1\xa2\xa3\xc6][A-Za-z]")


@dataclass(frozen=True)
class Position:
    """Where the next page begins: a byte and the number of the line before it."""

    offset: int
    line: int


@dataclass(frozen=True)
class Record:
    """One record of the CSV; `end` is where the next one begins."""

    line: int
    cells: list[str]
    end: Position


def read_first_line(
    path: Path, encoding: str, begin: int, *, name: str, kind: ImportKind | None
) -> tuple[Header, Position]:
    """This will read the heading, the first line from a byte on that says anything, and say where
    the first row begins."""
    feed = _Feed(path, encoding, Position(begin, 0))
    line = next((each for each in feed if each.strip(_BLANK).casefold() not in _NOTHING), "")
    if not line:
        raise ImportEmpty(file=name)
    heading = _whole(line, feed)
    if "\r" in heading.replace("\r\n", ""):
        raise LineEndsNotAccepted(file=name)
    return read_header(heading, kind=kind), Position(feed.offset, feed.line)


def _whole(line: str, feed: _Feed) -> str:
    """A heading with the lines that its quoted titles go on in. Raises QuoteNotClosed."""
    began = feed.line
    for _ in range(MOST_LINES_OF_HEADING):
        if line.count('"') % 2 == 0:
            return line
        line += next(feed, "")
    raise QuoteNotClosed(line=began)


def records(path: Path, encoding: str, separator: str, start: Position) -> Iterator[Record]:
    """This will read records from a position on; blank lines are passed over.

    Raises QuoteNotClosed where a quoted field does not end, or goes on after its end.
    """
    feed = _Feed(path, encoding, start)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while True:
        line = feed.line + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise QuoteNotClosed(line=line) from error
        if cells is None:
            return
        if any(cells):
            yield Record(line, cells, Position(feed.offset, feed.line))


class _Feed:
    """Lines for the CSV reader, which takes exactly as many as a record needs."""

    def __init__(self, path: Path, encoding: str, start: Position) -> None:
        self.file = path.open("rb")
        self.file.seek(start.offset)
        self.encoding = encoding
        self.offset, self.line = start.offset, start.line

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        raw = self.file.readline(LONGEST_LINE)
        if not raw:
            self.file.close()
            raise StopIteration
        self.offset += len(raw)
        self.line += 1
        if len(raw) == LONGEST_LINE:
            raise QuoteNotClosed(line=self.line)
        return raw.decode(self.encoding)

    def __del__(self) -> None:
        self.file.close()


def detect_encoding(path: Path, *, name: str) -> tuple[str, int]:
    """This will give a file's encoding and where its text begins, after a byte order mark."""
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise ImportEmpty(file=name)
    if head.startswith(_BINARY):
        raise ImportNotText(file=name)
    if head.startswith(_UTF_16):
        raise EncodingNotAccepted(line=1)
    begin = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if _is_utf8(path):
        return "utf-8", begin
    return _check_windows(path), begin


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                if b"\0" in chunk:
                    return False
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _check_windows(path: Path) -> str:
    utf8_line = 0
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
            if line.isascii() and b"\0" not in line:
                continue
            if _decodes(line, "utf-8"):
                utf8_line = utf8_line or number
            elif b"\0" in line or _DOS.search(line) or not _decodes(line, "cp1252"):
                raise EncodingNotAccepted(line=number)
    if utf8_line:
        raise EncodingMixed(line=utf8_line)
    return "cp1252"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
