"""Carriers' files on disk: read in blocks of whole lines, looked up again, compressed to keep."""

from __future__ import annotations

import codecs
import ctypes
import gzip
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from rules.carrier_layouts import sniff
from rules.carrier_readers import reader_of
from rules.carrier_reading import Reading
from rules.carrier_records import Layout
from rules.imports import ImportEmpty
from rules.refusals import Refusal

BLOCK = 8 << 20
LONGEST_LINE = 1 << 16
PACKED = ".gz"


class CarrierFileIsPdf(Refusal):
    message = (
        "O arquivo %(file)s é um PDF. O que se audita é o arquivo eletrônico da fatura, FEBRABAN "
        "(.txt) ou CSV: peça-o à operadora, ou baixe-o do portal dela."
    )
    field = "files"


class CarrierFilePacked(Refusal):
    message = (
        "O arquivo %(file)s está compactado ou é uma planilha: descompacte-o, ou exporte-o como "
        "CSV, e envie o que sair."
    )
    field = "files"


class CarrierFileInUtf16(Refusal):
    message = "O arquivo %(file)s está em UTF-16. Salve-o em UTF-8 ou Windows-1252 e envie de novo."
    field = "files"


#: What is no text, by its first bytes.
_BINARY: Mapping[type[Refusal], tuple[bytes, ...]] = {
    CarrierFileIsPdf: (b"%PDF",),
    CarrierFilePacked: (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"),
    CarrierFileInUtf16: (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}


class ReadingStopped(Exception):  # noqa: N818 - reads as what it is
    """Whoever asked for the file no longer wants it."""


def read_file(
    path: Path,
    *,
    name: str,
    layout: Layout | None = None,
    mapped: Sequence[Layout] = (),
    on_block: Callable[[int, int], bool] = lambda _bytes, _faults: True,
) -> Reading:
    """This will read a file to its end, in bounded memory but for its charges.

    `on_block` is told how many bytes were read and how many faults they had, and says whether to
    go on (else ReadingStopped). `layout` is the file's, if it was read before; else it is told by
    its first lines, `mapped` being the layouts beside those of rules/carrier_layouts.
    Refuses what cannot be a carrier's file: empty, binary, of no known layout or version.
    """
    _give_back()
    reader, done = None, 0
    for block in _blocks(path):
        if reader is None:
            reader = reader_of(layout or _told_by(block, mapped, name=name))
        reader.feed(block)
        done += len(block)
        if not on_block(done, sum(reader.faults.counts.values())):
            raise ReadingStopped
    if reader is None:
        raise ImportEmpty(file=name)
    reading = reader.finish()
    _give_back()
    return reading


def _give_back() -> None:
    """What was freed goes back to the system: glibc would keep 150 MB of a million calls."""
    with suppress(OSError, AttributeError):  # other systems' libraries have no such thing
        ctypes.CDLL(None).malloc_trim(0)


def lines_at(path: Path, numbers: Collection[int], *, layout: Layout) -> dict[int, dict[str, str]]:
    """The fields of some lines, by their number in the file."""
    wanted, found, line, reader = sorted(numbers, reverse=True), {}, 0, reader_of(layout)
    for block in _blocks(path):
        reader.settle_encoding(block)
        if not line:
            reader.begin(block)
        count = block.count(b"\n") + (not block.endswith(b"\n"))
        if wanted and wanted[-1] <= line + count:
            lines = block.split(b"\n")
            while wanted and wanted[-1] <= line + count:
                number = wanted.pop()
                found[number] = reader.describe(lines[number - line - 1])
        line += count
        if not wanted:
            break
    return found


def pack(path: Path) -> Path:
    """This will compress a file in place of itself; safe to repeat. Gives where it is now."""
    packed = path.with_name(path.name + PACKED)
    if path.suffix == PACKED:
        return path
    if path.exists():
        partial = path.with_name(path.name + ".part")
        with path.open("rb") as source, gzip.open(partial, "wb", compresslevel=1) as target:
            shutil.copyfileobj(source, target, BLOCK)
        partial.replace(packed)
        path.unlink()
    return packed


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where a line ends, without a byte order mark."""
    with _opened(path) as file:
        mark = file.read(len(codecs.BOM_UTF8))
        rest = b"" if mark == codecs.BOM_UTF8 else mark
        while block := file.read(BLOCK):
            whole, newline, rest = (rest + block).rpartition(b"\n")
            if newline:
                yield whole + newline
            elif len(rest) > LONGEST_LINE:  # no text has such lines: let its length be the fault
                yield rest
                rest = b""
        if rest:
            yield rest


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    packed = path.with_name(path.name + PACKED)
    if path.suffix == PACKED or (not path.exists() and packed.exists()):
        return gzip.open(path if path.suffix == PACKED else packed, "rb")
    return path.open("rb")


def _told_by(block: bytes, mapped: Sequence[Layout], *, name: str) -> Layout:
    for refusal, beginnings in _BINARY.items():
        if block.startswith(beginnings):
            raise refusal(file=name)
    opening = block[:LONGEST_LINE]
    if len(block) > LONGEST_LINE:  # no letter is cut in two
        opening = opening.rpartition(b"\n")[0] or opening
    try:
        return sniff(opening.decode("utf-8"), mapped)
    except UnicodeDecodeError:
        return sniff(opening.decode("latin-1"), mapped)
