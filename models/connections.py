"""Connections: what the customer of a contract gets now, as provisioning was last told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import identity, instant, reference
from rules.connections import ConnectionState


class Connection(SQLModel, table=True):
    """A service of a contract as the network knows it."""

    __tablename__ = "connections"
    __table_args__ = (UniqueConstraint("contract_id", "kind"),)

    id: int | None = identity()
    contract_id: int = reference("contracts.id", index=False)
    kind: str = Field(max_length=12)
    state: str = Field(default=ConnectionState.PENDING, max_length=10)
    since: datetime = instant()
    reason: str = Field(default="", max_length=200, description="why it is in this state")
    by_hand: bool = Field(default=False, description="an operator's: the ladder leaves it alone")
    exception_until: date | None = Field(
        default=None, description="no step of the ladder touches it before this day"
    )
    exception_reason: str = Field(default="", max_length=200)


async def connections_of(session: AsyncSession, contract_id: int) -> Sequence[Connection]:
    """This will read a contract's connections for changing them."""
    statement = (
        select(Connection)
        .where(Connection.contract_id == contract_id)
        .order_by(col(Connection.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all()


def set_state(
    session: AsyncSession,
    connection: Connection,
    state: ConnectionState,
    *,
    at: datetime,
    reason: str = "",
) -> bool:
    """This will put the connection into a state; same state: nothing, and False."""
    if connection.state == state:
        return False
    connection.state, connection.since, connection.reason = state, at, reason
    session.add(connection)
    return True
