"""The journey of a yearly readjustment."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
from rules.readjustments import DecideReadjustment, ProveReadjustment, TellReadjustmentAgain
from workflows.journey import Journey


@workflow.defn
class ContractReadjustmentJourney(Journey):
    """Waits for its index's months, asks where the index fell, and tells the customer."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_readjustment")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def decide(self, command: DecideReadjustment) -> Answer:
        """The index fell: the price does, or it stays."""
        return await self.obey(command)

    @workflow.update
    async def prove(self, command: ProveReadjustment) -> Answer:
        """The customer was told otherwise."""
        return await self.obey(command)

    @workflow.update
    async def tell_again(self, command: TellReadjustmentAgain) -> Answer:
        """The notice is written once more."""
        return await self.obey(command)

    @prove.validator
    def _prove_open(self, command: ProveReadjustment) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @tell_again.validator
    def _tell_open(self, command: TellReadjustmentAgain) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @decide.validator
    def _decide_open(self, command: DecideReadjustment) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
