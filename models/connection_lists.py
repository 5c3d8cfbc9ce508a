"""A customer's connections as tab 10 shows them: by contract, with exceptions and orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.asked_blocks import askings_of
from models.connections import Connection
from models.contracts import Contract
from models.ladders import LadderException
from models.provisioning import ProvisioningOrder
from rules.provisioning import Asking


@dataclass(frozen=True)
class ContractConnections:
    """A contract, its connections with the newest order of each, its exceptions, and the ladder's
    steps that still ask of it."""

    contract: Contract
    connections: tuple[tuple[Connection, ProvisioningOrder | None], ...]
    exceptions: tuple[LadderException, ...]
    running: LadderException | None
    asked_by: tuple[Asking, ...]


async def connections_of_customer(session: AsyncSession, customer_id: int) -> Sequence[Connection]:
    """Every connection of a customer's contracts."""
    statement = (
        select(Connection)
        .join(Contract, col(Contract.id) == col(Connection.contract_id))
        .where(Contract.customer_id == customer_id)
        .order_by(col(Connection.contract_id), col(Connection.id))
    )
    return (await session.exec(statement)).all()


async def contracts_of(
    session: AsyncSession, customer_id: int, *, today: date
) -> list[ContractConnections]:
    """The customer's contracts, the newest first, with what stands about their connections."""
    contracts = select(Contract).where(Contract.customer_id == customer_id)
    connections = defaultdict(list)
    for each in await connections_of_customer(session, customer_id):
        connections[each.contract_id].append(each)
    orders = await _newest_orders(session, customer_id)
    exceptions = await _exceptions(session, customer_id)
    askings = await askings_of(session, sorted(connections), today=today)
    return [
        ContractConnections(
            contract,
            tuple((each, orders.get(each.id or 0)) for each in connections[contract.key]),
            tuple(exceptions[contract.key]),
            next((e for e in exceptions[contract.key] if e.since <= today < e.until), None),
            tuple(each for each in askings.get(contract.key, ()) if each.asks),
        )
        for contract in await session.exec(contracts.order_by(col(Contract.id).desc()))
    ]


async def _newest_orders(session: AsyncSession, customer_id: int) -> dict[int, ProvisioningOrder]:
    statement = (
        select(ProvisioningOrder)
        .join(Contract, col(Contract.id) == col(ProvisioningOrder.contract_id))
        .where(Contract.customer_id == customer_id)
        .order_by(col(ProvisioningOrder.id))
    )
    return {each.connection_id: each for each in await session.exec(statement)}


async def _exceptions(session: AsyncSession, customer_id: int) -> dict[int, list[LadderException]]:
    statement = (
        select(LadderException)
        .join(Contract, col(Contract.id) == col(LadderException.contract_id))
        .where(Contract.customer_id == customer_id)
        .order_by(col(LadderException.id).desc())
    )
    found: dict[int, list[LadderException]] = defaultdict(list)
    for each in await session.exec(statement):
        found[each.contract_id].append(each)
    return found
