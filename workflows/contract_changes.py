"""The journey of a dated change: it begins on its day, lasts, and ends by itself or by hand."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
from rules.contract_changes import CallOff, EndNow
from workflows.journey import Journey


@workflow.defn
class ContractChangeJourney(Journey):
    """A suspension, an upgrade for a time, a new plan or a cancellation, from asked to over."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_contract_change")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def call_off(self, command: CallOff) -> Answer:
        """It has not begun and is not wanted any more."""
        return await self.obey(command)

    @workflow.update
    async def end_now(self, command: EndNow) -> Answer:
        """What lasts, ends today."""
        return await self.obey(command)

    @call_off.validator
    def _call_off_open(self, command: CallOff) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @end_now.validator
    def _end_now_open(self, command: EndNow) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
