"""What a dated change does to contract, connections and charges when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_ends import cancel_contract
from activities.contract_moves import relocate, transfer_contract
from activities.contract_periods import charge_in_periods
from activities.contract_plan_change import change_plan
from activities.contract_succession import waiting_successor
from activities.contract_webhooks import announce_contract
from activities.idle_days import begin_idle, end_idle
from activities.provisioning import put_all, restore_all
from activities.temporary_plans import begin_plan, charge_plan
from models.contract_changes import ContractChange
from models.contracts import Contract, put_in_stage, record_contract_event
from models.plans import Plan
from rules.business_days import local_date
from rules.connections import ConnectionState
from rules.contract_changes import ChangeKind
from rules.contracts import ContractStage
from rules.webhooks import OF_CHANGES_BEGUN, OF_CHANGES_ENDED, BusinessEventKind


async def begin(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will put a change into effect from its first day on."""
    record_contract_event(
        session, contract, kind="change_began", by=by, at=at, change=change.kind,
        plan=await _plan_name(session, change),
    )  # fmt: skip
    match ChangeKind(change.kind):
        case ChangeKind.SUSPENSION:
            await _suspend(session, contract, change, by=by, at=at)
        case ChangeKind.UPGRADE:
            await begin_plan(session, contract, change, by=by, at=at)
        case ChangeKind.PLAN_CHANGE:
            await change_plan(session, contract, change, by=by, at=at)
        case ChangeKind.PERIODICITY:
            await charge_in_periods(
                session, contract, change.months or 0, on=change.starts_on, by=by, at=at
            )
        case ChangeKind.ADDRESS:
            await relocate(session, contract, change, by=by, at=at)
        case ChangeKind.OWNERSHIP:
            await transfer_contract(session, contract, change, by=by, at=at)
        case ChangeKind.CANCELLATION:
            await cancel_contract(
                session, contract, on=change.starts_on, reason=change.reason, by=by, at=at
            )
    await _begin_in_successor(session, contract, change, by=by, at=at)
    await _announce(session, contract, change, OF_CHANGES_BEGUN, at=at)


async def _begin_in_successor(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """What changes for good, changes in the contract that waits to follow this one too."""
    if change.kind not in {ChangeKind.PLAN_CHANGE, ChangeKind.PERIODICITY, ChangeKind.ADDRESS}:
        return
    waiting = await waiting_successor(session, contract)
    if waiting is None:
        return
    if change.kind == ChangeKind.PLAN_CHANGE:
        await change_plan(session, waiting, change, by=by, at=at)
    if change.kind == ChangeKind.PERIODICITY:
        begins = max(change.starts_on, waiting.starts_on or change.starts_on)
        await charge_in_periods(session, waiting, change.months or 0, on=begins, by=by, at=at)
    waiting.address = contract.address
    session.add(waiting)


async def finish(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will end what lasts; `change.until` is its first day without."""
    record_contract_event(session, contract, kind="change_ended", by=by, at=at, change=change.kind)
    if change.kind == ChangeKind.SUSPENSION:
        await _lift(session, contract, change, by=by, at=at)
    elif change.kind == ChangeKind.UPGRADE:
        await charge_plan(session, contract, change, by=by, at=at)
    await _announce(session, contract, change, OF_CHANGES_ENDED, at=at)


async def _announce(
    session: AsyncSession,
    contract: Contract,
    change: ContractChange,
    kinds: Mapping[str, BusinessEventKind],
    *,
    at: datetime,
) -> None:
    """Other systems hear of a change, where it is no event of its own (an end, another owner)."""
    if change.kind in kinds:
        until = change.until.isoformat() if change.until else None
        await announce_contract(
            session, contract, kinds[change.kind], at=at, change=change.kind, until=until
        )


async def _plan_name(session: AsyncSession, change: ContractChange) -> str:
    plan = await session.get(Plan, change.plan_id or 0)
    return plan.name if plan else ""


async def _suspend(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    contract.suspended_from, contract.suspended_until = change.starts_on, change.until
    put_in_stage(session, contract, ContractStage.SUSPENDED, by=by, at=at, reason=change.reason)
    await _connect(session, contract, ConnectionState.OFF, at=at, reason="Suspensão a pedido")
    await begin_idle(session, [(contract, change.starts_on)])


async def _lift(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """A debt that asks for a block keeps the service off; the days without it are not owed."""
    ended = change.until or local_date(at)
    contract.suspended_from = contract.suspended_until = None
    await end_idle(session, contract, since=change.starts_on, until=ended, by=by, at=at)
    await restore_all(session, contract, today=local_date(at), by=by, at=at)


async def _connect(
    session: AsyncSession, contract: Contract, state: ConnectionState, *, at: datetime, reason: str
) -> None:
    await put_all(session, contract, state, reason=reason, by="system", at=at)
