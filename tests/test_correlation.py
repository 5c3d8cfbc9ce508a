"""Who asked, and in which request, is known to every step of a journey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import logs
from tests.support.engine import own_deployment, started
from tests.support.listener import Listener, context_here

pytestmark = [pytest.mark.once, pytest.mark.slow]

QUEUE = "correlation"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    runner = SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("structlog", "logs")
    )
    async with (
        started(own_deployment(tmp_path)) as (_, client),
        Worker(
            client,
            task_queue=QUEUE,
            workflows=[Listener],
            activities=[context_here],
            workflow_runner=runner,
        ),
    ):
        yield client


async def test_an_update_takes_its_request_along_and_the_next_one_its_own(client: Client) -> None:
    with logs.context(request_id="start", actor="system"):
        journey = await client.start_workflow(Listener.run, id="listener", task_queue=QUEUE)

    with logs.context(request_id="r-1", actor="ana"):
        first = await journey.execute_update(Listener.ask)
    with logs.context(request_id="r-2", actor="rui"):
        second = await journey.execute_update(Listener.ask)
    nameless = await journey.execute_update(Listener.ask)

    assert first == {"request_id": "r-1", "actor": "ana"}
    assert second == {"request_id": "r-2", "actor": "rui"}
    assert nameless == {}


async def test_a_signal_takes_its_request_along_too(client: Client) -> None:
    journey = await client.start_workflow(Listener.run, id="listener", task_queue=QUEUE)

    with logs.context(request_id="r-3", actor="eva"):
        await journey.signal(Listener.tell)
    await journey.signal(Listener.end)

    assert await journey.result() == [{"request_id": "r-3", "actor": "eva"}]


async def test_only_request_and_actor_travel(client: Client) -> None:
    journey = await client.start_workflow(Listener.run, id="listener", task_queue=QUEUE)

    with structlog.contextvars.bound_contextvars(request_id="r-4", customer="Maria"):
        heard = await journey.execute_update(Listener.ask)

    assert heard == {"request_id": "r-4"}
