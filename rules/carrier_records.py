"""How a carrier's file is laid out, in words: fields by position, records, what they charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Protocol


class FieldType(StrEnum):
    """What a field holds; V1, V2, V4 are numbers with so many implied decimals."""

    TEXT = "X"
    NUMBER = "N"
    TENTHS = "V1"
    CENTS = "V2"
    TEN_THOUSANDTHS = "V4"
    DATE = "D"
    MONTH = "M"
    TIME = "H"
    SIGN = "S"


class Role(StrEnum):
    """What a record is there for."""

    HEADER = "header"
    SUMMARY = "summary"
    ADDRESS = "address"
    CALL = "call"
    SERVICE = "service"
    DISCOUNT = "discount"
    PLAN = "plan"
    ADJUSTMENT = "adjustment"
    NOTE = "note"
    NOTICE = "notice"
    TRAILER = "trailer"


class ChargeKind(IntEnum):
    """What is charged. The numbers stand in arrays; the names in the database and on screen."""

    CALL = 1
    SERVICE = 2
    PLAN = 3
    DISCOUNT = 4
    ADJUSTMENT = 5

    @property
    def word(self) -> str:
        """As it is stored."""
        return self.name.lower()


@dataclass(frozen=True)
class Field:
    """A field at positions counted from 1, the last one included, as the carriers' manuals do."""

    name: str
    start: int
    end: int
    type: FieldType

    @property
    def place(self) -> slice:
        """Where it stands in a line."""
        return slice(self.start - 1, self.end)


@dataclass(frozen=True)
class RecordType:
    """A kind of line. `adds` is the field that its totals sum, with the field `sign` if any."""

    code: str
    role: Role
    fields: tuple[Field, ...]
    adds: str | None = None

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {each.name: each for each in self.fields}

    def span(self, names: str) -> Field | None:
        """A field, or neighbours joined by "+" and read as one text; None where there is none."""
        parts = [self.by_name[name] for name in names.split("+") if name in self.by_name]
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else Field(
            names, parts[0].start, parts[-1].end, FieldType.TEXT
        )  # fmt: skip


@dataclass(frozen=True)
class ChargeSource:
    """Which fields of a record make a charge; where the record lacks one, the charge has none.

    `seconds_each` turns the quantity's unit into seconds: 6 for tenths of a minute. `unit` is what
    the quantity counts, `granted` how much of it the carrier itself gave as an allowance.
    """

    record: str
    kind: ChargeKind
    number: str = "number"
    codes: tuple[str, ...] = ("category", "initials", "plan", "plan_name")
    description: str = "description"
    called: str = "called"
    date: str = "date"
    until: str = "until_date"
    time: str = "time"
    quantity: str = "quantity"
    amount: str = "amount"
    sign: str = "sign"
    net_amount: str = "net_amount"
    tax_rate: str = "tax_rate"
    base: str = "base"
    unit: str = "unit"
    granted: str = "allowance"
    seconds_each: int = 1


@dataclass(frozen=True)
class DeclaredTotal:
    """A figure of the trailer, and the records whose lines or amounts it must equal.

    `of` empty: every line (an amount: every charge). `sign` is the field of its sign.
    """

    field: str
    of: tuple[str, ...] = ()
    is_count: bool = False
    sign: str = ""


@dataclass(frozen=True)
class FixedLayout:
    """A file of lines of one width, told apart by their first characters."""

    key: str
    name: str
    width: int
    records: tuple[RecordType, ...]
    charges: tuple[ChargeSource, ...]
    totals: tuple[DeclaredTotal, ...]
    mark: tuple[int, str]
    #: Whether each line's summary says what its calls and services come to.
    summary_calls: str = ""
    summary_services: str = ""
    #: The summary's last day of a line, where it says one.
    summary_until: str = ""

    @cached_property
    def by_code(self) -> Mapping[str, RecordType]:
        """The records by their code."""
        return {each.code: each for each in self.records}

    @property
    def precision(self) -> int:
        """How surely it is told: the longer the mark, the surer."""
        return len(self.mark[1])

    @property
    def code_width(self) -> int:
        """How many characters tell the record."""
        return len(self.records[0].code)

    def of_role(self, role: Role) -> RecordType:
        """The record of a role; a layout has one header and one trailer."""
        return next(each for each in self.records if each.role is role)

    def recognises(self, opening: str) -> bool:
        """Whether a file that begins so is one of these."""
        start, text = self.mark
        header = self.of_role(Role.HEADER).code
        bare = opening.split("\n", 1)[0].rstrip("\r")
        return bare.startswith(header) and bare[start - 1 : start - 1 + len(text)] == text and (
            len(bare) == self.width
        )  # fmt: skip


@dataclass(frozen=True)
class RowRule:
    """Which rows of a delimited file have a role: words of the label, cells filled or blank."""

    role: Role
    kind: ChargeKind | None = None
    label: str = ""
    filled: tuple[str, ...] = ()


@dataclass(frozen=True)
class DelimitedLayout:
    """A file of cells: `columns` leads from its header's titles to our names of the cells.

    A row is of the first rule that it meets. `usage_total` are the label's words of a line's total
    of dated rows.
    """

    key: str
    name: str
    separator: str
    columns: Mapping[str, str]
    rules: tuple[RowRule, ...]
    usage_total: str

    @property
    def precision(self) -> int:
        """How surely it is told: the more titles, the surer."""
        return len(self.columns)

    @property
    def names(self) -> list[str]:
        """Our names of the cells, in the file's order."""
        return list(self.columns.values())

    def recognises(self, opening: str) -> bool:
        """Whether a file that begins so is one of these."""
        titles = opening.split("\n", 1)[0].rstrip("\r,; ").split(self.separator)
        return [title.strip() for title in titles] == list(self.columns)


class Layout(Protocol):
    """What every layout is asked, whatever its files are made of."""

    @property
    def key(self) -> str:
        """How invoices name it."""

    @property
    def name(self) -> str:
        """How people call it."""

    @property
    def precision(self) -> int:
        """How surely it is told from others; the surest that recognises a file reads it."""

    def recognises(self, opening: str) -> bool:
        """Whether a file is one of these, by its first lines."""


def record(code: str, role: Role, told: str, *, adds: str | None = None) -> RecordType:
    """This will read a record's declaration: "name start end type", fields parted by ";"."""
    fields = tuple(_field(item.split()) for item in told.split(";") if item.strip())
    named = {each.name for each in fields}
    return RecordType(code, role, fields, adds or ("amount" if "amount" in named else None))


def _field(parts: list[str]) -> Field:
    name, start, end, kind = parts
    return Field(name, int(start), int(end), FieldType(kind))
