"""Recorded histories replay with the code of today: what waits in production goes on waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from workflows.sandbox import Sandbox
from workflows.worker import WORKFLOWS

pytestmark = pytest.mark.once

FOLDER = Path(__file__).parent / "histories"
HISTORIES = {file: file.read_text() for file in sorted(FOLDER.glob("*.json"))}


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
async def test_a_recorded_history_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, HISTORIES[file])
    replayer = Replayer(
        workflows=WORKFLOWS,
        data_converter=pydantic_data_converter,
        workflow_runner=Sandbox(),
    )

    await replayer.replay_workflow(history)


def test_every_workflow_has_a_recorded_history() -> None:
    recorded = {file.stem.split("-")[0] for file in HISTORIES}

    assert {workflow.__name__ for workflow in WORKFLOWS} <= recorded
