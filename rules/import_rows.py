"""Rows of portfolio files: every cell read, every fault named, or the fields that the row tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of_class
from typing import Any

from rules.import_cells import CellRequired, Decimals, bare
from rules.import_columns import COLUMNS, Column
from rules.imports import FieldCountWrong, Header, HeaderRepeated, KeyDuplicated, normalise_title
from rules.refusals import Refusal


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row: `line` counts from 1, the header being the first.

    `message` is the refusal's message id, whose places `places` fills.
    """

    line: int
    field: str
    code: str
    message: str
    value: str = ""
    places: Mapping[str, Any] = field_of_class(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row that was read: only the fields that the file has columns for.

    `errors` is what is wrong with its cells, whose fields `unread` are then not among the values:
    such a row is judged by what could be read of it, and never written. `cells` is the line as it
    stands in the file.
    """

    line: int
    values: dict[str, Any]
    errors: tuple[RowError, ...] = ()
    unread: frozenset[str] = frozenset()
    cells: Sequence[str] = ()

    @property
    def key(self) -> str:
        """The row's own code."""
        return str(self.values["code"])

    def refused(self, refusal: Refusal, *, field: str = "", value: object = "") -> RowError:
        """This will say that the row cannot be written, and why."""
        return refused(self.line, refusal, field=field, value=str(value))


def refused(line: int, refusal: Refusal, *, field: str = "", value: str = "") -> RowError:
    """This will put a refusal beside the line and field it is about."""
    named = field or refusal.field or ""
    return RowError(line, named, refusal.code, refusal.message, value[:200], refusal.params)


class RowReader:
    """Reads the rows of one file, by its header and its way of writing decimals."""

    def __init__(
        self, header: Header, *, decimals: Decimals, duplicates: Mapping[str, Sequence[int]]
    ) -> None:
        columns = {column.field: column for column in COLUMNS[header.kind]}
        self.header = header
        self.decimals = decimals
        self.duplicates = duplicates
        self.key_place = header.fields.index("code")
        self.columns: list[tuple[int, Column]] = [
            (place, columns[field]) for place, field in enumerate(header.fields) if field
        ]

    def read(self, line: int, cells: Sequence[str]) -> Row | list[RowError]:
        """This will give the row's fields and what is wrong with its cells.

        Only the faults, where it is no row of this file, or nobody knows which.
        """
        shape = self._fault_of_shape(cells)
        if shape is not None:
            return [refused(line, shape)]
        values: dict[str, Any] = {}
        errors: list[RowError] = []
        unread = set()
        for place, column in self.columns:
            cell = bare(cells[place]) if place < len(cells) else ""
            try:
                values[column.field] = self._value(cell, column)
            except Refusal as refusal:
                named = self.header.titles[place]
                errors.append(refused(line, refusal, field=named, value=cell))
                unread.add(column.field)
        if "code" in unread:
            return errors
        errors += self._duplication(line, str(values["code"]))
        return Row(line, values, tuple(errors), frozenset(unread), cells)

    def _value(self, cell: str, column: Column) -> Any:
        if cell:
            return column.reader(cell, self.decimals)
        if column.is_required:
            raise CellRequired
        return column.blank

    def _fault_of_shape(self, cells: Sequence[str]) -> Refusal | None:
        titles = self.header.titles
        extra = len(cells) > len(titles) and any(cell.strip() for cell in cells[len(titles) :])
        if extra or len(cells) < len(titles):
            return FieldCountWrong(found=len(cells), expected=len(titles))
        if is_header(cells, self.header):
            return HeaderRepeated()
        return None

    def _duplication(self, line: int, key: str) -> list[RowError]:
        lines = self.duplicates.get(key)
        if lines is None:
            return []
        other = next((each for each in lines if each != line), line)
        named = self.header.titles[self.key_place]
        return [refused(line, KeyDuplicated(key=key, other=other), field=named, value=key)]


def is_header(cells: Sequence[str], header: Header) -> bool:
    """Whether a record is the header once more, as files pasted together have it."""
    titles = header.titles
    return normalise_title(cells[0]) == titles[0] and titles == tuple(
        normalise_title(cell) for cell in cells[: len(titles)]
    )
