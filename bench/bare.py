"""The floor under every figure of the engine: the least that a workflow can do.

As the library comes, in a process of its own: nothing of ours makes it slower or quicker.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from settings import Settings

BARE_QUEUE = "bench-bare"
TIMEOUT = timedelta(seconds=30)


@activity.defn
async def nothing(number: int) -> int:
    """The trivial activity."""
    return number


@workflow.defn
class OneActivity:
    """Starts, asks one activity, ends."""

    @workflow.run
    async def run(self, number: int) -> int:
        return await workflow.execute_activity(nothing, number, start_to_close_timeout=TIMEOUT)


@workflow.defn
class OneUpdate:
    """Waits; each update asks one activity."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def ask(self, number: int) -> int:
        """An update with one activity."""
        return await workflow.execute_activity(nothing, number, start_to_close_timeout=TIMEOUT)


async def client_of(settings: Settings) -> Client:
    """A client without anything of ours."""
    return await Client.connect(settings.engine_address(), namespace=settings.engine.namespace)


async def _work() -> None:
    async with Worker(
        await client_of(Settings()),
        task_queue=BARE_QUEUE,
        workflows=[OneActivity, OneUpdate],
        activities=[nothing],
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work())
