"""What every journey survives: a rule that leads nowhere, news that comes beside a new run."""

from __future__ import annotations

import asyncio
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.cases import Move, Moved, refusals_reported
from activities.task_moves import TaskCommand
from rules.cases import CasePlan, CaseRef, SupersededEpoch
from rules.tasks import ConcludeTask
from workflows.journey import MOST_AT_ONCE
from workflows.sandbox import Sandbox
from workflows.tasks import TaskJourney

pytestmark = pytest.mark.once

#: A journey that has loaded its case is just below it.
SHORT_HISTORY = 10
LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
WAITS = CasePlan("open", version=1, next_kind=None, next_at=None, is_closed=False)


@dataclass
class Rows:
    """Stands in for the database: the plan that every move leaves, and what has moved the case."""

    plan: CasePlan
    heard: list[str] = field(default_factory=list)
    may_conclude: asyncio.Event = field(default_factory=asyncio.Event)
    may_load: asyncio.Event = field(default_factory=asyncio.Event)
    epoch: int = 1

    def __post_init__(self) -> None:
        self.may_load.set()

    @activity.defn
    async def load_case(self, case: CaseRef) -> CasePlan:
        await self.may_load.wait()
        with refusals_reported():
            if case.epoch != self.epoch:
                raise SupersededEpoch
        return self.plan

    @activity.defn
    async def move_task(self, move: Move[TaskCommand]) -> Moved:
        if isinstance(move.command, ConcludeTask):
            await self.may_conclude.wait()
        self.heard.append(move.command.kind)
        self.plan = replace(self.plan, version=self.plan.version + 1)
        return Moved(self.plan, {})


@asynccontextmanager
async def engine(*flags: str) -> AsyncIterator[Client]:
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
        search_attributes=[SearchAttributeKey.for_keyword("AcertoStage")],
        dev_server_extra_args=flags,
    )
    async with env:
        yield env.client


@asynccontextmanager
async def journey(client: Client, rows: Rows) -> AsyncIterator[WorkflowHandle[TaskJourney, str]]:
    worker = Worker(
        client, task_queue="q", workflows=[TaskJourney],
        activities=[rows.load_case, rows.move_task], workflow_runner=Sandbox(),
    )  # fmt: skip
    async with worker:
        yield await client.start_workflow(
            TaskJourney.run, CaseRef(1, 1), id="tasks/1", task_queue="q"
        )


async def soon(rows: Rows, *, heard: list[str]) -> None:
    async with asyncio.timeout(10):
        while rows.heard[: len(heard)] != heard:  # noqa: ASYNC110 - the engine does not call us
            await asyncio.sleep(0.02)


async def test_a_step_left_in_the_past_is_not_taken_without_end() -> None:
    rows = Rows(replace(WAITS, next_kind="remind", next_at=LONG_AGO))

    async with engine() as client, journey(client, rows) as handle:
        await soon(rows, heard=["elapsed"] * MOST_AT_ONCE)
        await asyncio.sleep(0.5)
        await handle.signal(TaskJourney.news, "payment/1")
        await soon(rows, heard=[*["elapsed"] * MOST_AT_ONCE, "news"])


async def test_news_that_comes_right_before_a_new_run_is_heard() -> None:
    rows = Rows(WAITS)
    suggestion = f"limit.historyCount.suggestContinueAsNew={SHORT_HISTORY}"

    async with (
        engine("--dynamic-config-value", suggestion) as client,
        journey(client, rows) as handle,
    ):
        concluding = await handle.start_update(
            TaskJourney.conclude,
            ConcludeTask(by="ana"),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        # The journey is long now, and only waits for the command to end before it begins anew
        await handle.signal(TaskJourney.news, "payment/1")
        rows.may_conclude.set()
        await concluding.result()
        await soon(rows, heard=["conclude", "news"])

        await _anew(client, handle)


async def test_a_command_that_a_replaced_run_still_loads_for_is_refused() -> None:
    rows = Rows(WAITS, epoch=2)
    rows.may_load.clear()

    async with engine() as client, journey(client, rows) as handle:
        concluding = await handle.start_update(
            TaskJourney.conclude,
            ConcludeTask(by="ana"),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )
        rows.may_load.set()

        async with asyncio.timeout(10):
            with pytest.raises(WorkflowUpdateFailedError) as refused:
                await concluding.result()
            assert isinstance(refused.value.cause, ApplicationError)
            assert refused.value.cause.type == SupersededEpoch.code
            assert await handle.result() == "superseded"


async def _anew(client: Client, handle: WorkflowHandle[TaskJourney, str]) -> None:
    """Until the journey lives in another run than its first."""
    newest = client.get_workflow_handle(handle.id)
    async with asyncio.timeout(10):
        while (await newest.describe()).run_id == handle.first_execution_run_id:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
