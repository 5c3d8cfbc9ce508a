"""The database that the settings name, opened for a piece of work by the company's clocks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import migrations
import models.tables  # noqa: F401 - foreign keys name tables of every module
from activities.house import set_clocks
from migrations import NOT_MIGRATED, DatabaseNotMigrated
from models.database import Database
from settings import Settings


@asynccontextmanager
async def open_database(settings: Settings, *, is_alone: bool = False) -> AsyncIterator[Database]:
    """This will close the database's connections when the work is over.

    Refuses a database whose structure is not ours, with what to do.
    """
    database = Database(settings.database(), is_alone=is_alone)
    try:
        await _check(database)
        await set_clocks(database)
        yield database
    finally:
        await database.dispose()


async def _check(database: Database) -> None:
    if not _is_there(database):
        raise DatabaseNotMigrated(NOT_MIGRATED)
    async with database.engine.connect() as connection:
        await connection.run_sync(migrations.check)


def _is_there(database: Database) -> bool:
    """SQLite would make the file, and say of no folder that it cannot be opened."""
    file = database.engine.url.database if database.is_sqlite else None
    return file is None or Path(file).exists()
