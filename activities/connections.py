"""What an operator does to a connection by hand: block, unblock, disconnect."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.idle_days import BlockChange, blocked_since, follow_blocks
from activities.provisioning import order, reconcile, send
from models.connections import Connection
from models.contracts import Contract, lock_contract
from models.ladder_day import subjects_of_contract
from models.people import Deed, record
from models.policies import load_policy
from rules.business_days import local_date
from rules.connections import ConnectionState
from rules.contracts import OVER
from rules.ladder import is_lawful
from rules.ladder_steps import Action, LadderPolicy
from rules.provisioning import GOVERNED
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


class CutBeforeTheLaw(Refusal):
    message = (
        "A lei ainda não permite cortar este serviço por falta de pagamento (Resolução Anatel"
        " 765/2023, arts. 70 e 73): por outro motivo, só com a permissão de cortar antes do prazo."
    )


#: What a cut by hand comes to before the law.
CUTS = {
    ConnectionState.REDUCED: Action.REDUCE,
    ConnectionState.BLOCKED: Action.BLOCK,
    ConnectionState.OFF: Action.TERMINATE,
}


async def set_by_hand(
    session: AsyncSession, connection_id: int, state: ConnectionState, *, reason: str,
    may_override: bool, deed: Deed,
) -> Connection:  # fmt: skip
    """This will put a connection into a state for an operator, and tell the network.

    What is blocked or disconnected by hand stays so until it is undone by hand. Putting it back
    leaves it to the ladder again: while a debt asks for the suspension this is refused
    (LadderStillAsks). A telecom service is cut before the law lets a debt do so only by whoever may
    override (CutBeforeTheLaw). Also refuses an unknown connection, no reason, the state it has
    already, and a contract that is over.
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
    is_early = await _is_early(session, contract, state, policy=policy, today=local_date(deed.at))
    if is_early and not may_override:
        raise CutBeforeTheLaw
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
        now=state, reason=reason, **({"override": True} if is_early else {}),
    )  # fmt: skip
    return connection


async def _is_early(
    session: AsyncSession,
    contract: Contract,
    state: ConnectionState,
    *,
    policy: LadderPolicy,
    today: date,
) -> bool:
    """Whether no debt of a telecom contract in service would let the ladder go so far today."""
    action = CUTS.get(state)
    if action is None or not contract.telecom_service or contract.stage not in GOVERNED:
        return False
    subjects = await subjects_of_contract(session, contract.key)
    return not any(is_lawful(action, each.facts, policy, today=today) for each in subjects)


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
