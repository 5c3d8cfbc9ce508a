"""The journey of a request to anonymise; and what is past its time, let go of day by day."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.anonymisation import WithdrawAnonymisation
from rules.cases import CaseRef
from workflows.journey import Journey
from workflows.options import BULK_PAGE


@workflow.defn
class AnonymisationJourney(Journey):
    """Waits until the law lets go, looks at what stands, and ends anonymised or withdrawn."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_anonymisation")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def withdraw(self, command: WithdrawAnonymisation) -> Answer:
        """The customer, or the house, no longer wants it."""
        return await self.obey(command)

    @withdraw.validator
    def _withdraw_open(self, command: WithdrawAnonymisation) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()


@workflow.defn
class PersonalDataRetention:
    """Ends when nothing is kept past its time; the clock starts it every day."""

    @workflow.run
    async def run(self) -> int:
        count: int = await workflow.execute_activity(
            "forget_personal_data", result_type=int, **BULK_PAGE
        )
        return count
