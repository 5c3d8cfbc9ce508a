"""What is told of a column: what it means, and a cell of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnHelp:
    """A column's meaning, as a message id, and a cell as a file may have it."""

    meaning: str
    example: str
