"""A carrier's file: imported and audited; and what is too old, forgotten day by day."""

from __future__ import annotations

from temporalio import workflow

from activities.carrier_work import CarrierRunRef
from rules.runs import RunStatus
from workflows.options import BULK_PAGE


@workflow.defn
class CarrierInvoiceImport:
    """Ends when the findings are written, or the file is refused or no longer wanted."""

    @workflow.run
    async def run(self, ref: CarrierRunRef) -> str:
        status: str = await workflow.execute_activity(
            "import_carrier_file", ref, result_type=str, **BULK_PAGE
        )
        if status == RunStatus.RUNNING:
            status = await workflow.execute_activity(
                "audit_carrier_invoice", ref, result_type=str, **BULK_PAGE
            )
        return status


@workflow.defn
class CarrierFilesWatch:
    """Ends when the watched folder is empty and what is missing was asked for."""

    @workflow.run
    async def run(self) -> int:
        taken: int = await workflow.execute_activity(
            "take_dropped_files", result_type=int, **BULK_PAGE
        )
        await workflow.execute_activity("ask_for_missing_invoices", result_type=int, **BULK_PAGE)
        return taken


@workflow.defn
class CarrierFilesRetention:
    """Ends when nothing is kept past its time; the clock starts it every day."""

    @workflow.run
    async def run(self) -> int:
        count: int = await workflow.execute_activity(
            "forget_old_calls", result_type=int, **BULK_PAGE
        )
        return count
