"""The worker: journeys, messages and bulk work, each on its own task queue, and the outbox's relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.cases import CaseActivities
from activities.outbox import Relay
from activities.task_moves import TaskActivities
from models.database import Database
from settings import Settings
from workflows.options import BULK_QUEUE, JOURNEYS_QUEUE, MESSAGES_QUEUE
from workflows.tasks import TaskJourney

#: Passed through whole: they are ours and pure, or never used inside a workflow.
PASSED_THROUGH = ("rules", "models", "activities", "settings", "sqlalchemy", "sqlmodel")

WORKFLOWS: list[type] = [TaskJourney]

GRACE = timedelta(seconds=10)


def journey_activities(database: Database) -> list[Callable[..., Any]]:
    """The transitions of all processes."""
    return [
        CaseActivities(database).load_case,
        TaskActivities(database).move_task,
    ]


def message_activities(database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """What hands messages to their providers."""
    return []


def bulk_activities(database: Database, settings: Settings) -> list[Callable[..., Any]]:
    """The pages of bulk runs."""
    return []


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox with one list of what passes through it."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )


def build_workers(client: Client, database: Database, settings: Settings) -> Sequence[Worker]:
    """One worker a task queue; those without activities are left out."""
    queues = [
        (JOURNEYS_QUEUE, WORKFLOWS, journey_activities(database), {}),
        (
            MESSAGES_QUEUE,
            [],
            message_activities(database, settings),
            {"max_concurrent_activities": 10},
        ),
        (BULK_QUEUE, [], bulk_activities(database, settings), {"max_concurrent_activities": 2}),
    ]
    return [
        _worker(client, queue, workflows, activities, **limits)
        for queue, workflows, activities, limits in queues
        if activities
    ]


def _worker(
    client: Client, queue: str, workflows: list[type], activities: list[Any], **limits: Any
) -> Worker:
    pollers = {"workflow_task_poller_behavior": PollerBehaviorAutoscaling()} if workflows else {}
    return Worker(
        client,
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=workflow_runner(),
        graceful_shutdown_timeout=GRACE,
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        **pollers,
        **limits,
    )


async def run(client: Client, database: Database, settings: Settings, stop: asyncio.Event) -> None:
    """This will work until `stop` is set, then finish what is under way."""
    relay = Relay(database, client, task_queue=JOURNEYS_QUEUE)
    async with AsyncExitStack() as stack:
        for worker in build_workers(client, database, settings):
            await stack.enter_async_context(worker)
        await relay.run(stop)
