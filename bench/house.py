"""A house of its own for a benchmark: engine, worker, API and a bare worker; empty database."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import SQLModel
from temporalio.client import Client

import models.tables  # noqa: F401 - declares every table
from bench.bare_worker import client_of
from engine import provision
from models.database import Database
from running.embedded import EmbeddedEngine
from settings import Settings

HERE = Path(__file__).parent.parent


@dataclass
class BenchHouse:
    """What a benchmark talks to."""

    settings: Settings
    database: Database
    client: Client
    bare: Client
    api_url: str


@asynccontextmanager
async def bench_house(*, port: int = 18_300, tree: Path = HERE) -> AsyncIterator[BenchHouse]:
    """This will start engine, worker and API as processes, and stop them afterwards.

    Worker and API run the code of `tree`; the database is made by ours.
    """
    with tempfile.TemporaryDirectory(prefix="acerto-bench-") as folder:
        settings = Settings(data=Path(folder), port=port)
        database = Database(settings.database())
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        async with AsyncExitStack() as stack:
            engine = EmbeddedEngine(settings)
            await engine.start()
            stack.push_async_callback(engine.stop)
            client = await engine.ready()
            await provision(client)
            await stack.enter_async_context(_process(settings, tree, "cli", "worker"))
            await stack.enter_async_context(_process(settings, tree, "cli", "api"))
            await stack.enter_async_context(_process(settings, HERE, "bench.bare_worker"))
            bare = await client_of(settings)
            yield BenchHouse(settings, database, client, bare, settings.base_url())
        await database.dispose()


@asynccontextmanager
async def _process(
    settings: Settings, tree: Path, module: str, *arguments: str
) -> AsyncIterator[None]:
    environment = {
        **os.environ, "ACERTO_DATA": str(settings.data), "ACERTO_PORT": str(settings.port),
        "ACERTO_LOG_LEVEL": "ERROR", "PYTHONPATH": str(tree),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, env=environment, cwd=tree
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
