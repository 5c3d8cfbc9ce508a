"""The columns of portfolio files, as the page's help and programs read them."""

from __future__ import annotations

from pydantic import BaseModel

from api.import_values import KIND_LABELS
from api.language import gettext
from rules.import_columns import COLUMNS, Column, ImportKind
from rules.import_help import HELP


class ColumnView(BaseModel):
    """A column: the title of the sample, the others it goes by, what it means, and a cell of it."""

    title: str
    other_titles: list[str]
    is_required: bool
    help: str
    example: str


class ColumnsView(BaseModel):
    """The columns of one kind of file, in the order of the sample."""

    kind: ImportKind
    label: str
    columns: list[ColumnView]


def columns_of_kinds() -> list[ColumnsView]:
    """Every kind of file with its columns."""
    return [columns_of(kind) for kind in COLUMNS]


def columns_of(kind: ImportKind) -> ColumnsView:
    """A kind of file with its columns."""
    return ColumnsView(
        kind=kind, label=gettext(KIND_LABELS[kind]),
        columns=[_view(kind, column) for column in COLUMNS[kind]],
    )  # fmt: skip


def _view(kind: ImportKind, column: Column) -> ColumnView:
    title, *others = dict.fromkeys(column.names)
    told = HELP[kind][column.field]
    return ColumnView(
        title=title, other_titles=others, is_required=column.is_required,
        help=gettext(told.meaning), example=told.example,
    )  # fmt: skip
