"""The journey of a customer's collections: worked while anything of theirs is in collections."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.agreement_terms import MakeAgreement
from rules.bureau import AddToBureau
from rules.cases import CaseRef
from rules.collection_commands import ConfirmProcess, StartCollection
from workflows.journey import Journey


@workflow.defn
class CollectionsJourney(Journey):
    """One for each customer while anything is in collections; classified again, it lives again."""

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_collections")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def start_collection(self, command: StartCollection) -> Answer:
        """The picked invoices are in contact."""
        return await self.obey(command)

    @workflow.update
    async def confirm_process(self, command: ConfirmProcess) -> Answer:
        """All that is in contact is negotiated, in the customer's one account."""
        return await self.obey(command)

    @workflow.update
    async def make_agreement(self, command: MakeAgreement) -> Answer:
        """What was negotiated is agreed; the agreement has its own journey."""
        return await self.obey(command)

    @workflow.update
    async def add_to_bureau(self, command: AddToBureau) -> Answer:
        """The picked invoices are noticed, then registered; each record has its own journey."""
        return await self.obey(command)

    @start_collection.validator
    def _start_open(self, command: StartCollection) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @confirm_process.validator
    def _confirm_open(self, command: ConfirmProcess) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @make_agreement.validator
    def _agree_open(self, command: MakeAgreement) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()

    @add_to_bureau.validator
    def _bureau_open(self, command: AddToBureau) -> None:  # noqa: ARG002 - named as its update's
        self.refuse_if_closed()
