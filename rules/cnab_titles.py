"""What a bank's return file says: each of its lines, and the title that a line is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.cnab_fields import FieldNotReadable
from rules.money import ZERO


class TitleOutcome(StrEnum):
    """What happened to a title at the bank, whatever the bank's own code for it."""

    ENTERED = "entered"
    REJECTED = "rejected"
    LIQUIDATED = "liquidated"
    WRITTEN_OFF = "written_off"
    PROTESTED = "protested"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Title:
    """One event of a boleto. `movement` is the bank's code, which no two banks share.

    `paid_amount` is what the payer paid, also where the bank writes what is left of it;
    `credited_amount` what the account got (None: not told). `interest` holds the fine too where
    the bank does not tell them apart.
    """

    our_number: str
    your_number: str
    movement: str
    outcome: TitleOutcome
    due_date: date | None
    face_amount: Decimal
    paid_amount: Decimal
    occurred_on: date | None
    sequence: str
    credited_amount: Decimal | None = None
    credited_on: date | None = None
    fee: Decimal = ZERO
    interest: Decimal = ZERO
    discount: Decimal = ZERO
    rebate: Decimal = ZERO

    @property
    def key(self) -> str:
        """What makes the event the same in two files: number, movement, date and sequence."""
        day = self.occurred_on.isoformat() if self.occurred_on else "-"
        return f"{self.our_number}/{self.movement}/{day}/{self.sequence}"


class LineKind(StrEnum):
    """What a line of a return file is for."""

    HEADER = "header"
    TITLE = "title"
    PART = "part"  # belongs to the title of the line before it
    EXTRA = "extra"  # a record that says nothing about money: a Pix address, a shared credit
    TRAILER = "trailer"
    NOT_READ = "not_read"


class LineProblem(StrEnum):
    """Why a line could not be read."""

    UNKNOWN_RECORD = "unknown_record"
    TOO_LONG = "too_long"
    FIELD = "field"
    WITHOUT_PAIR = "without_pair"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One line of the file and what became of it; `detail` names the field or record at fault."""

    number: int
    kind: LineKind
    title: Title | None = None
    problem: LineProblem | None = None
    detail: str = ""


class FileProblem(StrEnum):
    """What is wrong with a file as a whole, although its lines were read."""

    NO_TRAILER = "no_trailer"
    COUNT_DIFFERS = "count_differs"
    GONE = "gone"  # it was taken away before its lines were written


@dataclass(frozen=True)
class ReturnFile:
    """A return file, line by line. `digest` tells a file that was sent twice."""

    bank: str
    columns: int
    digest: str
    lines: tuple[ReturnLine, ...]
    problems: tuple[FileProblem, ...] = ()

    @property
    def titles(self) -> list[Title]:
        """What the file tells of boletos, line by line."""
        return [line.title for line in self.lines if line.title]

    @property
    def not_read(self) -> list[ReturnLine]:
        """The lines that could not be read."""
        return [line for line in self.lines if line.problem]


def movements(**codes: str) -> Mapping[str, TitleOutcome]:
    """This will make a bank's own map of codes from "06 07 08" by outcome; the rest are OTHER."""
    return {code: TitleOutcome(name) for name, listed in codes.items() for code in listed.split()}


def not_read(number: int, problem: LineProblem, detail: str = "") -> ReturnLine:
    """This will report a line that could not be read, and why."""
    return ReturnLine(number, LineKind.NOT_READ, problem=problem, detail=detail)


def field_not_read(number: int, error: FieldNotReadable) -> ReturnLine:
    """This will report a line by the columns that hold something else than they should."""
    return not_read(number, LineProblem.FIELD, str(error))
