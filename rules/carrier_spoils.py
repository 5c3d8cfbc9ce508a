"""What may happen to a carrier's file on its way: samples of files that must not pass for whole."""

from __future__ import annotations

from enum import StrEnum

_END = b"\r\n"


class Spoil(StrEnum):
    """What happened to a file."""

    CUT = "cut"
    SHORT_LINE = "short_line"
    STRANGE_RECORD = "strange_record"


def spoil(raw: bytes, how: Spoil) -> bytes:
    """This will spoil a whole file: cut it off, shorten one line, or add one of no known type."""
    lines = raw.removesuffix(_END).split(_END)
    middle = len(lines) // 2
    match how:
        case Spoil.CUT:
            return _END.join([*lines[:middle], lines[middle][: len(lines[middle]) // 2]])
        case Spoil.SHORT_LINE:
            lines[middle] = lines[middle][:-10]
        case Spoil.STRANGE_RECORD:
            lines.insert(middle, b"ZZ" + lines[middle][2:])
    return _END.join([*lines, b""])
