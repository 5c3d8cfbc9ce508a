"""Every column of a portfolio file says what it means, with a cell that is accepted."""

from __future__ import annotations

import pytest

from rules.import_cells import Decimals
from rules.import_columns import COLUMNS, ImportKind
from rules.import_help import HELP

pytestmark = pytest.mark.once


@pytest.mark.parametrize("kind", ImportKind)
def test_every_column_has_a_meaning_and_an_example_that_is_read(kind: ImportKind) -> None:
    told = HELP[kind]

    assert list(told) == [column.field for column in COLUMNS[kind]]
    for column in COLUMNS[kind]:
        assert told[column.field].meaning
        assert column.reader(told[column.field].example, Decimals.COMMA) is not None
