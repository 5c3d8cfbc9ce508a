"""The migrations lead from nothing to the tables of models/, and back, on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, inspect
from sqlalchemy.schema import CreateIndex
from sqlmodel import SQLModel

import migrations
from models.database import Database
from tests.support.postgres import administer

#: SQLite's indexes of expressions are compared by _expressions_not_as_declared.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based"),
]

#: Columns that came to tables with rows; earlier ones keep the defaults that those rows got.
SINCE_DECEMBER = {
    *(f"contracts.{name}" for name in ("term_months", "payment_method", "readjustment_lag_months")),
    "contracts.kept_price_resets_base", "plans.term_months", "plans.payment_method",
    "payment_profiles.for_telephony", "products.kind", "contract_services.kind",
    "products.fiscal_kind", "charges.parts",
}  # fmt: skip


@pytest.fixture
def empty_database(database_template: str, tmp_path: Path) -> str:
    """A database without any table."""
    if Path(database_template).exists():
        return f"sqlite+aiosqlite:///{tmp_path}/empty.db"
    name = f"t{uuid4().hex[:12]}"
    asyncio.run(administer(database_template, f"CREATE DATABASE {name}"))
    return f"postgresql+asyncpg://postgres@{database_template}/{name}"


def test_from_nothing_to_the_models_and_back(empty_database: str) -> None:
    """One after the other on one database: each way takes seconds."""
    with pytest.raises(migrations.DatabaseNotMigrated, match="acerto migrate"):
        asyncio.run(_asked(empty_database, migrations.check))
    migrations.upgrade(empty_database)
    asyncio.run(_asked(empty_database, migrations.check))
    assert asyncio.run(_asked(empty_database, _differences)) == []
    given = asyncio.run(_asked(empty_database, _given_by_the_database))
    assert given & SINCE_DECEMBER == set(), "what old rows were given is no default of new ones"

    migrations.upgrade(empty_database)
    assert asyncio.run(_asked(empty_database, _differences)) == [], "a second time changes nothing"

    command.downgrade(migrations.configuration(empty_database), "base")
    assert asyncio.run(_asked(empty_database, _tables)) == ["alembic_version"]
    with pytest.raises(migrations.DatabaseNotMigrated):
        asyncio.run(_asked(empty_database, migrations.check))

    asyncio.run(_asked(empty_database, _pretend_later))
    with pytest.raises(migrations.DatabaseIsNewer, match="later version"):
        migrations.upgrade(empty_database)
    with pytest.raises(migrations.DatabaseIsNewer):
        asyncio.run(_asked(empty_database, migrations.check))


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    differences = list(compare_metadata(context, SQLModel.metadata))
    if connection.dialect.name == "sqlite":
        differences += _expressions_not_as_declared(connection)
    return differences


def _expressions_not_as_declared(connection: Connection) -> list[str]:
    """Indexes of expressions, which SQLite gives back only as they were written.

    A batch that makes a table anew loses them without a word; its migration must make them again.
    """
    indexes = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index'")
    written = set(indexes.scalars())
    declared = [
        str(CreateIndex(index).compile(connection))
        for table in SQLModel.metadata.sorted_tables
        for index in table.indexes
        if not all(isinstance(each, Column) for each in index.expressions)
    ]
    assert declared
    return [each for each in declared if each not in written]


def _given_by_the_database(connection: Connection) -> set[str]:
    """The columns, as table.column, that get a value where none is written."""
    asked = inspect(connection)
    return {
        f"{table}.{column['name']}"
        for table in asked.get_table_names()
        for column in asked.get_columns(table)
        if column["default"] is not None
    }


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


def _pretend_later(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('later')")


async def _asked(url, question):
    database = Database(url)
    try:
        async with database.engine.begin() as connection:
            return await connection.run_sync(question)
    finally:
        await database.dispose()
