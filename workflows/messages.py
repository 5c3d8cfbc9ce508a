"""The delivery of a message: it waits until it may leave, is handed over, and ends."""

from __future__ import annotations

from temporalio import workflow

from activities.delivery import MessageRef
from workflows.deliveries import deliver


@workflow.defn
class MessageDelivery:
    """One message to one address; id messages/{id}. The row says what became of it, and why."""

    @workflow.run
    async def run(self, message: MessageRef) -> str:
        """This will try until the message is sent, suppressed or failed; gives its status."""
        return await deliver("deliver_message", message)
