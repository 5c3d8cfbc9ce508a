"""Fields of bank files: columns of a line, counted from 1 and inclusive as in the manuals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from rules.money import ZERO, from_cents


@dataclass(frozen=True)
class Span:
    """The columns `first` to `last` of a line; it is written 64-80."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def of(self, line: str) -> str:
        """The text in these columns, without the blanks around it."""
        return line[self.first - 1 : self.last].strip()


class DateOrder(StrEnum):
    """How a file writes its dates."""

    DAY_FIRST = "DDMMAAAA"
    DAY_FIRST_SHORT = "DDMMAA"
    YEAR_FIRST = "AAAAMMDD"


class FieldNotReadable(ValueError):  # noqa: N818 - reads as what it is
    """A field holds something else than its kind; the message is its columns."""


def amount_in(line: str, span: Span) -> Decimal:
    """This will read an amount in reais whose last two digits are centavos; blanks are zero."""
    digits = span.of(line)
    if not digits.strip("0"):
        return ZERO
    if not (digits.isascii() and digits.isdigit()):
        raise FieldNotReadable(str(span))
    return from_cents(int(digits))


def day_in(line: str, span: Span, *, order: DateOrder) -> date | None:
    """This will read a date; None where the bank filled the field with blanks, zeros or nines."""
    digits = span.of(line)
    if not digits.strip("0") or not digits.strip("9"):
        return None
    if len(digits) != len(order.value) or not (digits.isascii() and digits.isdigit()):
        raise FieldNotReadable(str(span))
    try:
        return _day(digits, order)
    except ValueError:
        raise FieldNotReadable(str(span)) from None


@lru_cache(maxsize=1_000)
def _day(digits: str, order: DateOrder) -> date:
    if order is DateOrder.YEAR_FIRST:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    century = "20" if order is DateOrder.DAY_FIRST_SHORT else ""
    return date(int(century + digits[4:]), int(digits[2:4]), int(digits[:2]))
