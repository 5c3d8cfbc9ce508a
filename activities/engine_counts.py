"""What runs in the engine, counted by its own visibility, beside what the rows say should run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from temporalio.client import Client

from models import engine_rows
from models.database import Database
from models.outbox import JOURNEYS
from rules import words


@dataclass(frozen=True)
class Comparison:
    """Open cases of a stage (None: all of the process) beside its running workflows."""

    process: str
    stage: str | None
    rows: int
    running: int

    @property
    def agrees(self) -> bool:
        """Whether rows and engine count alike; what is on its way may differ for a moment."""
        return self.rows == self.running


@dataclass(frozen=True)
class Waiting:
    """Work without a case: what waits in rows beside the workflows that do it."""

    workflow: str
    rows: int
    running: int


@dataclass(frozen=True)
class EngineState:
    """All that runs, and how much the outbox has still to tell."""

    cases: tuple[Comparison, ...]
    messages: Waiting
    others: int
    undelivered: int


#: Asked for at once, so that a cluster is not stormed by one page.
AT_ONCE = 8


async def engine_state(database: Database, client: Client, processes: Sequence[str]) -> EngineState:
    """This will count rows and workflows of these processes, stage by stage."""
    async with database.read() as session:
        rows = await engine_rows.open_by_stage(session)
        unsent = await engine_rows.unsent_messages(session)
        undelivered = await engine_rows.undelivered(session)
    count = _Counter(client)
    delivering, everything, *journeys = await asyncio.gather(
        count.running("WorkflowType='MessageDelivery'"), count.running(),
        *(count.running(_of(each)) for each in JOURNEYS),
    )  # fmt: skip
    running = dict(zip(JOURNEYS, journeys, strict=True))
    compared = await asyncio.gather(
        *(_compare(count, each, rows, running[each]) for each in processes)
    )
    return EngineState(
        cases=tuple(line for lines in compared for line in lines),
        messages=Waiting("MessageDelivery", unsent, delivering),
        others=everything - delivering - sum(journeys),
        undelivered=undelivered,
    )


class _Counter:
    """Asks the engine's visibility, a few questions at a time."""

    def __init__(self, client: Client) -> None:
        self.client, self.slots = client, asyncio.Semaphore(AT_ONCE)

    async def running(self, *conditions: str) -> int:
        """How many running workflows fulfil the conditions."""
        query = " AND ".join(("ExecutionStatus='Running'", *conditions))
        async with self.slots:
            return (await self.client.count_workflows(query)).count


async def _compare(
    count: _Counter, process: str, rows: dict[tuple[str, str], int], running: int
) -> list[Comparison]:
    """The process as a whole, and each of its stages where a row or a workflow is."""
    stages = list(words.STAGES.get(process, {}))
    found = await _by_stage(count, process, stages, rows, running)
    lines = [
        Comparison(process, stage, rows.get((process, stage), 0), found.get(stage, 0))
        for stage in stages
    ]
    whole = sum(open_cases for (each, _), open_cases in rows.items() if each == process)
    every = [Comparison(process, None, whole, running), *lines]
    return [line for line in every if line.rows or line.running]


async def _by_stage(
    count: _Counter, process: str, stages: Sequence[str], rows: Mapping[tuple[str, str], int],
    running: int,
) -> dict[str, int]:  # fmt: skip
    """How many run in each stage: those with rows first, the others only while some are missing.

    A question costs the engine milliseconds, and most stages have neither row nor workflow.
    """
    found: dict[str, int] = {}
    with_rows = [stage for stage in stages if (process, stage) in rows]
    for asked in (with_rows, [stage for stage in stages if stage not in with_rows]):
        if sum(found.values()) >= running:
            break
        counted = await asyncio.gather(
            *(count.running(_of(process), f"AcertoStage='{stage}'") for stage in asked)
        )
        found.update(zip(asked, counted, strict=True))
    return found


def _of(process: str) -> str:
    return f"WorkflowType='{JOURNEYS[process]}'"
