"""The header of a mapped CSV: where each column stands, wherever among the first lines it is."""

from __future__ import annotations

from rules.carrier_mappings import CsvMapping, split_cells
from rules.imports import normalise_title


class Header:
    """The header of one file, once a line of it was met; `places` leads from cells to columns."""

    def __init__(self, layout: CsvMapping) -> None:
        self.layout = layout
        self.places: dict[str, int] = {}
        self.width = 0
        self._text = ""

    def meets(self, line: str) -> bool:
        """Whether a line is the header; files of several pages have the same on each."""
        if self.places:
            return line == self._text
        if not self.layout.is_header(line):
            return False
        self._text = line
        titles = [normalise_title(e) for e in split_cells(line, self.layout.separator)]
        self.width = len(titles)
        for place, title in enumerate(titles):
            cell = self.layout.titles.get(title)
            if cell is not None:
                self.places.setdefault(cell, place)
        return True
