"""The bare workflows at work, as the library comes, in a process of their own.

Nothing of ours makes them slower or quicker: its own event loop, sandbox and plain values.
"""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.worker import Worker

from bench.bare import BARE_QUEUE, OneActivity, OneUpdate, nothing
from settings import Settings


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
