"""Provisioning orders: what the network is told of a connection, until it has taken it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.outbox import OutboxEntry, Verb
from rules.provisioning import OrderStatus
from rules.refusals import Refusal


class OrderNotFound(Refusal):
    message = "Esta ordem à rede não existe."


class ProvisioningOrder(SQLModel, table=True):
    """One thing to tell the network: put this connection into this state, for this reason.

    A lift has a legal deadline (`due_by`): 24 hours from the knowledge of the payment.
    """

    __tablename__ = "provisioning_orders"
    __table_args__ = (
        Index("ix_provisioning_orders_connection", "connection_id", "id"),
        Index("ix_provisioning_orders_status", "status", "due_by", "id"),
    )

    id: int | None = identity()
    connection_id: int = reference("connections.id", index=False)
    contract_id: int = reference("contracts.id", index=False)
    customer_id: int = reference("customers.id", index=False)
    state: str = Field(max_length=10)
    was: str = Field(max_length=10)
    reason: str = Field(default="", max_length=200)
    status: str = Field(default=OrderStatus.WAITING, max_length=12)
    asked_at: datetime = instant()
    asked_by: str = Field(max_length=60)
    due_by: datetime | None = instant(None)
    attempts: int = 0
    done_at: datetime | None = instant(None)
    error: str = Field(default="", max_length=300)

    @property
    def number(self) -> int:
        """The order's identity once it is stored."""
        assert self.id is not None  # noqa: S101 - for the type: a stored row has one
        return self.id


async def lock_order(session: AsyncSession, order_id: int) -> ProvisioningOrder:
    """This will read an order for changing it. Raises OrderNotFound."""
    statement = select(ProvisioningOrder).where(ProvisioningOrder.id == order_id)
    order = (await session.exec(statement.with_for_update())).one_or_none()
    if order is None:
        raise OrderNotFound
    return order


async def ask(session: AsyncSession, orders: list[ProvisioningOrder]) -> None:
    """This will store orders and have each delivered once the transaction commits."""
    session.add_all(orders)
    await session.flush()
    session.add_all(
        OutboxEntry(
            verb=Verb.START,
            workflow="Provisioning",
            workflow_id=f"provisioning/{order.number}",
            argument={"order_id": order.number},
            created_at=order.asked_at,
        )
        for order in orders
    )
