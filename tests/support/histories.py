"""Histories of the diaries, written down for the replay tests (`make histories`)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from temporalio.client import Client

FOLDER = Path(__file__).parents[1] / "replay" / "histories"


async def record_histories(client: Client, *, test: str) -> None:
    """This will write every history that the test made, one file for each shape of history."""
    async for execution in client.list_workflows():
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        history = await handle.fetch_history()
        shape = "/".join(str(event.event_type) for event in history.events)
        digest = hashlib.sha256(shape.encode()).hexdigest()[:8]
        if not list(FOLDER.glob(f"{execution.workflow_type}-*-{digest}.json")):
            name = f"{execution.workflow_type}-{test.removeprefix('test_')[:60]}-{digest}.json"
            (FOLDER / name).write_text(_anonymous(history.to_json()) + "\n")


def _anonymous(history: str) -> str:
    """Without the names of machines and folders, which a replay does not look at."""
    history = re.sub(r'("identity": *)"[^"]*"', r'\1"worker"', history)
    history = re.sub(r'"\d+@[\w.-]+-[0-9a-f]{32}"', '"worker-sticky"', history)
    return re.sub(r'/[^"\\\s]*/(?=[\w-]+\.py)', "", history)
