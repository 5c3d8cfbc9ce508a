"""What other systems are told of contracts and connections (models/webhooks.py)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract
from models.provisioning import ProvisioningOrder
from models.webhooks import Happening, announce
from rules.webhooks import OF_CONNECTIONS, BusinessEventKind


async def announce_contract(
    session: AsyncSession,
    contract: Contract,
    kind: BusinessEventKind,
    *,
    at: datetime,
    **more: str | None,
) -> None:
    """This will tell of a contract that began, changed or ended; `more` is what changed."""
    about = {
        "contract": contract.code, "plan": contract.description, "stage": contract.stage,
        "amount": str(contract.monthly_amount), **more,
    }  # fmt: skip
    happening = Happening(f"contract/{contract.key}", contract.customer_id, about)
    await announce(session, kind, happening, at=at)


async def announce_connection(
    session: AsyncSession, order: ProvisioningOrder, contract: Contract, *, at: datetime
) -> None:
    """This will tell of a connection that the network has put into another state."""
    kind = OF_CONNECTIONS.get(order.state)
    if kind is not None:
        about = {"contract": contract.code, "was": order.was, "reason": order.reason}
        happening = Happening(f"connection/{order.connection_id}", order.customer_id, about)
        await announce(session, kind, happening, at=at)
