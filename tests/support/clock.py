"""The virtual clock of journeys: one instant to which every open workflow is carried forward."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.outbox import Relay
from api.dependencies import clock
from models.outbox import OutboxEntry
from rules.business_days import at_local_time


class Clock:
    """Now, as the journeys see it. It starts at the wall clock and only goes forward."""

    def __init__(self, env: WorkflowEnvironment, relay: Relay) -> None:
        self.env = env
        self.relay = relay
        self.client: Client = env.client
        self.now = clock()

    async def settle(self) -> None:
        """This will deliver the outbox and wait until every workflow has nothing to do."""
        await self._carry()

    async def forward(self, **duration: float) -> None:
        """This will let so much time pass, e.g. forward(days=2, hours=1)."""
        await self.forward_to(self.now + timedelta(**duration))

    async def forward_to(self, instant: datetime) -> None:
        """This will let time pass until an instant, waking everything on the way in order."""
        assert instant >= self.now, "the clock only goes forward"
        # Day by day, so that what one journey starts on the way is carried along by the others.
        while self.now < instant:
            self.now = min(instant, self.now + timedelta(days=1))
            await self._carry()

    async def forward_to_local(self, day: date, at: time) -> None:
        """This will let time pass until an hour of a day in Brasília."""
        await self.forward_to(at_local_time(day, at=at))

    async def _carry(self) -> None:
        quiet = 0
        while quiet < 2:
            delivered = await self.relay.deliver_batch()
            moved = await self._carry_workflows()
            quiet = 0 if delivered or moved else quiet + 1
            await asyncio.sleep(0.02)

    async def _carry_workflows(self) -> bool:
        """Whether any workflow was behind or busy."""
        busy = False
        for workflow_id in await self._known():
            busy = await self._carry_one(self.client.get_workflow_handle(workflow_id)) or busy
        return busy

    async def _known(self) -> set[str]:
        """What runs as the engine lists it, and what was told to start and is not listed yet."""
        listed = self.client.list_workflows("ExecutionStatus='Running'")
        async with self.relay.database.read() as session:
            told = await session.exec(
                select(OutboxEntry.workflow_id)
                .where(col(OutboxEntry.delivered_at).is_not(None))
                .distinct()
            )
            return {execution.id async for execution in listed} | set(told)

    async def _carry_one(self, handle: WorkflowHandle[object, object]) -> bool:
        try:
            description = await handle.describe()
            if description.status is not WorkflowExecutionStatus.RUNNING:
                return False
            behind = self.now - await self.env.get_current_time(handle)
            if behind > timedelta(seconds=1):
                await self.env.fast_forward(handle, behind)
                return True
            description = await handle.describe()
        except RPCError:
            return True  # it ended meanwhile
        return bool(
            description.raw_description.pending_activities
            or description.raw_description.HasField("pending_workflow_task")
        )
