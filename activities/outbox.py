"""The relay: takes what the outbox holds to the engine, at least once, at the engine's pace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError, RPCStatusCode

from models import outbox
from models.database import Database
from models.outbox import OutboxEntry, Verb

log = logging.getLogger(__name__)

BATCH = 200
#: Batches claimed while one is handed over.
AHEAD = 2
AT_ONCE = 40
IDLE_SECONDS = 0.15
PROCESS = SearchAttributeKey.for_keyword("AcertoProcess")


class Relay:
    """Delivers the outbox until it is stopped; several may run, each on its own claim."""

    def __init__(self, database: Database, client: Client, *, task_queue: str) -> None:
        self.database = database
        self.client = client
        self.task_queue = task_queue

    async def run(self, stop: asyncio.Event) -> None:
        """This will deliver whatever comes until `stop` is set, however long the engine is away."""
        while not stop.is_set():
            try:
                delivered = await self.deliver_batch()
            except Exception:  # whatever it was, the entries are kept and the relay goes on
                log.exception("outbox not readable; trying again")
                delivered = 0
            if not delivered:
                await _pause(stop)

    async def drain(self) -> None:
        """This will deliver until nothing is left."""
        while await self.deliver_batch():
            pass

    async def deliver_batch(self, ahead: int = AHEAD) -> int:
        """This will deliver what waits, a few batches at once; returns how many the engine took.

        A full batch has more behind it, claimed while this one is handed over: to claim and to
        record wait for the database's one writer, which the journeys that were told keep busy.
        """
        entries = await self._claim()
        if len(entries) < BATCH or not ahead:
            return await self._hand_over(entries)
        both = self._hand_over(entries), self.deliver_batch(ahead - 1)
        return sum(await asyncio.gather(*both))

    async def _hand_over(self, entries: Sequence[OutboxEntry]) -> int:
        if not entries:
            return 0
        gate = asyncio.Semaphore(AT_ONCE)
        errors: dict[int, str | None] = {}
        await asyncio.gather(
            *(self._deliver_in_order(row, errors, gate) for row in _by_workflow(entries))
        )
        told = [errors[outbox.place_of(entry)] for entry in entries]
        await self._record(entries, told)
        return sum(error is None for error in told)

    async def _claim(self) -> Sequence[OutboxEntry]:
        async with self.database.read() as session:
            if not await outbox.is_any_due(session, now=_wall_clock()):
                return []
        async with self.database.write() as session:
            return await outbox.claim(session, limit=BATCH, now=_wall_clock())

    async def _record(self, entries: Sequence[OutboxEntry], errors: Sequence[str | None]) -> None:
        async with self.database.write() as session:
            await outbox.record(session, entries, errors, now=_wall_clock())

    async def _deliver_in_order(
        self, row: Sequence[OutboxEntry], errors: dict[int, str | None], gate: asyncio.Semaphore
    ) -> None:
        """One workflow's entries: news that overtakes a restart would be lost with the old run."""
        async with gate:
            failed: str | None = None
            for entry in row:
                failed = failed or await self._deliver(entry)
                errors[outbox.place_of(entry)] = failed

    async def _deliver(self, entry: OutboxEntry) -> str | None:
        """None when the engine took it, else what it said."""
        try:
            await self._tell_engine(entry)
        except Exception as error:  # noqa: BLE001 - recorded; the others of the batch go on
            log.warning("outbox %s not delivered: %s", entry.id, error)
            return str(error)[:500]
        return None

    async def _tell_engine(self, entry: OutboxEntry) -> None:
        # Nearly all who are told something are running, and to tell them is half the engine's work.
        if entry.verb != Verb.SIGNAL or not await self._signal(entry):
            await self._start(entry)

    async def _signal(self, entry: OutboxEntry) -> bool:
        """False when the workflow is not running."""
        running = self.client.get_workflow_handle(entry.workflow_id)
        try:
            await running.signal("news", entry.news_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _start(self, entry: OutboxEntry) -> None:
        restart = entry.verb == Verb.RESTART
        await self.client.start_workflow(
            entry.workflow,
            entry.argument,
            id=entry.workflow_id,
            task_queue=self.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING
            if restart
            else WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal="news" if entry.verb == Verb.SIGNAL else None,
            start_signal_args=[entry.news_id] if entry.verb == Verb.SIGNAL else [],
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(PROCESS, entry.workflow_id.partition("/")[0])]
            ),
        )


def _by_workflow(entries: Sequence[OutboxEntry]) -> list[list[OutboxEntry]]:
    rows: dict[str, list[OutboxEntry]] = {}
    for entry in entries:
        rows.setdefault(entry.workflow_id, []).append(entry)
    return list(rows.values())


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), IDLE_SECONDS)
    except TimeoutError:
        return


def _wall_clock() -> datetime:
    """Claims are between processes of today, whatever the virtual clock of a journey says."""
    return datetime.now(UTC)
