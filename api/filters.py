"""What is typed into a filter, read; what cannot be read is said, never left out in silence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from api.field_errors import FIELD_SENTENCES
from api.language import parse_number
from api.table import FilterKind

#: Beyond these no calendar of ours is computed, and no amount is kept.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
MOST = Decimal(10) ** 13


def read_day(text: str) -> date:
    """This will read a date as the browser's field sends it. Raises ValueError."""
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


def read_amount(text: str) -> Decimal:
    """This will read 1.234,56. Raises ValueError for anything else, and for fractions of a cent."""
    amount = parse_number(text)
    if abs(amount) > MOST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(text)
    return amount


def read_number(text: str) -> int:
    """This will read a whole number. Raises ValueError."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MOST))):
        raise ValueError(text)
    return int(text)


READERS = {
    FilterKind.DAY: (read_day, FIELD_SENTENCES["date"]),
    FilterKind.AMOUNT: (read_amount, FIELD_SENTENCES["amount"]),
    FilterKind.NUMBER: (read_number, FIELD_SENTENCES["int_parsing"]),
}


def problem_with(text: str, kind: FilterKind, *, options: Collection[str]) -> str | None:
    """The sentence (a message id) against what was typed; None when it can be read, or is blank."""
    if not text:
        return None
    if kind is FilterKind.CHOICE:
        return None if text in options else FIELD_SENTENCES["enum"]
    if kind not in READERS:
        return None
    read, sentence = READERS[kind]
    try:
        read(text)
    except ValueError:
        return sentence
    return None
