"""What a list is drawn from: plain values, made by api/listing.py for macros/list.html."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a column's values are written and aligned."""

    TEXT = "text"
    #: Shown whole, on several lines where it must.
    SENTENCE = "sentence"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    AGO = "ago"
    BADGE = "badge"
    YES_NO = "yes_no"
    #: A log-in, shown as its owner's name.
    PERSON = "person"


class Tone(StrEnum):
    """The colour of a badge, always beside a word."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLUE = "blue"
    GREY = "secondary"


@dataclass(frozen=True)
class Badge:
    """A word on a coloured ground."""

    text: str
    tone: Tone = Tone.GREY

    def __str__(self) -> str:
        return self.text


class FilterKind(StrEnum):
    """How a filter is asked for."""

    SEARCH = "search"
    CHOICE = "choice"
    DAY = "date"
    AMOUNT = "amount"
    NUMBER = "number"


@dataclass(frozen=True)
class Chip:
    """A count above the list that leads to a filter of it; None: there is nothing to count."""

    label: str
    count: int | None
    href: str
    icon: str = ""
    amount: Decimal | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Head:
    """A column's head: where a click on it leads, and how it is sorted now."""

    key: str
    label: str
    kind: Kind
    href: str | None
    order: str | None


@dataclass(frozen=True)
class Cell:
    """One value of a row, or a total."""

    key: str
    kind: Kind
    value: Any
    href: str | None = None


@dataclass(frozen=True)
class Row:
    """One row; `href` opens it, `label` names it to a screen reader."""

    id: Any
    href: str | None
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ColumnChoice:
    """A line of the column chooser."""

    key: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class FilterField:
    """A filter with what it is set to, and what is wrong with that."""

    key: str
    label: str
    kind: FilterKind
    options: tuple[tuple[str, str], ...]
    value: str
    blank: str
    problem: str = ""
    is_rare: bool = False


@dataclass(frozen=True)
class KeptFilter:
    """A filter that this person keeps for the list, and where it leads."""

    id: int
    name: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Table:
    """All that templates/macros/list.html needs to draw the list.

    `is_refused`: a filter could not be read, so nothing was looked up. `kept_query` is what would
    be kept of the address: filters, order and columns.
    """

    path: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...]
    count: int
    next: str | None
    previous: str | None
    first: str
    export: str
    filters: tuple[FilterField, ...]
    is_filtered: bool
    clear: str
    choices: tuple[ColumnChoice, ...]
    hidden: tuple[tuple[str, str], ...]
    filter_query: str
    empty: str
    is_refused: bool = False
    kept: tuple[KeptFilter, ...] = ()
    kept_query: str = ""
