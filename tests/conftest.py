"""Fixtures that every layer uses: a fresh database, the engine with its virtual clock, a worker."""

from __future__ import annotations

import asyncio
import shutil
import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlmodel import SQLModel
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

import models.tables  # noqa: F401 - declares every table
from activities.outbox import Relay
from models.database import Database
from settings import Settings
from tests.support.clock import Clock
from tests.support.histories import record_histories
from tests.support.postgres import postgres
from tests.support.sink import sink_of, with_free_sink
from workflows.options import JOURNEYS_QUEUE
from workflows.worker import build_workers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.addoption("--record-histories", action="store_true", help="for tests/replay")


@pytest.fixture(scope="session")
def database_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An empty database with all tables, from which each test gets its copy."""
    if request.config.getoption("--database") == "sqlite":
        file = tmp_path_factory.mktemp("template") / "acerto.db"
        asyncio.run(_create_tables(f"sqlite+aiosqlite:///{file}"))
        yield str(file)
        return
    with postgres() as address:
        asyncio.run(_administer(address, "CREATE DATABASE template"))
        asyncio.run(_create_tables(f"postgresql+asyncpg://postgres@{address}/template"))
        yield address


@pytest.fixture
def database_url(database_template: str, tmp_path: Path) -> Iterator[str]:
    """The URL of this test's own, empty database."""
    if Path(database_template).exists():
        shutil.copy(database_template, tmp_path / "acerto.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/acerto.db"
        return
    name = f"t{uuid4().hex[:12]}"
    # Copying files takes a third of the time that writing them through the log does.
    copy = f"CREATE DATABASE {name} TEMPLATE template STRATEGY FILE_COPY"
    asyncio.run(_administer(database_template, copy))
    yield f"postgresql+asyncpg://postgres@{database_template}/{name}"
    # A thousand databases of a thousand files each take minutes to remove at the end.
    asyncio.run(_administer(database_template, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """This test's own database."""
    database = Database(database_url)
    yield database
    await database.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a deployment that keeps everything in this test's folder."""
    return with_free_sink(Settings(data=tmp_path, database_url=database_url))


@dataclass
class House:
    """Everything that runs in a journey's test: rows, engine, worker, and the clock over them."""

    database: Database
    settings: Settings
    client: Client
    clock: Clock
    relay: Relay


@pytest.fixture
async def house(
    database: Database, settings: Settings, request: pytest.FixtureRequest
) -> AsyncIterator[House]:
    """A running house on the virtual clock; nothing moves unless the test lets time pass."""
    async with AsyncExitStack() as stack:
        env = await stack.enter_async_context(await _virtual_engine())
        await stack.enter_async_context(sink_of(settings, database))
        for worker in build_workers(env.client, database, settings):
            await stack.enter_async_context(worker)
        relay = Relay(database, env.client, task_queue=JOURNEYS_QUEUE)
        yield House(database, settings, env.client, Clock(env, relay), relay)
        if request.config.getoption("--record-histories"):
            await record_histories(env.client, test=request.node.name)


async def _virtual_engine() -> WorkflowEnvironment:
    settings = {
        "frontend.WorkflowTimeSkippingEnabled": "true",
        "history.timerProcessorMaxTimeShift": '"10ms"',
        "history.transferProcessorMaxPollRPS": "1000",
        "history.maxTimeSkippingTransitionsPerSession": "100000",
    }
    flags = [f for k, v in settings.items() for f in ("--dynamic-config-value", f"{k}={v}")]
    return await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
        search_attributes=[
            SearchAttributeKey.for_keyword("AcertoProcess"),
            SearchAttributeKey.for_keyword("AcertoStage"),
        ],
        dev_server_extra_args=flags,
    )


async def _create_tables(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await database.dispose()


async def _administer(address: str, statement: str) -> None:
    connection = await asyncpg.connect(f"postgresql://postgres@{address}/postgres")
    await connection.execute(statement)
    await connection.close()
