"""The billing run: every morning, at start-up for a missed day, and whenever somebody asks."""

from __future__ import annotations

from temporalio import workflow

from activities.bulk_runs import RunRequest
from workflows.bulk_runs import work_off


@workflow.defn
class BillingRun:
    """One run. The daily one is made here, once a day; one by hand was written down before."""

    @workflow.run
    async def run(self, request: RunRequest) -> str:
        return await work_off(request, opens="open_daily_billing", works="bill")
