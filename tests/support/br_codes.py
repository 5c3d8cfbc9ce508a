"""Reads Pix copy-and-paste texts back, field by field (Banco Central, Manual do BR Code)."""

from __future__ import annotations

from collections.abc import Iterator

from rules.pix import crc16


def fields_of(code: str) -> dict[str, str]:
    """The values of a code by their path, "26.01" being the key; its check sum must be right."""
    assert code[-8:-4] == "6304"
    assert code[-4:] == crc16(code[:-4])
    return dict(_fields(code[:-8]))


def _fields(code: str, within: str = "") -> Iterator[tuple[str, str]]:
    while code:
        name, end = code[:2], 4 + int(code[2:4])
        value, code = code[4:end], code[end:]
        if name in {"26", "62"} and not within:
            yield from _fields(value, f"{name}.")
        else:
            yield within + name, value
