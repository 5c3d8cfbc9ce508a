"""A bank's return file: written in shifts of pages."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from activities.bank_returns import ReturnRef
from rules.runs import UNDER_WAY
from workflows.options import BULK_PAGE, ActivityOptions

#: A page takes a second: a worker that died is missed soon.
RETURN_PAGES: ActivityOptions = {**BULK_PAGE, "heartbeat_timeout": timedelta(seconds=20)}


@workflow.defn
class BankReturn:
    """Ends when every line is written, or somebody stopped it; resuming starts it anew."""

    @workflow.run
    async def run(self, ref: ReturnRef) -> str:
        while True:
            status: str = await workflow.execute_activity(
                "write_bank_return", ref, result_type=str, **RETURN_PAGES
            )
            if status not in UNDER_WAY:
                return status
