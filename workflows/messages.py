"""The delivery of a message: it waits until it may leave, is handed over, and ends."""

from __future__ import annotations

from temporalio import workflow

from activities.delivery import MessageActivities, MessageRef
from activities.delivery_results import Outcome
from workflows.options import SENDING


@workflow.defn
class MessageDelivery:
    """One message to one address; id messages/{id}. The row says what became of it, and why."""

    @workflow.run
    async def run(self, message: MessageRef) -> str:
        """This will try until the message is sent, suppressed or failed; gives its status."""
        while True:
            outcome = await self._try(message)
            if outcome.wait_until is None:
                return outcome.status
            left = outcome.wait_until - workflow.now()
            await workflow.sleep(max(left.total_seconds(), 1), summary=outcome.status)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(message)

    async def _try(self, message: MessageRef) -> Outcome:
        return await workflow.execute_activity_method(
            MessageActivities.deliver_message, message, **SENDING
        )
