"""An order to the network: told until it is taken, refused or overtaken by a newer one."""

from __future__ import annotations

from temporalio import workflow

from activities.orders import OrderRef
from workflows.deliveries import deliver


@workflow.defn
class Provisioning:
    """One order; id provisioning/{id}. The row says what became of it, and why."""

    @workflow.run
    async def run(self, order: OrderRef) -> str:
        """This will try until the order has an outcome; gives its status."""
        return await deliver("tell_network", order)
