"""Connections: put where a contract's debts ask for them, and the network told until it knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.idle_days import BlockChange, blocked_since, follow_blocks
from models import asked_blocks, provisioning
from models.connections import Connection, connections_of, set_state
from models.contracts import Contract, ContractEvent, put_in_stage, put_in_stages
from models.imports import insert_rows
from models.policies import load_policy
from rules.connections import ConnectionKind, ConnectionState
from rules.contracts import ContractStage, PlanType
from rules.ladder_steps import LadderPolicy
from rules.provisioning import (
    GOVERNED,
    STAGES,
    UNTOUCHED,
    OrderStatus,
    asked_state,
    due_by,
)

#: What a contract that was imported without connections has.
KIND_OF_PLAN = {
    PlanType.INTERNET: ConnectionKind.INTERNET,
    PlanType.TV: ConnectionKind.TV,
    PlanType.TELEPHONY: ConnectionKind.PHONE,
}


async def reconcile(
    session: AsyncSession,
    contract_ids: Collection[int],
    *,
    today: date,
    by: str,
    at: datetime,
) -> int:
    """This will put the connections of contracts where their debts ask for them; gives how many
    changed.

    What nothing asks for any more is lifted. A connection that an operator set, one that is not
    active yet or off, and a contract that is suspended or over are left alone.
    """
    contracts = await _locked(session, contract_ids)
    if not contracts:
        return 0
    keys = [contract.key for contract in contracts]
    askings = await asked_blocks.askings_of(session, keys, today=today)
    excepted = await asked_blocks.excepted(session, keys, today=today)
    connections = await _connections(session, contracts, at)
    policy = await load_policy(session, LadderPolicy())
    wanted = {
        key: asked_state(askings[key], is_excepted=key in excepted) for key in keys
    }  # fmt: skip
    orders: list[dict[str, Any]] = []
    blocks: list[BlockChange] = []
    for contract in contracts:
        mine, state = connections[contract.key], wanted[contract.key]
        before = blocked_since(mine)
        orders += [
            order(session, contract, each, state, reason="ladder", by=by, at=at, policy=policy)
            for each in mine
            if not each.by_hand and each.state not in UNTOUCHED and each.state != state
        ]
        blocks.append(BlockChange(contract, before, blocked_since(mine)))
    await put_in_stages(session, _stages(contracts, wanted), by=by, at=at, reason="ladder")
    await follow_blocks(session, blocks, by=by, at=at)
    await send(session, orders, kinds_of(connections))
    return len(orders)


async def put_all(
    session: AsyncSession,
    contract: Contract,
    state: ConnectionState,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """This will put every connection of a contract into a state, whoever had it in which, and tell
    the network; for the contract's own journeys."""
    policy = await load_policy(session, LadderPolicy())
    connections = await connections_of(session, contract.key)
    before = blocked_since(connections)
    orders = [
        order(session, contract, each, state, reason=reason, by=by, at=at, policy=policy)
        for each in connections
        if each.state != state
    ]
    for each in connections:
        each.by_hand = False
    change = BlockChange(contract, before, blocked_since(connections))
    await follow_blocks(session, [change], by=by, at=at)
    await session.flush()
    await provisioning.ask(session, orders)


async def restore_all(
    session: AsyncSession, contract: Contract, *, today: date, by: str, at: datetime
) -> None:
    """This will put a contract that was suspended at its customer's wish back in service, as far as
    its debts allow: what the ladder asks for stays blocked."""
    askings = await asked_blocks.askings_of(session, [contract.key], today=today)
    excepted = await asked_blocks.excepted(session, [contract.key], today=today)
    wanted = asked_state(askings.get(contract.key, ()), is_excepted=contract.key in excepted)
    reason = "" if wanted is ConnectionState.ACTIVE else "ladder"
    put_in_stage(session, contract, STAGES[wanted], by=by, at=at, reason=reason)
    await put_all(session, contract, wanted, reason=reason, by=by, at=at)


def order(  # noqa: PLR0913 - what, to what, why, who and when
    session: AsyncSession,
    contract: Contract,
    connection: Connection,
    state: ConnectionState,
    *,
    reason: str,
    by: str,
    at: datetime,
    policy: LadderPolicy,
) -> dict[str, Any]:
    """This will put a connection into a state; the order, as a row, is the caller's to send."""
    was = connection.state
    set_state(session, connection, state, at=at, reason=reason)
    return {
        "connection_id": connection.id, "contract_id": contract.key,
        "customer_id": contract.customer_id, "state": str(state), "was": was, "reason": reason,
        "status": OrderStatus.WAITING, "asked_at": at, "asked_by": by, "attempts": 0,
        "due_by": due_by(state, asked_at=at, restore_hours=policy.restore_hours), "error": "",
        "done_at": None,
    }  # fmt: skip


async def send(
    session: AsyncSession,
    orders: Sequence[dict[str, Any]],
    kinds: Mapping[int, str],
) -> None:
    """This will send orders to the network and write each into its contract's history.

    `kinds` says what each connection carries.
    """
    await session.flush()
    await provisioning.ask(session, orders)
    events = [
        {
            "contract_id": each["contract_id"], "at": each["asked_at"], "by": each["asked_by"],
            "kind": "connection",
            "parameters": {
                "carries": kinds[each["connection_id"]], "state_was": each["was"],
                "state_now": each["state"], "because": each["reason"],
            },
        }
        for each in orders
    ]  # fmt: skip
    await insert_rows(session, ContractEvent, events)


def kinds_of(connections: Mapping[int, Sequence[Connection]]) -> dict[int, str]:
    """What each connection carries."""
    return {each.id or 0: each.kind for found in connections.values() for each in found}


async def _locked(session: AsyncSession, contract_ids: Collection[int]) -> Sequence[Contract]:
    statement = (
        select(Contract)
        .where(col(Contract.id).in_(contract_ids), col(Contract.stage).in_(GOVERNED))
        .order_by(col(Contract.id))
        .with_for_update()
    )
    return (await session.exec(statement)).all() if contract_ids else []


async def _connections(
    session: AsyncSession, contracts: Sequence[Contract], at: datetime
) -> Mapping[int, list[Connection]]:
    """The connections of each contract; an imported contract gets its one now, as active."""
    keys = [contract.key for contract in contracts]
    statement = select(Connection).where(col(Connection.contract_id).in_(keys))
    found: dict[int, list[Connection]] = defaultdict(list)
    for each in await session.exec(statement.order_by(col(Connection.id)).with_for_update()):
        found[each.contract_id].append(each)
    fresh = [_first(contract, at) for contract in contracts if not found[contract.key]]
    session.add_all(fresh)
    await session.flush()
    for each in fresh:
        found[each.contract_id].append(each)
    return found


def _first(contract: Contract, at: datetime) -> Connection:
    kinds: Mapping[Any, ConnectionKind] = KIND_OF_PLAN
    return Connection(
        contract_id=contract.key,
        kind=kinds.get(contract.plan_type, ConnectionKind.SUBSCRIPTION),
        state=ConnectionState.ACTIVE,
        since=at,
    )


def _stages(
    contracts: Sequence[Contract], wanted: Mapping[int, ConnectionState]
) -> list[tuple[Contract, ContractStage]]:
    """The contracts' own stages; the renewal queue is a place that a block takes none from."""
    return [
        (each, STAGES[wanted[each.key]])
        for each in contracts
        if each.stage != ContractStage.RENEWAL_QUEUE
    ]
