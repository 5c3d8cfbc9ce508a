"""The journey of a term's end."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
from rules.renewals import EditRenewal, LetExpire, ProveRenewal, RenewNow, TellRenewalAgain
from workflows.journey import Journey


@workflow.defn
class ContractRenewalJourney(Journey):
    """From the queue, through both notices, to the next term or the end of the contract."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_renewal")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def renew_now(self, command: RenewNow) -> Answer:
        """An operator renews."""
        return await self.obey(command)

    @workflow.update
    async def edit(self, command: EditRenewal) -> Answer:
        """Another amount or length of the next term."""
        return await self.obey(command)

    @workflow.update
    async def let_expire(self, command: LetExpire) -> Answer:
        """The contract ends with its term."""
        return await self.obey(command)

    @workflow.update
    async def prove(self, command: ProveRenewal) -> Answer:
        """The customer was told otherwise."""
        return await self.obey(command)

    @workflow.update
    async def tell_again(self, command: TellRenewalAgain) -> Answer:
        """A notice is written once more."""
        return await self.obey(command)

    @prove.validator
    def _prove_open(self, command: ProveRenewal) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @tell_again.validator
    def _tell_open(self, command: TellRenewalAgain) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @renew_now.validator
    def _renew_open(self, command: RenewNow) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @edit.validator
    def _edit_open(self, command: EditRenewal) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @let_expire.validator
    def _expire_open(self, command: LetExpire) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
