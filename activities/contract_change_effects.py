"""What a dated change does to contract, connections and charges when it begins and when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import terms_of
from activities.contract_charges import make_single_charge
from activities.contract_ends import cancel_contract
from activities.contract_moves import relocate, transfer_contract
from activities.contract_periods import charge_in_periods
from activities.contract_plan_change import change_plan, step_of
from activities.contract_prices import Adjustment, put_amount
from activities.contract_succession import waiting_successor
from activities.contract_webhooks import announce_contract
from activities.idle_days import begin_idle, end_idle
from activities.provisioning import put_all, restore_all
from models.charges import Charge
from models.contract_changes import ContractChange
from models.contracts import Contract, put_in_stage, record_contract_event
from models.plans import Plan
from rules.business_days import local_date
from rules.charge_plan import due_date_of, periods_of
from rules.charges import PENDING, ChargeKind, ChargeStatus
from rules.connections import ConnectionState
from rules.contract_changes import ChangeKind
from rules.contracts import ContractStage
from rules.money import ZERO
from rules.proration import Period
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
            # What was asked for weeks ahead costs what is more than the price of its first day.
            change.amount_before = contract.monthly_amount
            await _upgrade(session, contract, change, until=change.until, by=by, at=at)
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
        await _upgrade(session, contract, change, until=change.until, by=by, at=at)
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


async def _upgrade(
    session: AsyncSession,
    contract: Contract,
    change: ContractChange,
    *,
    until: date | None,
    by: str,
    at: datetime,
) -> None:
    """The difference of both prices for the days of the upgrade, with each period's own charge.

    Ended early, what no invoice holds costs its days; of what was billed the rest is a credit.
    """
    terms = await terms_of(session, contract, today=local_date(at))
    if terms is None or until is None:
        return
    words = f"Plano temporário: {await _plan_name(session, change)}"
    why = Adjustment(f"change/{change.number}/upgrade", words, by, at)
    price = (change.amount or ZERO) - (change.amount_before or ZERO)
    agreed = await _charged(session, contract, change)
    for number, full in enumerate(periods_of(terms.starts_on, months=terms.months)):
        charge = agreed.get(f"{number}")
        if full.start >= max(until, change.starts_on) and charge is None:
            break
        used = _overlap(full, change.starts_on, until)
        owed = step_of(price, full, used)
        if charge is not None and charge.status in PENDING:
            charge.period_end = used[0].until if used else charge.period_end
            put_amount(session, charge, owed, why)
            continue
        owed -= charge.amount if charge else ZERO
        suffix = "end" if charge else "begin"
        await make_single_charge(
            session, contract, key=f"{why.key}/{number}/{suffix}",
            kind=ChargeKind.PRO_RATA if owed > ZERO else ChargeKind.CREDIT,
            description=words, amount=owed,
            due_date=due_date_of(number, terms) if charge is None else None,
            period_start=used[0].start if used else full.start,
            period_end=used[0].until if used else full.until, by=by, at=at,
        )  # fmt: skip


async def _charged(
    session: AsyncSession, contract: Contract, change: ContractChange
) -> dict[str, Charge]:
    """What was charged for the upgrade when it began, by the number of the period."""
    prefix = f"change/{change.number}/upgrade/"
    statement = select(Charge).where(
        Charge.contract_id == contract.id, col(Charge.key).startswith(prefix),
        Charge.status != ChargeStatus.CANCELLED,
    )  # fmt: skip
    found = (await session.exec(statement)).all()
    return {each.key.removeprefix(prefix).split("/")[0]: each for each in found}


def _overlap(full: Period, start: date, until: date) -> list[Period]:
    begins, ends = max(full.start, start), min(full.until, until)
    return [Period(begins, ends)] if begins < ends else []


async def _connect(
    session: AsyncSession, contract: Contract, state: ConnectionState, *, at: datetime, reason: str
) -> None:
    await put_all(session, contract, state, reason=reason, by="system", at=at)
