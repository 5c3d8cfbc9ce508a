"""The floor under every figure of the engine: the least that a workflow can do.

It imports nothing else: the sandbox reads this module anew for every execution.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow

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
