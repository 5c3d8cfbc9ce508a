"""A whole Acerto as its users run it (`acerto up`), on ports and in a folder of the test's own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from settings import Settings
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
#: What the command line of each part contains.
PARTS = {
    "worker": "cli.py worker",
    "api": "cli.py api",
    "sink": "cli.py sink",
    "engine": "start-dev",
}


@dataclass
class Running:
    """The supervisor's process and what it keeps alive."""

    settings: Settings
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self, part: str) -> None:
        """This will end a part with kill -9, as a machine short of memory does."""
        os.kill(self.pid_of(part), signal.SIGKILL)

    def pid_of(self, part: str) -> int:
        """The process of a part; waits for one that is just being started again."""
        for _ in range(200):
            for pid in _children(self.process.pid):
                if PARTS[part] in _command_line(pid):
                    return pid
            time.sleep(0.05)
        raise AssertionError(f"{part} is not running\n{self.log.read_text()}")

    def password(self) -> str:
        """The first administrator's one-time password, as printed."""
        found = re.search(r"admin\D+?:?\s.*?(\S{12,})", self.log.read_text())
        assert found, self.log.read_text()
        return found.group(1)


def settings_for(folder: Path) -> Settings:
    """Settings of a deployment in this folder, on free ports."""
    port = free_port()
    return Settings(
        data=folder, port=port,
        engine={"port": free_port(), "ui_port": -1}, smtp={"sink_port": free_port(pair=True)},
        support={"port": free_port()},
    )  # fmt: skip


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as the environment of a command."""
    return {
        **os.environ,
        "ACERTO_DATA": str(settings.data),
        "ACERTO_PORT": str(settings.port),
        "ACERTO_ENGINE__PORT": str(settings.engine.port),
        "ACERTO_ENGINE__UI_PORT": str(settings.engine.ui_port),
        "ACERTO_SMTP__SINK_PORT": str(settings.smtp.sink_port),
        "ACERTO_SUPPORT__PORT": str(settings.support.port),
        **({"ACERTO_PROVISIONING__URL": url} if (url := settings.provisioning.url) else {}),
    }


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """`acerto up`, well, until the test is over."""
    log = settings.data / "up.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "up"],
            env=environment_of(settings), stdout=output, stderr=output, cwd=settings.data,
        )  # fmt: skip
    house = Running(settings, process, log)
    try:
        await_health(house)
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def await_health(house: Running, *, seconds: float = 90) -> None:
    """This will wait until every part is there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert house.process.poll() is None, house.log.read_text()
        try:
            if httpx2.get(f"{house.settings.base_url()}/health", timeout=5).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not well after {seconds} s\n{house.log.read_text()}")


def migrate(settings: Settings) -> None:
    """This will make the tables as a deployment does."""
    command = [sys.executable, str(ROOT / "cli.py"), "migrate"]
    subprocess.run(command, env=environment_of(settings), check=True, cwd=settings.data)


def _children(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    ).stdout
    return [int(pid) for pid in listed.split()]


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except FileNotFoundError:
        return ""
