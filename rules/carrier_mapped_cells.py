"""The cells of a mapped CSV: amounts, days, durations and quantities, read or refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal

from rules.carrier_mappings import CsvMapping, DayForm, DurationForm, Point
from rules.carrier_measures import Measure, measure_of
from rules.refusals import Refusal


class CellNotAmount(Refusal):
    message = "A coluna %(place)s deveria ter um valor."


class CellNotDay(Refusal):
    message = "A coluna %(place)s não é uma data como %(form)s."


class CellNotDuration(Refusal):
    message = "A coluna %(place)s não é uma duração como a do mapeamento."


class CellNotQuantity(Refusal):
    message = "A coluna %(place)s não é uma quantidade."


class CellBlank(Refusal):
    message = "A coluna %(place)s está vazia."


_DAYS = {
    DayForm.DAY_MONTH_YEAR: "%d/%m/%Y", DayForm.SHORT_YEAR: "%d/%m/%y", DayForm.ISO: "%Y-%m-%d",
    DayForm.DIGITS: "%Y%m%d", DayForm.DIGITS_FROM_DAY: "%d%m%Y",
}  # fmt: skip
_MONTHS = ("%m/%Y", "%m/%y", "%Y-%m", "%Y%m")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{2})")
_LETTERS = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?", re.IGNORECASE)
_QUANTITY = re.compile(r"([\d.,]+)\s*([A-Za-z]*)")
_NUMBER = re.compile(r"\d{1,13}(\.\d{1,6})?")


#: More of anything, and more than all of it as a tax, is a slip.
MOST_USED, WHOLE = 10**9, 100


class NotRead(Exception):  # noqa: N818 - reads as what it is
    """A cell says something else than its column is for."""


def read_amount(text: str, mapping: CsvMapping) -> Decimal:
    """This will read reais: R$ 1.234,56; -1,00; 1,00-; (1,00)."""
    bare = text.replace("R$", "").replace("%", "").replace("\u00a0", "").replace(" ", "")
    is_negative = bare.startswith(("-", "(")) or bare.endswith(("-", ")"))
    value = _number(bare.strip("-()"), mapping)
    return -value if is_negative else value


def read_percent(text: str, mapping: CsvMapping) -> Decimal:
    """This will read a tax rate: 25 or 25,00 %."""
    percent = read_amount(text, mapping)
    if not 0 <= percent <= WHOLE:
        raise NotRead
    return percent


def read_day(text: str, mapping: CsvMapping) -> int:
    """This will read a day as 20261122."""
    return int(_parsed(text.strip(), (_DAYS[mapping.day_form],)).strftime("%Y%m%d"))


def read_month(text: str) -> str:
    """This will read a month, 11/2026 or 2026-11, as 202611."""
    return _parsed(text.strip(), _MONTHS).strftime("%Y%m")


def read_clock(text: str) -> int:
    """This will read 14:23:59 or 14:23 as 142359; anything else is no time of the day: 0."""
    parts = text.strip().split(":")
    if len(parts) not in (2, 3) or not all(each.isdecimal() for each in parts):
        return 0
    return int("".join(each.zfill(2) for each in [*parts, "00"][:3]))


def read_seconds(text: str, mapping: CsvMapping) -> int:
    """This will read how long a call took, in seconds; a part of one counts as one."""
    bare = text.strip()
    match mapping.duration_form:
        case DurationForm.SECONDS:
            return _ceiled(_number(bare, mapping))
        case DurationForm.MINUTES:
            return _ceiled(_number(bare, mapping) * 60)
        case DurationForm.CLOCK:
            told = _CLOCK.fullmatch(bare)
        case DurationForm.LETTERS:
            told = _LETTERS.fullmatch(bare)
    if told is None or not any(told.groups()):
        raise NotRead
    hours, minutes, seconds = (int(each or 0) for each in told.groups())
    return hours * 3600 + minutes * 60 + seconds


def read_quantity(text: str, unit: str, mapping: CsvMapping) -> tuple[int, Measure]:
    """This will read so much use and what it counts: 12, or 1,5 with MB behind or beside it.

    Data is counted in kilobytes, so that nothing of a megabyte's fraction is lost.
    """
    told = _QUANTITY.fullmatch(text.strip())
    if told is None:
        raise NotRead
    amount = _number(told[1], mapping)
    if amount > MOST_USED:
        raise NotRead
    word = told[2] or unit
    measure = measure_of(word) if word.strip() else Measure.PIECES
    if measure in (Measure.MEGABYTES, Measure.GIGABYTES):
        grains = 1024 if measure is Measure.MEGABYTES else 1024 * 1024
        return _ceiled(amount * grains), Measure.KILOBYTES
    if measure is Measure.MINUTES:
        return _ceiled(amount * 60), Measure.SECONDS
    return _ceiled(amount), measure


def unit_of(text: str) -> str:
    """The unit that stands behind a quantity; empty where there is none."""
    told = _QUANTITY.fullmatch(text.strip())
    return told[2] if told else ""


def _number(text: str, mapping: CsvMapping) -> Decimal:
    if mapping.point is Point.COMMA:
        text = text.replace(".", "").replace(",", ".")
    else:
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise NotRead
    return Decimal(text)


def _parsed(text: str, forms: tuple[str, ...]) -> datetime:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise NotRead


def _ceiled(number: Decimal) -> int:
    return int(number.to_integral_value(rounding=ROUND_CEILING))
