"""What benchmarks write fits the tables as they are: a column more would break them in silence."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from bench import billing, inbox, ladder
from models import tables

pytestmark = pytest.mark.once

STATEMENTS = [
    *(getattr(billing, name) for name in ("CUSTOMERS", "CONTRACTS", "CHARGES", "INVOICES")),
    *(getattr(ladder, name) for name in ("CUSTOMERS", "CONTRACTS", "CONNECTIONS", "INVOICES")),
    *(getattr(ladder, name) for name in ("EXECUTIONS", "NOTICES", "LETTERS")),
    *(getattr(inbox, name) for name in ("CUSTOMERS", "ROWS", "CASES")),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_rows_of_a_benchmark_can_be_written(statement: str) -> None:
    assert tables.__all__
    engine = sa.create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    asked = sa.text(statement)

    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (i INTEGER)")
        connection.exec_driver_sql("INSERT INTO numbers VALUES (1)")
        connection.execute(asked, dict.fromkeys(asked.compile().params, 1))
    engine.dispose()
