"""The reader of a layout."""

from __future__ import annotations

from rules.carrier_delimited import DelimitedReader
from rules.carrier_fixed import FixedReader
from rules.carrier_reading import FileReader
from rules.carrier_records import DelimitedLayout, Layout


def reader_of(layout: Layout) -> FileReader:
    """A fresh reader for one file of the layout."""
    if isinstance(layout, DelimitedLayout):
        return DelimitedReader(layout)
    return FixedReader(layout)
