"""The daily scan of contracts, and at start-up for a day that was missed."""

from __future__ import annotations

from temporalio import workflow

from activities.contract_upkeep import KeptUp, UpkeepRequest
from workflows.options import BULK_PAGE


@workflow.defn
class ContractUpkeep:
    """One scan; scanning twice does nothing twice."""

    @workflow.run
    async def run(self, request: UpkeepRequest) -> KeptUp:
        kept: KeptUp = await workflow.execute_activity(
            "keep_contracts_up", request, result_type=KeptUp, **BULK_PAGE
        )
        return kept
