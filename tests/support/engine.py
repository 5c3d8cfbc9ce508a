"""A real embedded engine for one test, on ports that nobody has; and a sandbox for many workers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from temporalio.client import Client

from running.embedded import EmbeddedEngine
from settings import EngineSettings, Settings
from tests.support.ports import free_port
from workflows.sandbox import Sandbox


class PreparedOnce(Sandbox):
    """The sandbox, which looks over each workflow once a process instead of once a worker."""

    prepared: ClassVar[set[type]] = set()

    def prepare_workflow(self, defn: Any) -> None:
        if defn.cls not in self.prepared:
            super().prepare_workflow(defn)
            self.prepared.add(defn.cls)


def own_deployment(data: Path) -> Settings:
    """A data folder and engine ports of its own."""
    return Settings(data=data, engine=EngineSettings(port=free_port(), ui_port=-1))


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[tuple[EmbeddedEngine, Client]]:
    """An engine that answers, and a client of it."""
    engine = EmbeddedEngine(settings)
    await engine.start()
    try:
        yield engine, await engine.ready()
    finally:
        await engine.stop()
