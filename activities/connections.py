"""What an operator does to a connection by hand: block, unblock, disconnect."""

from __future__ import annotations

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.idle_days import BlockChange, blocked_since, follow_blocks
from activities.provisioning import order, reconcile, send
from models.connections import Connection
from models.contracts import lock_contract
from models.people import Deed, record
from models.policies import load_policy
from rules.business_days import local_date
from rules.connections import ConnectionState
from rules.contracts import OVER
from rules.ladder_steps import LadderPolicy
from rules.refusals import Refusal


class ConnectionNotFound(Refusal):
    message = "Esta conexão não existe."


class ConnectionReasonRequired(Refusal):
    message = "Diga o motivo."
    field = "reason"


class ConnectionOfEndedContract(Refusal):
    message = "O contrato já terminou: a conexão não volta por aqui."


class ConnectionAlreadyDone(Refusal):
    message = "A conexão já está assim."


class LadderStillAsks(Refusal):
    message = "A régua pede a suspensão por falta de pagamento: faça uma exceção até um dia."


async def set_by_hand(
    session: AsyncSession, connection_id: int, state: ConnectionState, *, reason: str, deed: Deed
) -> Connection:
    """This will put a connection into a state for an operator, and tell the network.

    What is blocked or disconnected by hand stays so until it is undone by hand. Putting it back
    leaves it to the ladder again: while a debt asks for the suspension this is refused
    (LadderStillAsks). Also refuses an unknown connection, no reason, the state it has already, and
    a contract that is over.
    """
    # The contract before its connections, as whoever reconciles them does.
    contract = await lock_contract(session, (await _known(session, connection_id)).contract_id)
    connection = await session.get_one(Connection, connection_id, with_for_update=True)
    if not reason.strip():
        raise ConnectionReasonRequired
    if connection.state == state:
        raise ConnectionAlreadyDone
    if contract.stage in OVER and state is not ConnectionState.OFF:
        raise ConnectionOfEndedContract
    policy = await load_policy(session, LadderPolicy())
    connection.by_hand = state is not ConnectionState.ACTIVE
    before = blocked_since([connection])
    asked = order(
        session, contract, connection, state, reason=reason.strip()[:200], by=deed.by, at=deed.at,
        policy=policy,
    )  # fmt: skip
    change = BlockChange(contract, before, blocked_since([connection]))
    await follow_blocks(session, [change], by=deed.by, at=deed.at)
    await session.flush()
    if state is ConnectionState.ACTIVE:
        await _leave_to_the_ladder(session, contract.key, at=deed.at)
    await send(session, [asked], {connection.id or 0: connection.kind})
    record(
        session, deed, "connection.set", subject=f"connection/{connection.id}", was=asked["was"],
        now=state, reason=reason,
    )  # fmt: skip
    return connection


async def _leave_to_the_ladder(session: AsyncSession, contract_id: int, *, at: datetime) -> None:
    changed = await reconcile(
        session, [contract_id], today=local_date(at), by="system", at=at
    )  # fmt: skip
    if changed:
        raise LadderStillAsks


async def _known(session: AsyncSession, connection_id: int) -> Connection:
    connection = await session.get(Connection, connection_id)
    if connection is None:
        raise ConnectionNotFound
    return connection
