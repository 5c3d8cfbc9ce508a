"""Dated changes of contracts: asked for, begun on their day, ended, called off."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.cases import Answer, Move, Moved, transition
from activities.contract_change_effects import begin, finish
from activities.contract_periods import price_in_periods
from activities.contract_succession import successor_of
from models import cases, outbox
from models.cases import Case
from models.contract_changes import ContractChange, change_of, changes_of
from models.contracts import Contract, ending_of, lock_contract, record_contract_event
from models.customers import Customer
from models.database import Database
from models.plans import Plan
from rules import contract_changes as rules
from rules.business_days import local_date, local_time
from rules.cases import SYSTEM, Elapsed, News, Process, Step, spread
from rules.contract_changes import (
    LIVE,
    AskedChange,
    CallOff,
    ChangeKind,
    ChangeStage,
    ChangeStep,
    EndNow,
)
from rules.contracts import ContractStage
from rules.refusals import written_instant

ChangeCommand = Annotated[CallOff | EndNow | Elapsed | News, Field(discriminator="kind")]


class ContractChangeActivities:
    """The transitions of dated changes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @activity.defn
    async def move_contract_change(self, move: Move[ChangeCommand]) -> Moved:
        """One transition of one change."""
        return await transition(self.database, move, decide)


async def ask_change(
    session: AsyncSession, contract: Contract, asked: AskedChange, *, by: str, at: datetime
) -> ContractChange:
    """This will write a change down, and carry it out at once if its day has come.

    Refuses what rules.contract_changes does, and a second change of its kind (ChangeUnderWay).
    """
    today = local_date(at)
    await _check_not_ended(session, contract)
    rules.check_change(
        asked, stage=ContractStage(contract.stage), today=today, owner_id=contract.customer_id
    )
    await _check_beside(session, contract, asked)
    for live in await changes_of(session, contract.key, stages=LIVE, kinds=(asked.kind,)):
        when = written_instant(local_time(live.asked_at))
        raise rules.ChangeUnderWay(by=live.asked_by, when=when)
    plan = await session.get(Plan, asked.plan_id or 0)
    if asked.plan_id is not None and (plan is None or not plan.is_active):
        raise rules.ChangeNeedsPlan
    if plan is not None and contract.plan_id is not None and plan.plan_type != contract.plan_type:
        raise rules.ChangePlanOfOtherType(plan=plan.name)
    await _check_owner(session, asked)
    change = ContractChange(
        contract_id=contract.key, kind=asked.kind, starts_on=asked.starts_on, until=asked.until,
        plan_id=asked.plan_id, reason=asked.reason,
        amount=_amount(contract, asked, plan), months=asked.months,
        plan_before_id=contract.plan_id, amount_before=contract.monthly_amount,
        asked_by=by, asked_at=at, to_customer_id=asked.to_customer_id,
        address=asdict(asked.address) if asked.address else {},
    )  # fmt: skip
    session.add(change)
    await session.flush()
    await _begin_case(session, contract, change, by=by, at=at)
    return change


def _amount(contract: Contract, asked: AskedChange, plan: Plan | None) -> Decimal | None:
    """What a period would cost as the contract stands now."""
    if asked.months is not None:
        return price_in_periods(contract, asked.months)
    return plan.price_for(contract.periodicity_months) if plan else None


async def _check_beside(session: AsyncSession, contract: Contract, asked: AskedChange) -> None:
    """What of the contract stands against a change, beside another of its own kind."""
    colliding = rules.COLLIDING.get(asked.kind)
    if colliding and await changes_of(session, contract.key, stages=LIVE, kinds=(colliding,)):
        raise rules.ChangesCollide
    if asked.kind is ChangeKind.PERIODICITY:
        rules.check_periodicity(
            asked.months, now=contract.periodicity_months,
            has_inactivity_discount=contract.inactivity_discount,
        )  # fmt: skip


async def _check_not_ended(session: AsyncSession, contract: Contract) -> None:
    """Refuses a contract that somebody ended, naming who and when."""
    ended = await ending_of(session, contract) if ContractStage(contract.stage).is_over else None
    if ended is not None and ended.by != SYSTEM:
        when = written_instant(local_time(ended.at))
        raise rules.ContractEndedBy(by=ended.by, when=when)


