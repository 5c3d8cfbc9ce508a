"""Whether Acerto is well, for whoever watches it: no log-in, no personal data."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import literal
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from api.dependencies import Config, Db, Now
from api.observation import OUTBOX_WAITING, REGISTRY
from models import outbox
from models.database import Database
from settings import Settings
from workflows.options import JOURNEYS_QUEUE

router = APIRouter(tags=["health"])

OK = "ok"
ANSWER_SECONDS = 1.0
#: A worker that is well asks for work at least once a minute, whether there is any or not.
POLL_FRESH = timedelta(seconds=75)


class PartFailing(Exception):  # noqa: N818 - reads as what it is
    """A part is not well; the text says how, without addresses or secrets."""


class Health(BaseModel):
    """What works and what does not; each part says "ok" or what is wrong with it."""

    status: Literal["ok", "failing"]
    parts: dict[str, str]


@router.get("/health", responses={503: {"model": Health}})
async def health(
    request: Request, response: Response, database: Db, config: Config, now: Now
) -> Health:
    """Whether people can work: 200 when database, engine, worker and our own sink are well."""
    parts = {"api": OK} | await _judge(request.app.state.client, database, config, now)
    is_well = all(said == OK for said in parts.values())
    response.status_code = 200 if is_well else 503
    return Health(status="ok" if is_well else "failing", parts=parts)


@router.get("/health/live")
async def live() -> Health:
    """Whether this process answers at all; whoever watches it starts it again when not."""
    return Health(status="ok", parts={"api": OK})


@router.get("/metrics", include_in_schema=False)
async def metrics(database: Db) -> Response:
    """This process's measures in the text format of Prometheus."""
    try:
        async with database.read() as session:
            OUTBOX_WAITING.set(await outbox.backlog(session))
    except SQLAlchemyError:
        OUTBOX_WAITING.set(float("nan"))  # unknown, which is not the same as none
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


async def _judge(
    client: Client | None, database: Database, settings: Settings, now: datetime
) -> dict[str, str]:
    checks: dict[str, Awaitable[None]] = {
        "database": _check_database(database),
        "engine": _check_engine(client),
        "worker": _check_worker(client, now),
    }
    if settings.keeps_messages():
        checks["sink"] = _check_sink(settings)
    said = await asyncio.gather(*(_within_a_second(check) for check in checks.values()))
    return dict(zip(checks, said, strict=True))


async def _within_a_second(check: Awaitable[None]) -> str:
    try:
        await asyncio.wait_for(check, ANSWER_SECONDS)
    except PartFailing as failing:
        return str(failing)
    except (TimeoutError, OSError, RuntimeError, RPCError, SQLAlchemyError):
        return "no answer"
    return OK


async def _check_database(database: Database) -> None:
    async with database.read() as session:
        await session.exec(select(literal(1)))


async def _check_engine(client: Client | None) -> None:
    await _newest_poll(client)


async def _check_worker(client: Client | None, now: datetime) -> None:
    """The engine knows who asked it for work: no round trip through a worker that may be busy.

    Pollers of workflow tasks, because those are short: full activity slots stop asking, and are
    no illness.
    """
    newest = await _newest_poll(client)
    if newest is None or now - newest > POLL_FRESH:
        raise PartFailing("no worker asks for work")


async def _newest_poll(client: Client | None) -> datetime | None:
    """When a worker last asked for work; None when none did lately."""
    if client is None:
        raise PartFailing("not configured")
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=JOURNEYS_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        retry=False,
    )
    asked = (p.last_access_time.ToDatetime(UTC) for p in answer.pollers if not _is_gone(p.identity))
    return max(asked, default=None)


def _is_gone(identity: str) -> bool:
    """Whether a worker of this machine, signing as process@host, has ended.

    The engine remembers for minutes who asked it; of a process beside us we know at once.
    """
    process, _, host = identity.partition("@")
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


async def _check_sink(settings: Settings) -> None:
    _, writer = await asyncio.open_connection(settings.sink_host, settings.sink_port())
    writer.close()
    await writer.wait_closed()
