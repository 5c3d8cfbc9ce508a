"""The classifier: every day at seven, at start-up for a missed day, and whenever somebody asks."""

from __future__ import annotations

from temporalio import workflow

from activities.bulk_runs import RunRequest
from workflows.options import BULK_PAGE, TRANSACTION


@workflow.defn
class Classification:
    """One run. The daily one is made here, once a day; one by hand was written down before."""

    @workflow.run
    async def run(self, request: RunRequest) -> str:
        run_id = request.run_id or await self._todays_run()
        return await self._classify(run_id) if run_id else "not yet"

    async def _todays_run(self) -> int:
        run_id: int = await workflow.execute_activity(
            "open_daily_classification", result_type=int, **TRANSACTION
        )
        return run_id

    async def _classify(self, run_id: int) -> str:
        status: str = await workflow.execute_activity(
            "classify", run_id, result_type=str, **BULK_PAGE
        )
        return status
