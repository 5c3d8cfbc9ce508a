"""The telling of an event to another system: until it is taken, refused or tried often enough."""

from __future__ import annotations

from temporalio import workflow

from activities.webhooks import DeliveryRef
from workflows.deliveries import deliver


@workflow.defn
class Webhook:
    """One event for one address; id webhooks/{id}. The row says what became of it, and why."""

    @workflow.run
    async def run(self, delivery: DeliveryRef) -> str:
        """This will try until the telling has an outcome; gives its status."""
        return await deliver("tell_webhook", delivery)
