"""The telling of an event to another system: until it is taken, refused or tried often enough."""

from __future__ import annotations

from temporalio import workflow

from activities.webhooks import DeliveryOutcome, DeliveryRef, WebhookActivities
from workflows.options import SENDING


@workflow.defn
class Webhook:
    """One event for one address; id webhooks/{id}. The row says what became of it, and why."""

    @workflow.run
    async def run(self, delivery: DeliveryRef) -> str:
        """This will try until the telling has an outcome; gives its status."""
        while True:
            outcome = await self._try(delivery)
            if outcome.wait_until is None:
                return outcome.status
            left = outcome.wait_until - workflow.now()
            await workflow.sleep(max(left.total_seconds(), 1), summary=outcome.status)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(delivery)

    async def _try(self, delivery: DeliveryRef) -> DeliveryOutcome:
        return await workflow.execute_activity_method(
            WebhookActivities.tell_webhook, delivery, **SENDING
        )
