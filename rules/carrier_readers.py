"""The reader of a layout."""

from __future__ import annotations

from rules.carrier_delimited import DelimitedReader
from rules.carrier_fixed import FixedReader
from rules.carrier_mapped import MappedReader
from rules.carrier_mappings import CsvMapping
from rules.carrier_reading import FileReader
from rules.carrier_records import DelimitedLayout, FixedLayout, Layout


def reader_of(layout: Layout) -> FileReader:
    """A fresh reader for one file of the layout."""
    if isinstance(layout, DelimitedLayout):
        return DelimitedReader(layout)
    if isinstance(layout, CsvMapping):
        return MappedReader(layout)
    assert isinstance(layout, FixedLayout)  # noqa: S101 - for the type: there is no other
    return FixedReader(layout)
