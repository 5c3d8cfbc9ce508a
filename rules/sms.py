"""The size of an SMS as carriers charge it: its alphabet, length and segments (3GPP TS 23.038)."""

from dataclasses import dataclass
from enum import StrEnum

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")  # each takes an escape before it


class Encoding(StrEnum):
    """The alphabet of a message: one á, ã, õ or ç makes the whole of it UCS-2."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


# what one segment holds alone, and beside the header that joins several
LIMITS = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}


@dataclass(frozen=True)
class SmsSize:
    """Length is in the alphabet's units: septets, or UTF-16 code units (an emoji takes two)."""

    encoding: Encoding
    length: int
    segments: int


def measure(text: str) -> SmsSize:
    """This will count a text's length and segments; an empty text has none."""
    encoding = Encoding.GSM7 if set(text) <= GSM7 | GSM7_EXTENSION else Encoding.UCS2
    units = [_units(character, encoding) for character in text]
    alone, joined = LIMITS[encoding]
    length = sum(units)
    segments = min(length, 1) if length <= alone else _packed(units, joined)
    return SmsSize(encoding=encoding, length=length, segments=segments)


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if character in GSM7_EXTENSION else 1
    return len(character.encode("utf-16-be")) // 2


def _packed(units: list[int], capacity: int) -> int:
    # an escape and its character, or the halves of an emoji, never part at a segment's end
    segments, filled = 1, 0
    for unit in units:
        if filled + unit > capacity:
            segments, filled = segments + 1, 0
        filled += unit
    return segments
