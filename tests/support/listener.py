"""A journey that tells under whose name it was asked."""

from __future__ import annotations

from datetime import timedelta

import structlog
from temporalio import activity, workflow

Context = dict[str, str]


@activity.defn
async def context_here() -> Context:
    return dict(structlog.contextvars.get_contextvars())


@workflow.defn
class Listener:
    """Tells the context of each request that reaches it."""

    def __init__(self) -> None:
        self.over = False
        self.heard: list[Context] = []

    @workflow.run
    async def run(self) -> list[Context]:
        await workflow.wait_condition(lambda: self.over)
        return self.heard

    @workflow.update
    async def ask(self) -> Context:
        workflow.logger.info("asked")  # goes through the log's formatter inside the sandbox
        return await workflow.execute_activity(
            context_here, start_to_close_timeout=timedelta(seconds=5)
        )

    @workflow.signal
    async def tell(self) -> None:
        self.heard.append(
            await workflow.execute_activity(
                context_here, start_to_close_timeout=timedelta(seconds=5)
            )
        )

    @workflow.signal
    async def end(self) -> None:
        await workflow.wait_condition(lambda: bool(self.heard))
        self.over = True
