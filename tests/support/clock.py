"""The virtual clock of journeys: one instant to which every open workflow is carried forward."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from google.protobuf.timestamp_pb2 import Timestamp
from sqlmodel import col, select
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
)
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from activities.outbox import Relay
from api.dependencies import clock
from models.outbox import OutboxEntry
from rules.business_days import ONE_DAY, at_local_time


class Clock:
    """Now, as the journeys see it. It starts at the wall clock and only goes forward."""

    def __init__(self, skipper: TimeSkipper, relay: Relay) -> None:
        self.skipper = skipper
        self.relay = relay
        self.client: Client = skipper.client
        self.now = clock()
        self._ended: set[str] = set()
        self._skipped: set[str] = set()
        self._timers: dict[str, tuple[tuple[str, int], list[datetime]]] = {}

    async def settle(self) -> None:
        """This will deliver the outbox and wait until every workflow has nothing to do."""
        await self._carry()

    async def forward(self, **duration: float) -> None:
        """This will let so much time pass, e.g. forward(days=2, hours=1)."""
        await self.forward_to(self.now + timedelta(**duration))

    async def forward_to(self, instant: datetime) -> None:
        """This will let time pass until an instant, waking everything on the way in order."""
        assert instant >= self.now, "the clock only goes forward"
        # Day by day, so that what one journey starts on the way is carried along by the others;
        # days on which none has anything to do pass at once.
        while self.now < instant:
            self.now = min(instant, self.now + timedelta(days=await self._days_to_pass(instant)))
            await self._carry(quiet_rounds=2 if self.now == instant else 1)

    async def forward_to_local(self, day: date, at: time) -> None:
        """This will let time pass until an hour of a day in Brasília."""
        await self.forward_to(at_local_time(day, at=at))

    async def _days_to_pass(self, instant: datetime) -> int:
        """How many until the end of the first on which a workflow has something to do."""
        if instant - self.now <= ONE_DAY or await self._has_post():
            return 1
        moves = [
            await self._next_move(self.client.get_workflow_handle(workflow_id))
            for workflow_id in await self._known()
        ]
        return max(1, ceil((min(filter(None, moves), default=instant) - self.now) / ONE_DAY))

    async def _has_post(self) -> bool:
        async with self.relay.database.read() as session:
            waiting = select(OutboxEntry.id).where(col(OutboxEntry.delivered_at).is_(None)).limit(1)
            return (await session.exec(waiting)).first() is not None

    async def _next_move(self, handle: WorkflowHandle[object, object]) -> datetime | None:
        """When a workflow's next timer rings; now, if it has something else to do."""
        try:
            description = await handle.describe()
            if description.status is not WorkflowExecutionStatus.RUNNING:
                return None
            if _is_busy(description) or self._is_behind(description):
                return self.now
            return min(await self._open_timers(handle, description), default=None)
        except RPCError:
            return self.now  # it ended meanwhile

    async def _carry(self, *, quiet_rounds: int = 2) -> None:
        # Journeys reach each other through the outbox alone: where each has nothing to do and then
        # nothing is in it, nothing moves. A second round is for what the test itself has going on.
        await self._deliver()
        quiet = 0
        while quiet < quiet_rounds:
            moved = await self._carry_workflows()
            delivered = await self._deliver()
            quiet = 0 if moved or delivered else quiet + 1
            if quiet < quiet_rounds:
                await asyncio.sleep(0.02)

    async def _deliver(self) -> int:
        delivered = await self.relay.deliver_batch()
        if delivered:
            self._ended.clear()  # what ended may have been started again
        return delivered

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
            return {execution.id async for execution in listed} | (set(told) - self._ended)

    async def _carry_one(self, handle: WorkflowHandle[object, object]) -> bool:
        try:
            description = await handle.describe()
            if description.status is not WorkflowExecutionStatus.RUNNING:
                self._ended.add(handle.id)
                return False
            if self._is_behind(description):
                await self.skipper.fast_forward(handle, self.now - _current_time(description))
                self._skipped.add(handle.id)
                return True
            return _is_busy(description) or await self._awaits_a_timer(handle, description)
        except RPCError:
            return True  # it ended meanwhile

    async def _awaits_a_timer(
        self, handle: WorkflowHandle[object, object], description: WorkflowExecutionDescription
    ) -> bool:
        """Whether time that was skipped has not rung yet: the engine fires timers when it can."""
        if handle.id not in self._skipped:
            return False
        now = _current_time(description)
        if any(due <= now for due in await self._open_timers(handle, description)):
            return True
        self._skipped.discard(handle.id)
        return False

    async def _open_timers(
        self, handle: WorkflowHandle[object, object], description: WorkflowExecutionDescription
    ) -> list[datetime]:
        """When a workflow's timers ring; its history is read again where it has grown."""
        grown = description.run_id, description.history_length
        known, due = self._timers.get(handle.id, (None, []))
        if known != grown:
            due = await _timers_of(handle)
            self._timers[handle.id] = grown, due
        return due

    def _is_behind(self, description: WorkflowExecutionDescription) -> bool:
        return self.now - _current_time(description) > timedelta(seconds=1)


async def _timers_of(handle: WorkflowHandle[object, object]) -> list[datetime]:
    open_timers: dict[int, datetime] = {}
    async for event in handle.fetch_history_events():
        if event.HasField("timer_started_event_attributes"):
            after = event.timer_started_event_attributes.start_to_fire_timeout
            open_timers[event.event_id] = _instant(event.event_time) + after.ToTimedelta()
        open_timers.pop(event.timer_fired_event_attributes.started_event_id, None)
        open_timers.pop(event.timer_canceled_event_attributes.started_event_id, None)
    return [*open_timers.values()]


def _is_busy(description: WorkflowExecutionDescription) -> bool:
    about = description.raw_description
    return bool(about.pending_activities or about.HasField("pending_workflow_task"))


def _current_time(description: WorkflowExecutionDescription) -> datetime:
    """The workflow's own now: the wall clock until it is carried forward for the first time."""
    about = description.raw_description.workflow_extended_info
    if not about.HasField("time_skipping_info"):
        return clock()
    return _instant(about.time_skipping_info.current_time)


def _instant(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)
