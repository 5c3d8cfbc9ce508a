"""`acerto up`: everything on this machine, each part started again when it dies."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running.child import start_child, stop_child
from running.folders import make_folder
from running.problems import ExpectedProblem

log = logging.getLogger("acerto.supervisor")

#: How a command says that it cannot work here, and that trying again would not help.
REFUSED = 2
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
#: A part that lived this long had started well; its next death begins with the short pause again.
SETTLED_SECONDS = 30.0
#: How long the children of a killed supervisor may take to follow it.
LEFTOVER_SECONDS = 20.0
#: A process that was killed a moment ago may still look alive to us.
REFUSAL_SECONDS = 1.0


class AlreadyRunning(ExpectedProblem):
    """Another `acerto up` works on this data folder."""


class PartRefused(ExpectedProblem):
    """A part said, before it ever settled, that it cannot work here."""


@dataclass(frozen=True)
class Part:
    """A program that must run for Acerto to be up."""

    name: str
    command: Sequence[str]
    output: Path | None = None
    grace_seconds: float = 15.0
    keep_open: Sequence[int] = ()


class Keeper:
    """Keeps one part running until it is told to stop."""

    def __init__(self, part: Part, *, keep_open: Sequence[int] = ()) -> None:
        self.part = part
        self.process: Process | None = None
        self._keep_open = keep_open
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, when_refused: Callable[[ExpectedProblem], None]) -> None:
        """This will start the part, and again whenever it ends."""
        self._task = asyncio.create_task(self._keep(when_refused))

    async def stop(self) -> None:
        """This will end the part and wait until it has gone."""
        self._stop.set()
        if self.process is not None:
            await stop_child(self.process, grace_seconds=self.part.grace_seconds)
        if self._task is not None:
            await self._task

    async def _keep(self, when_refused: Callable[[ExpectedProblem], None]) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            code, seconds = await self._run_once()
            if self._stop.is_set():
                return
            if code == REFUSED and seconds < SETTLED_SECONDS:
                when_refused(PartRefused(f"{self.part.name} cannot work; it says why above."))
                return
            pause = FIRST_PAUSE if seconds > SETTLED_SECONDS else pause
            log.warning("%s ended with %s; starting it again", self.part.name, code)
            await _sleep(pause, unless=self._stop)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run_once(self) -> tuple[int, float]:
        began = time.monotonic()
        self.process = await start_child(
            self.part.command, output=self.part.output,
            keep_open=[*self._keep_open, *self.part.keep_open],
        )  # fmt: skip
        if self._stop.is_set():  # told to while the program was being started
            await stop_child(self.process, grace_seconds=self.part.grace_seconds)
        return await self.process.wait(), time.monotonic() - began


class Supervisor:
    """Keeps parts; stops them in the order in which they are named in `stop_order`."""

    def __init__(self, *, keep_open: Sequence[int] = ()) -> None:
        self.keepers: dict[str, Keeper] = {}
        self._keep_open = keep_open
        self._refusal: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def keep(self, part: Part) -> None:
        """This will start a part and go on starting it."""
        self.keepers[part.name] = Keeper(part, keep_open=self._keep_open)
        self.keepers[part.name].start(self._refuse)

    async def run(
        self, story: Coroutine[Any, Any, None], *, stop: asyncio.Event, order: Sequence[str]
    ) -> None:
        """This will play `story`, which keeps the parts, and watch until `stop`.

        Parts end in the order named. Refuses when the story does or a part cannot work.
        """
        stopped = asyncio.create_task(stop.wait())
        told = asyncio.create_task(story)
        try:
            ends: set[asyncio.Future[Any]] = {stopped, self._refusal}
            await asyncio.wait({told, *ends}, return_when=asyncio.FIRST_COMPLETED)
            if told.done():
                told.result()
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if self._refusal.done():
                self._refusal.result()
        finally:
            await _cancel(told, stopped)
            self._refusal.cancel()
            await self._stop(order)

    def _refuse(self, problem: ExpectedProblem) -> None:
        if not self._refusal.done():
            self._refusal.set_exception(problem)

    async def _stop(self, order: Sequence[str]) -> None:
        for name in order:
            if keeper := self.keepers.get(name):
                log.info("stopping %s", name)
                await keeper.stop()


@contextmanager
def running_alone(data: Path) -> Iterator[int]:
    """This will hold the data folder for us; gives the descriptor that children must keep open.

    The lock is theirs too, so after a kill -9 the folder is free when the last of them has gone,
    which is awaited. Refuses (AlreadyRunning) while another supervisor lives, and a folder in
    which nothing can be written (FolderNotUsable).
    """
    make_folder(data)
    descriptor = os.open(data / "acerto.pid", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, data)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _lock(descriptor: int, data: Path) -> None:
    began = time.monotonic()
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        waited = time.monotonic() - began
        holder = os.pread(descriptor, 20, 0).decode().strip()
        if holder and _is_alive(int(holder)) and waited > REFUSAL_SECONDS:
            raise AlreadyRunning(
                f"Acerto already runs on {data.absolute()} (process {holder}). Stop it, or name"
                " another folder with --data."
            )
        if waited > LEFTOVER_SECONDS:
            raise AlreadyRunning(
                f"Parts of an earlier run still work on {data.absolute()}; end them first."
            )
        time.sleep(0.1)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _sleep(seconds: float, *, unless: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(unless.wait(), seconds)


async def _cancel(*futures: asyncio.Task[Any]) -> None:
    for future in futures:
        future.cancel()
    await asyncio.gather(*futures, return_exceptions=True)
