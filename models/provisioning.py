"""Provisioning orders: what the network is told of a connection, until it has taken it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from models.imports import insert_rows
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


async def newest_order(session: AsyncSession, connection_id: int) -> ProvisioningOrder:
    """The order that a connection was given last."""
    theirs = select(ProvisioningOrder).where(ProvisioningOrder.connection_id == connection_id)
    return (await session.exec(theirs.order_by(col(ProvisioningOrder.id).desc()).limit(1))).one()


async def ask(session: AsyncSession, orders: Sequence[dict[str, Any]]) -> None:
    """This will store orders, as rows, and have each delivered once the transaction commits."""
    if not orders:
        return
    statement: Any = insert(ProvisioningOrder).returning(col(ProvisioningOrder.id))
    connection = await session.connection()
    numbers = (await connection.execute(statement, list(orders))).scalars().all()
    at = orders[0]["asked_at"]
    await insert_rows(session, OutboxEntry, [_start(number, at) for number in numbers])


async def ask_again(session: AsyncSession, number: int, *, at: datetime) -> None:
    """This will have an order delivered that nothing delivers any more."""
    await insert_rows(session, OutboxEntry, [_start(number, at)])


def _start(number: int, at: datetime) -> dict[str, Any]:
    return {
        "verb": Verb.START, "workflow": "Provisioning", "workflow_id": f"provisioning/{number}",
        "argument": {"order_id": number}, "news_id": None, "created_at": at, "attempts": 0,
    }  # fmt: skip
