"""A panel's tool on many rows: one run, worked off by one activity that goes on where it was."""

from __future__ import annotations

from temporalio import workflow

from activities.bulk_runs import RunRequest
from workflows.options import BULK_PAGE


@workflow.defn
class PanelToolRun:
    """One run, which was written down before."""

    @workflow.run
    async def run(self, request: RunRequest) -> str:
        status: str = await workflow.execute_activity(
            "use_panel_tool", request.run_id, result_type=str, **BULK_PAGE
        )
        return status
