"""A carrier's file: imported whole or not at all, then audited against its agreement."""

from __future__ import annotations

from temporalio import workflow

from activities.carrier_work import CarrierRunRef
from rules.classification import RunStatus
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
