"""An order to the network: told until it is taken, refused or overtaken by a newer one."""

from __future__ import annotations

from temporalio import workflow

from activities.orders import OrderActivities, OrderOutcome, OrderRef
from workflows.options import SENDING


@workflow.defn
class Provisioning:
    """One order; id provisioning/{id}. The row says what became of it, and why."""

    @workflow.run
    async def run(self, order: OrderRef) -> str:
        """This will try until the order has an outcome; gives its status."""
        while True:
            outcome = await self._try(order)
            if outcome.wait_until is None:
                return outcome.status
            left = outcome.wait_until - workflow.now()
            await workflow.sleep(max(left.total_seconds(), 1), summary=outcome.status)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(order)

    async def _try(self, order: OrderRef) -> OrderOutcome:
        return await workflow.execute_activity_method(
            OrderActivities.tell_network, order, **SENDING
        )
