"""The journey of a task: reminded before it is due, told upwards after, until it is finished."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
from rules.tasks import CancelTask, ConcludeTask
from workflows.journey import Journey


@workflow.defn
class TaskJourney(Journey):
    """Open until concluded or cancelled; claiming and delegating are rows and do not come here."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_task")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def conclude(self, command: ConcludeTask) -> Answer:
        """Done; the case that asked goes on."""
        return await self.obey(command)

    @workflow.update
    async def cancel(self, command: CancelTask) -> Answer:
        """Not to be done; the case that asked goes on."""
        return await self.obey(command)

    @conclude.validator
    def _conclude_open(self, command: ConcludeTask) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @cancel.validator
    def _cancel_open(self, command: CancelTask) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