async def _check_owner(session: AsyncSession, asked: AskedChange) -> None:
    """The new owner is a customer whom the house still knows."""
    if asked.to_customer_id is None:
        return
    owner = await session.get(Customer, asked.to_customer_id)
    if owner is None or owner.anonymised_at is not None:
        raise rules.ChangeNeedsOwner


async def decide(session: AsyncSession, case: Case, command: ChangeCommand, at: datetime) -> Answer:
    """What a command does to a change; everything inside the caller's transaction."""
    change = await change_of(session, case.subject_id)
    contract = await lock_contract(session, change.contract_id)
    is_over = await _is_over(session, contract, change)
    match command:
        case CallOff():
            if change.stage != ChangeStage.SCHEDULED:
                raise rules.ChangeNotScheduled
            _call_off(session, contract, change, by=command.by, at=at)
        case EndNow():
            if change.stage != ChangeStage.IN_EFFECT:
                raise rules.ChangeNotInEffect
            await _finish(session, contract, change, by=command.by, at=at)
        case Elapsed() | News() if is_over:
            _call_off(session, contract, change, by="system", at=at)
        case Elapsed(step=step):
            await _elapse(session, contract, change, ChangeStep(step), at)
        case News():
            pass
    _settle(session, case, change, by=command.by, at=at)
    return {"change_id": change.number, "stage": change.stage}


async def _is_over(session: AsyncSession, contract: Contract, change: ContractChange) -> bool:
    """A temporary plan runs on to its end under a contract that another one renewed."""
    if not ContractStage(contract.stage).is_over:
        return False
    runs_on = change.kind == ChangeKind.UPGRADE and change.stage == ChangeStage.IN_EFFECT
    return not runs_on or await successor_of(session, contract.key) is None


async def _begin_case(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    case = await cases.open_case(
        session, process=Process.CONTRACT_CHANGES, subject_id=change.number,
        customer_id=contract.customer_id, stage=change.stage, by=by, at=at,
    )  # fmt: skip
    case.owner = by
    record_contract_event(
        session, contract, kind="change_asked", by=by, at=at, change=change.kind,
        starts_on=change.starts_on.isoformat(), reason=change.reason,
    )  # fmt: skip
    if change.starts_on <= local_date(at):
        await _start(session, contract, change, by=by, at=at)
    _settle(session, case, change, by=by, at=at)
    if case.closed_at is None:
        outbox.start_case(session, case, at=at)


async def _elapse(
    session: AsyncSession,
    contract: Contract,
    change: ContractChange,
    step: ChangeStep,
    at: datetime,
) -> None:
    """A step is taken only if it is still what comes next: dates may have been moved."""
    due = _next(change)
    if due is None or due.kind != step or due.at > at:
        return
    if step is ChangeStep.BEGIN:
        await _start(session, contract, change, by="system", at=at)
    else:
        await _finish(session, contract, change, by="system", at=at)


async def _start(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    await begin(session, contract, change, by=by, at=at)
    lasts = ChangeKind(change.kind).lasts
    change.stage = ChangeStage.IN_EFFECT if lasts else ChangeStage.DONE
    session.add(change)


async def _finish(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    change.until = _ended_on(change, local_date(at))
    await finish(session, contract, change, by=by, at=at)
    change.stage = ChangeStage.DONE
    session.add(change)


def _ended_on(change: ContractChange, today: date) -> date:
    """The first day after it: a step that comes late still ends on the day that was agreed."""
    ends = today if change.until is None else min(change.until, today)
    return max(ends, change.starts_on)


def _call_off(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    change.stage = ChangeStage.CALLED_OFF
    session.add(change)
    record_contract_event(
        session, contract, kind="change_called_off", by=by, at=at, change=change.kind
    )


def _settle(
    session: AsyncSession, case: Case, change: ContractChange, *, by: str, at: datetime
) -> None:
    stage = ChangeStage(change.stage)
    cases.move_to(session, case, stage, by=by, at=at, is_final=stage not in LIVE)
    step = _next(change)
    cases.schedule(case, Step(step.kind, spread(step.at, case.number)) if step else None)


def _next(change: ContractChange) -> Step | None:
    stage = ChangeStage(change.stage)
    return rules.next_step(stage=stage, starts_on=change.starts_on, until=change.until)
