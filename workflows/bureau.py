"""The journey of a bureau record: the notice, the entry, and out of it in the time of the law."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.bureau import RemoveFromBureau
from rules.cases import CaseRef
from workflows.journey import Journey


@workflow.defn
class BureauRecordJourney(Journey):
    """From the notice until the record is gone; payments and the notice's fate reach it as news."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_bureau_record")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def remove(self, command: RemoveFromBureau) -> Answer:
        """Out of bureau control; what was only noticed is withdrawn."""
        return await self.obey(command)

    @remove.validator
    def _remove_open(self, command: RemoveFromBureau) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
