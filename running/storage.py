"""The database that the settings name, opened for a piece of work by the company's clocks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import models.tables  # noqa: F401 - foreign keys name tables of every module
from activities.house import set_clocks
from models.database import Database
from settings import Settings


@asynccontextmanager
async def open_database(settings: Settings, *, is_alone: bool = False) -> AsyncIterator[Database]:
    """This will close the database's connections when the work is over."""
    database = Database(settings.database(), is_alone=is_alone)
    try:
        await set_clocks(database)
        yield database
    finally:
        await database.dispose()
