"""Run by alembic: connects to the database and applies the migrations in one transaction."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import AutoString, SQLModel

import models.tables  # noqa: F401 - importing the tables is what fills the metadata
import settings
from models.base import Centavos, TenThousandths, UTCDateTime

# SQLite's reflection skips such indexes, which no migration rebuilds a table of: nothing to see
# for whoever starts the house for the first time.
warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")

#: Any number, as long as all processes that migrate take the same lock.
POSTGRESQL_LOCK = 4_117_001


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Keep our own column types out of migrations: those must not change with the code."""
    if kind != "type":
        return False
    if isinstance(item, Centavos | TenThousandths):
        return "sa.BigInteger()"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, JSON):  # alembic forgets an import that its own rendering of JSONB needs
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def migrate(connection: Connection) -> None:
    """Apply what is missing on a connection that is in a transaction."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRESQL_LOCK})
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=is_sqlite,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"The migration leaves rows that refer to nothing: {orphans[:5]}")


async def migrate_database(url: str) -> None:
    """Connect and migrate."""
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


def prepare_sqlite(engine: AsyncEngine) -> None:
    """Let DDL take part in the transaction; foreign keys stay off, for batches drop tables."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA busy_timeout=60000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


given = context.config.attributes.get("connection")
if given is not None:  # tests hand theirs over
    migrate(given)
else:
    asyncio.run(
        migrate_database(context.config.attributes.get("url") or settings.load().database())
    )
