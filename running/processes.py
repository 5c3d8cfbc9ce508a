"""What `acerto api`, `acerto worker` and `acerto sink` do: one process each, until a signal."""

from __future__ import annotations

import asyncio
import gc
from contextlib import nullcontext
from functools import partial
from socket import socket

import uvicorn

from activities.house import following_clocks
from engine import connect, provision
from running.ports import adopted, listen
from running.storage import open_database
from settings import Settings
from supervisor import stop_on_signals

#: Requests under way are let finish this long; long-lived streams are cut then.
GRACE_SECONDS = 5
#: The engine may be starting; a worker without one has nothing to do.
ENGINE_SECONDS = 300.0


def look_for_garbage_seldom() -> None:
    """What was imported stays, and what a request or a transition makes is gone with it.

    Looking through the first held single requests up; looking through the second after every
    seven hundred objects, dozens of times for each of them, found hardly anything.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


async def api(settings: Settings, *, listening_on: int | None = None) -> None:
    """This will serve pages and API; it starts, and shows what it can, without the engine.

    `listening_on` is the descriptor of a port that whoever started it listens on.
    """
    from api.app import create_app  # noqa: PLC0415 - only this process needs it

    if listening_on is None:
        listening = listen(settings.host, settings.port)
    else:
        listening = adopted(listening_on)
    async with open_database(settings) as database, following_clocks(database):
        client = await connect(settings, lazy=True)
        application = create_app(settings, database, client)
        look_for_garbage_seldom()
        server = uvicorn.Server(
            uvicorn.Config(
                application,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        await _serve(server, listening)


async def worker(settings: Settings) -> None:
    """This will work until a signal, then finish what is under way."""
    from workflows import schedules  # noqa: PLC0415
    from workflows.worker import run  # noqa: PLC0415

    stop = stop_on_signals()
    async with open_database(settings) as database:
        client = await connect(settings, retry_seconds=ENGINE_SECONDS)
        await provision(client)
        look_for_garbage_seldom()
        async with following_clocks(database, then=partial(schedules.put, client)):
            await run(client, database, settings, stop)


async def support(settings: Settings) -> None:
    """This will take in mail to the support address until a signal."""
    from api.support_mail import run  # noqa: PLC0415

    await run(settings, stop_on_signals())


async def sink(settings: Settings) -> None:
    """This will take in mail and SMS until a signal."""
    from api.sink import run  # noqa: PLC0415

    await run(settings, stop_on_signals())


async def _serve(server: uvicorn.Server, listening: socket) -> None:
    """The signals are ours: Uvicorn would raise them again at its end, which is no exit code 0."""
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]
    stopped = asyncio.create_task(stop_on_signals().wait())
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await asyncio.wait({stopped, serving}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    server.config.app.state.live.close()  # type: ignore[union-attr]  # streams need no waiting for
    server.should_exit = True
    await serving
