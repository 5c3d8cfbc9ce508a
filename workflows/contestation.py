"""The journey of a contestation: filed, answered, escalated, made good, and its cause mended."""

from __future__ import annotations

from temporalio import workflow

from activities.cases import Answer
from rules.cases import CaseRef
from rules.contestation_commands import (
    AcceptRefusal,
    ChooseRemedy,
    Escalate,
    FileContestation,
    RecordAnswer,
    RecordCorrectionRequest,
    RecordInvoicePayment,
    RecordNewBarcode,
    RecordProtocol,
    WithdrawContestation,
)
from rules.contestation_received_commands import AnswerCustomer, RecordCustomerTold, RecordRefund
from workflows.journey import Journey


@workflow.defn
class ContestationJourney(Journey):
    """From the draft until what was accepted has come and its cause is proved mended.

    One that was received: from the customer's word until the customer was told and given back.
    """

    @workflow.init
    def __init__(self, case: CaseRef) -> None:
        super().__init__(case, moves_by="move_contestation")

    @workflow.run
    async def run(self, case: CaseRef) -> str:  # noqa: ARG002 - taken by __init__
        return await self.live()

    @workflow.update
    async def file(self, command: FileContestation) -> Answer:
        """The letter and its evidence go out."""
        return await self.obey(command)

    @workflow.update
    async def record_protocol(self, command: RecordProtocol) -> Answer:
        """A contact with the carrier."""
        return await self.obey(command)

    @workflow.update
    async def record_answer(self, command: RecordAnswer) -> Answer:
        """Accepted, in part or not at all."""
        return await self.obey(command)

    @workflow.update
    async def record_new_barcode(self, command: RecordNewBarcode) -> Answer:
        """The corrected bill came."""
        return await self.obey(command)

    @workflow.update
    async def record_invoice_payment(self, command: RecordInvoicePayment) -> Answer:
        """The contested invoice was paid."""
        return await self.obey(command)

    @workflow.update
    async def choose_remedy(self, command: ChooseRemedy) -> Answer:
        """A person says how what was accepted comes back."""
        return await self.obey(command)

    @workflow.update
    async def escalate(self, command: Escalate) -> Answer:
        """To the next level, without waiting."""
        return await self.obey(command)

    @workflow.update
    async def accept_refusal(self, command: AcceptRefusal) -> Answer:
        """The refusal stands."""
        return await self.obey(command)

    @workflow.update
    async def record_correction_request(self, command: RecordCorrectionRequest) -> Answer:
        """The carrier was asked to mend its records."""
        return await self.obey(command)

    @workflow.update
    async def answer_customer(self, command: AnswerCustomer) -> Answer:
        """The customer who contests gets our answer."""
        return await self.obey(command)

    @workflow.update
    async def record_customer_told(self, command: RecordCustomerTold) -> Answer:
        """The customer was told of the answer by other means than ours."""
        return await self.obey(command)

    @workflow.update
    async def record_refund(self, command: RecordRefund) -> Answer:
        """What was paid went back by bank."""
        return await self.obey(command)

    @workflow.update
    async def withdraw(self, command: WithdrawContestation) -> Answer:
        """Given up."""
        return await self.obey(command)
