"""A child process that does not outlive us, not even when we are killed with -9 (on Linux)."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Loaded here because nothing may be loaded between fork and exec.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


async def start_child(
    command: Sequence[str],
    *,
    output: Path | int | None = None,
    environment: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> Process:
    """This will start a program in a session of its own, so that Ctrl-C reaches us alone.

    What it prints is added to the file `output`, or goes where ours goes; with PIPE, what it says
    comes to us, and what it complains of goes where ours goes. Must be called from the main
    thread: Linux ends the child with the thread that started it.
    """
    stream = output.open("ab") if isinstance(output, Path) else None
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=DEVNULL,
            stdout=stream if isinstance(output, Path) else output,
            stderr=stream,
            env=environment,
            start_new_session=True,
            pass_fds=keep_open,
            preexec_fn=partial(_die_with, os.getpid()),
        )
    finally:
        if stream:
            stream.close()


async def stop_child(process: Process, *, grace_seconds: float) -> int:
    """This will ask the child to end, then insist; returns its exit code."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
    try:
        return await asyncio.wait_for(process.wait(), grace_seconds)
    except TimeoutError:
        process.kill()
        return await process.wait()


def _die_with(parent: int) -> None:
    """Runs in the child before its program does."""
    if _LIBC is None:
        return
    # Not SIGTERM: an orphan that takes its time would work beside the one that replaces it.
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # the parent was already gone when we asked to be told
