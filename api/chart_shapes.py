"""What a chart is made of, whatever it shows: series, rows, figures, and the list behind each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.refusals import Refusal


class Unit(StrEnum):
    """What a chart's figures are."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"


class ChartNotFound(Refusal):
    message = "Este gráfico não existe."


@dataclass(frozen=True)
class Series:
    """One kind of bar or line; `key` is what models count it under."""

    key: str
    name: str


@dataclass(frozen=True)
class Figure:
    """One number, and the list that it counts, if there is one; None where there is none."""

    number: int | Decimal | None
    href: str | None = None


@dataclass(frozen=True)
class Row:
    """The figures at one place of the axis, one of each series."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Chart:
    """All that a chart, its table and its CSV are made from."""

    key: str
    title: str
    axis: str
    series: tuple[Series, ...]
    rows: tuple[Row, ...]
    kind: str = "bar"
    is_stacked: bool = False
    is_horizontal: bool = False
    unit: Unit = Unit.COUNT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(figure.number for row in self.rows for figure in row.figures)

    def as_json(self) -> dict[str, Any]:
        """The chart as the drawing script and programs take it."""
        return {
            "key": self.key,
            "title": self.title,
            "kind": self.kind,
            "stack": self.is_stacked,
            "horizontal": self.is_horizontal,
            "unit": self.unit,
            "labels": [row.label for row in self.rows],
            "series": [
                {
                    "name": series.name,
                    "data": [plain_number(row.figures[place].number) for row in self.rows],
                    "links": [row.figures[place].href for row in self.rows],
                }
                for place, series in enumerate(self.series)
            ],
        }


def plain_number(number: Any) -> Any:
    """Amounts and percentages travel as text, exactly."""
    return str(number) if isinstance(number, Decimal) else number
