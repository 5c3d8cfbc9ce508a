"""The import of a portfolio: looked through whole, then written in shifts of pages."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from activities.import_work import ImportRef
from rules.runs import RunStatus
from workflows.options import BULK_PAGE, ActivityOptions

#: A page takes a second: a worker that died is missed soon.
IMPORT_PAGES: ActivityOptions = {**BULK_PAGE, "heartbeat_timeout": timedelta(seconds=20)}


@workflow.defn
class PortfolioImport:
    """Ends when the files are written, refused, or somebody stopped it; resuming starts it anew."""

    @workflow.run
    async def run(self, ref: ImportRef) -> str:
        status: str = await workflow.execute_activity(
            "inspect_import", ref, result_type=str, **IMPORT_PAGES
        )
        while status in {RunStatus.WAITING, RunStatus.RUNNING}:
            status = await workflow.execute_activity(
                "write_import", ref, result_type=str, **IMPORT_PAGES
            )
        return status
