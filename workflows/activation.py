"""The journey of an activation: reminded of, breached, and ended by the installation."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.activation import Activate
from rules.cases import CaseRef
from workflows.journey import Journey


@workflow.defn
class ContractActivation(Journey):
    """From the contract's making until its service is installed; the task reaches it as news."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_activation")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def activate(self, command: Activate) -> Answer:
        """The service is installed."""
        return await self.obey(command)

    @activate.validator
    def _activate_open(self, command: Activate) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
