"""Fixtures that every layer uses: a fresh database, the engine with its virtual clock, a worker."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
import sysconfig
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from sqlmodel import SQLModel
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper, TimeSkippingConfig, WorkflowEnvironment

import models.tables  # noqa: F401 - declares every table
from activities.outbox import Relay
from engine import SEARCH_ATTRIBUTES
from models.database import Database
from settings import Settings
from tests.support.clock import Clock
from tests.support.engine import PreparedOnce
from tests.support.histories import record_histories
from tests.support.memory import in_memory
from tests.support.postgres import EMPTY, administer, connected, postgres
from tests.support.sink import sink_of, with_free_sink
from workflows.options import JOURNEYS_QUEUE
from workflows.worker import build_workers

# Compiled modules are kept whatever the environment says: the suite starts dozens of processes, and
# each would spend five to ten seconds on compiling the same two thousand files.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
gc.disable()  # until all is imported: see pytest_collection


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql", "both"], default="sqlite")
    parser.addoption("--record-histories", action="store_true", help="for tests/replay")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: journeys and browsers wait more than they work."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests begin first, so that nobody waits for one of them at the end."""
    items.sort(key=_brevity)


def _brevity(item: pytest.Item) -> int:
    if "whole" in item.path.parts:  # minutes
        return 0
    return 1 if item.get_closest_marker("slow") else 2


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported by now stays: looking it over for garbage took a sixth of all time."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)  # for 10 MB more, hardly ever
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What touches a database runs on the one asked for, or on both, unless it is marked `once`."""
    if "database_template" not in metafunc.fixturenames:
        return
    kinds = [metafunc.config.getoption("--database")]
    if kinds == ["both"]:
        once = metafunc.definition.get_closest_marker("once")
        kinds = ["sqlite", "postgresql"] if once is None else [*once.args] or ["sqlite"]
    metafunc.parametrize("database_template", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """SQLite: a file with all tables, to copy. PostgreSQL: a server with such a database, `own`."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("template") / "acerto.db"
        asyncio.run(_create_tables(f"sqlite+aiosqlite:///{file}"))
        yield str(file)
        return
    with postgres() as address:
        asyncio.run(administer(address, "CREATE DATABASE own"))
        asyncio.run(_create_tables(f"postgresql+asyncpg://postgres@{address}/own"))
        yield address


@pytest.fixture(scope="session")
def emptied(database_template: str) -> Iterator[Callable[[], object]]:
    """Empties PostgreSQL's `own`, over one connection: a new one learns of all tables each time."""
    with ThreadPoolExecutor(1) as beside:  # in this thread a browser's own loop may run
        runner = asyncio.Runner()

        def run(work: Coroutine[Any, Any, Any]) -> Any:
            return beside.submit(runner.run, work).result()

        connection = run(connected(database_template, "own"))
        yield lambda: run(connection.execute(EMPTY))
        run(connection.close())
        beside.submit(runner.close).result()


@pytest.fixture(scope="session")
def own_url(database_template: str) -> Iterator[str]:
    """Where this process's database is."""
    if not Path(database_template).exists():
        yield f"postgresql+asyncpg://postgres@{database_template}/own"
        return
    with TemporaryDirectory(prefix="acerto-own-", dir=in_memory()) as folder:
        yield f"sqlite+aiosqlite:///{folder}/acerto.db"


@pytest.fixture(scope="session")
async def own_database(own_url: str) -> AsyncIterator[Database]:
    """This process's database: what is compiled of a statement for one test serves the others."""
    database = Database(own_url)
    yield database
    await database.dispose()


@pytest.fixture
def database_url(
    database_template: str, own_database: Database, request: pytest.FixtureRequest
) -> str:
    """The URL of a database with all tables and no row, which no other test sees meanwhile."""
    if own_database.is_sqlite:
        file = Path(own_database.url.partition("///")[2])
        for left in file.parent.iterdir():
            left.unlink()
        shutil.copy(database_template, file)
    else:
        request.getfixturevalue("emptied")()
    return own_database.url


@pytest.fixture
async def database(database_url: str, own_database: Database) -> AsyncIterator[Database]:
    """The database, which `database_url` made new for this test."""
    yield own_database
    if own_database.is_sqlite:  # a server's connections serve the next test too
        await own_database.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a deployment that keeps everything in this test's folder."""
    return with_free_sink(Settings(data=tmp_path, database_url=database_url))


@pytest.fixture(scope="session")
def virtual_engine() -> Iterator[str]:
    """The address of an engine that can skip time; each test has a namespace of its own in it."""
    environment = asyncio.run(_start_engine())
    yield environment.client.service_client.config.target_host
    asyncio.run(environment.shutdown())


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
    database: Database, settings: Settings, virtual_engine: str, request: pytest.FixtureRequest
) -> AsyncIterator[House]:
    """A running house on the virtual clock; nothing moves unless the test lets time pass."""
    skipper = await _own_namespace(virtual_engine)
    client = skipper.client
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(sink_of(settings, database))
        for worker in build_workers(client, database, settings, runner=PreparedOnce()):
            await stack.enter_async_context(worker)
        relay = Relay(database, client, task_queue=JOURNEYS_QUEUE)
        yield House(database, settings, client, Clock(skipper, relay), relay)
        if request.config.getoption("--record-histories"):
            await record_histories(client, test=request.node.name)


async def _own_namespace(address: str) -> TimeSkipper:
    """Some milliseconds where an engine of the test's own would take half a second."""
    client = await Client.connect(
        address, namespace=f"t{uuid4().hex}", data_converter=pydantic_data_converter
    )
    # Not by engine.provision, which first asks after the namespace: told no, the engine says no
    # for another second.
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace=client.namespace,
            workflow_execution_retention_period=Duration(seconds=86_400),
        )
    )
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=SEARCH_ATTRIBUTES)
    )
    return TimeSkipper(client, config=TimeSkippingConfig(enabled=False))


async def _start_engine() -> WorkflowEnvironment:
    settings = {
        "frontend.WorkflowTimeSkippingEnabled": "true",
        "history.timerProcessorMaxTimeShift": '"10ms"',
        "history.timerProcessorMaxPollRPS": "1000",
        "history.timerProcessorMaxPollHostRPS": "1000",
        "history.transferProcessorMaxPollRPS": "1000",
        "history.maxTimeSkippingTransitionsPerSession": "100000",
        # None for schedules and batches, which no journey has: each test's namespace would keep one
        # busy until the end, and the last tests had a fifth of a core less.
        "worker.perNamespaceWorkerCount": "0",
    }
    flags = [f for k, v in settings.items() for f in ("--dynamic-config-value", f"{k}={v}")]
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        dev_server_extra_args=flags,
    )


async def _create_tables(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await database.dispose()
