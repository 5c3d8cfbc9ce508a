"""Mappings of carriers' CSVs as forms and programs say them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from rules.carrier_mappings import (
    CELLS,
    CsvMapping,
    DayForm,
    DurationForm,
    Point,
    Separator,
    Target,
    read_words,
    written_words,
)

#: What the field of a cell's title is called in the form.
COLUMN = "c_"


#: What stands in files and rows: no control characters.
_SAID = r"^[^\x00-\x1f\x7f]*$"
Title = Annotated[str, Field(min_length=1, max_length=80, pattern=_SAID)]


class MappingAsked(BaseModel):
    """What forms and programs both say of a mapping, but for its columns and words."""

    code: str = Field(min_length=1, max_length=30)
    name: Title
    separator: Separator = Separator.SEMICOLON
    point: Point = Point.COMMA
    day_form: DayForm = DayForm.DAY_MONTH_YEAR
    duration_form: DurationForm = DurationForm.CLOCK
    otherwise: Target | None = None
    account: str = Field(default="", max_length=25, pattern=_SAID)
    is_active: bool = True

    def mapping(self, columns: dict[str, str], words: dict[str, Target]) -> CsvMapping:
        """As files are read by it, its version aside."""
        told = self.model_dump(include=set(MappingAsked.model_fields) - {"is_active"})
        return CsvMapping(**told, columns=columns, words=words)


class MappingInput(MappingAsked):
    """A mapping as its form says it, with a sample to try it on."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    words: str = Field(default="", max_length=4_000)
    sample: str = Field(default="", max_length=200_000)
    file: UploadFile | None = None
    c_account: str = Field(default="", max_length=80, pattern=_SAID)
    c_invoice_number: str = Field(default="", max_length=80, pattern=_SAID)
    c_month: str = Field(default="", max_length=80, pattern=_SAID)
    c_issue_date: str = Field(default="", max_length=80, pattern=_SAID)
    c_due_date: str = Field(default="", max_length=80, pattern=_SAID)
    c_number: str = Field(default="", max_length=80, pattern=_SAID)
    c_row_kind: str = Field(default="", max_length=80, pattern=_SAID)
    c_category: str = Field(default="", max_length=80, pattern=_SAID)
    c_description: str = Field(default="", max_length=80, pattern=_SAID)
    c_plan_name: str = Field(default="", max_length=80, pattern=_SAID)
    c_date: str = Field(default="", max_length=80, pattern=_SAID)
    c_until_date: str = Field(default="", max_length=80, pattern=_SAID)
    c_time: str = Field(default="", max_length=80, pattern=_SAID)
    c_called: str = Field(default="", max_length=80, pattern=_SAID)
    c_duration: str = Field(default="", max_length=80, pattern=_SAID)
    c_quantity: str = Field(default="", max_length=80, pattern=_SAID)
    c_allowance: str = Field(default="", max_length=80, pattern=_SAID)
    c_unit: str = Field(default="", max_length=80, pattern=_SAID)
    c_amount: str = Field(default="", max_length=80, pattern=_SAID)
    c_net_amount: str = Field(default="", max_length=80, pattern=_SAID)
    c_tax_rate: str = Field(default="", max_length=80, pattern=_SAID)

    def told(self) -> CsvMapping:
        """The mapping. Refuses words that say nothing (MappingWordWrong, MappingWordTwice)."""
        titles = {cell: getattr(self, COLUMN + cell) for cell in CELLS}
        columns = {cell: title for cell, title in titles.items() if title}
        return self.mapping(columns, read_words(self.words))


class MappingBody(MappingAsked):
    """A mapping as a program says it: our names of cells to titles, and words to kinds of row."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[Title, Title] = Field(max_length=len(CELLS))
    words: dict[Title, Target] = Field(default={}, max_length=200)

    def told(self) -> CsvMapping:
        """The mapping."""
        return self.mapping(self.columns, self.words)


class TrialBody(MappingBody):
    """A mapping and the text of a file to try it on."""

    sample: str = Field(min_length=1, max_length=200_000)


def typed(mapping: CsvMapping, *, is_active: bool) -> dict[str, Any]:
    """A mapping as the form's fields show it."""
    fields = {
        name: getattr(mapping, name) for name in MappingAsked.model_fields if name != "is_active"
    }
    columns = {COLUMN + cell: title for cell, title in mapping.columns.items()}
    return {**fields, **columns, "words": written_words(mapping.words), "is_active": is_active}
