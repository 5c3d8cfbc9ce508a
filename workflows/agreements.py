"""The journey of an agreement: reminded of, kept or broken, called off, renegotiated, undone."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.agreements import CancelAgreement, Renegotiate, RestoreOriginals
from rules.cases import CaseRef
from workflows.journey import Journey


@workflow.defn
class AgreementJourney(Journey):
    """From the agreement's making until nothing of it is open; payments reach it as news."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_agreement")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def cancel(self, command: CancelAgreement) -> Answer:
        """Called off; the originals come back, less what was paid."""
        return await self.obey(command)

    @workflow.update
    async def renegotiate(self, command: Renegotiate) -> Answer:
        """Broken; what is unsettled is negotiated anew."""
        return await self.obey(command)

    @workflow.update
    async def restore(self, command: RestoreOriginals) -> Answer:
        """Broken and undone; the originals come back, less what was paid."""
        return await self.obey(command)

    @cancel.validator
    def _cancel_open(self, command: CancelAgreement) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @renegotiate.validator
    def _renegotiate_open(self, command: Renegotiate) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @restore.validator
    def _restore_open(self, command: RestoreOriginals) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
