"""The week's figures: written when the clock says so."""

from __future__ import annotations

from temporalio import workflow

from workflows.options import TRANSACTION


@workflow.defn
class WeeklyFigures:
    """Ends when every reader was written to; gives how many there were."""

    @workflow.run
    async def run(self) -> int:
        count: int = await workflow.execute_activity("write_week", result_type=int, **TRANSACTION)
        return count
