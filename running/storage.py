"""The database that the settings name, opened for a piece of work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import models.tables  # noqa: F401 - foreign keys name tables of every module
from models.database import Database
from settings import Settings


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """This will close the database's connections when the work is over."""
    database = Database(settings.database())
    try:
        yield database
    finally:
        await database.dispose()
