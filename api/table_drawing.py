"""The parts of a list's table, each from its declaration and what the address asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.language import gettext
from api.table import Cell, ColumnChoice, FilterField, Head, Row

if TYPE_CHECKING:
    from api.listing import Column, Filter, View


def no_totals(columns: Sequence[Column]) -> Mapping[str, Any]:
    """The totals of a list in which nothing was looked up."""
    return {"count": 0, **{column.key: 0 for column in columns}}


def head(column: Column, view: View) -> Head:
    """A column's head, and where a click on it leads."""
    label = gettext(column.label)
    if not column.is_sortable:
        return Head(column.key, label, column.kind, None, None)
    turned = f"-{column.key}" if view.order == column.key else column.key
    order = {column.key: "ascending", f"-{column.key}": "descending"}.get(view.order)
    return Head(column.key, label, column.kind, view.url(ordem=turned, cursor=None), order)


def row(row_id: Any, shown: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    """One row as it is shown; the first column links to where the row leads."""
    href = shown.get("href")
    links = {columns[0].key: href, **shown.get("links", {})}
    cells = tuple(
        Cell(column.key, column.kind, shown.get(column.key), links.get(column.key))
        for column in columns
    )
    return Row(row_id, href, str(shown.get("label") or cells[0].value), cells)


def total_cells(columns: Sequence[Column], summed: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The line of totals; none where no column has one."""
    if not any(column.is_totalled for column in columns):
        return ()
    return tuple(
        Cell(column.key, column.kind, (summed[column.key] or 0) if column.is_totalled else "")
        for column in columns
    )


def choices(view: View) -> tuple[ColumnChoice, ...]:
    """The lines of the column chooser."""
    return tuple(
        ColumnChoice(column.key, gettext(column.label), column in view.columns)
        for column in view.listing.columns
    )


def filter_field(each: Filter, view: View) -> FilterField:
    """A filter with what it is set to, and what is wrong with that."""
    options = tuple((value, gettext(label)) for value, label in each.options)
    return FilterField(
        each.key,
        gettext(each.label),
        each.kind,
        options,
        view.query.get(each.key, ""),
        gettext(each.blank),
        view.problems.get(each.key, ""),
        each.is_rare,
    )
