"""A plan for a time: the difference of its price and the contract's own, day by day.

The contract's price may change within it: a renewal made ahead has the next term's, a readjustment
that was told holds from an invoice on. The difference is from the price of each day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import terms_of
from activities.contract_charges import make_single_charge
from activities.contract_prices import Adjustment, put_amount
from activities.contract_succession import waiting_successor
from models.charges import Charge, charges_of
from models.contract_changes import ContractChange
from models.contracts import Contract
from models.plans import Plan
from models.policies import load_policy
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from rules.business_days import local_date
from rules.charge_plan import due_date_of, periods_of
from rules.charge_words import temporary_plan
from rules.charges import PENDING, ChargeKind, ChargeStatus
from rules.money import ZERO
from rules.plan_prices import PriceFrom, difference_of, within
from rules.price_indices import holds_for
from rules.readjustments import ReadjustmentPolicy, ReadjustmentStage
from rules.renewals import RenewalStage


async def begin_plan(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will charge what a plan for a time costs more, or less, with each period's own charge.

    What was asked for weeks ahead costs what is more than the prices of its days.
    """
    first, *later = await _prices_of(session, contract, since=change.starts_on)
    change.amount_before = first.amount
    change.next_prices = {f"{each.since}": str(each.amount) for each in later}
    await charge_plan(session, contract, change, by=by, at=at)


async def charge_plan(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will bring what is charged for a plan to its days until `change.until`.

    Ended early, what no invoice holds costs its days; of what was billed the rest is a credit.
    """
    terms, until = await terms_of(session, contract, today=local_date(at)), change.until
    if terms is None or until is None:
        return
    plan = await session.get(Plan, change.plan_id or 0)
    words = temporary_plan(plan.name if plan else "")
    why = Adjustment(f"change/{change.number}/upgrade", words, by, at)
    agreed = await _charged(session, contract, change)
    for number, full in enumerate(periods_of(terms.starts_on, months=terms.months)):
        charge = agreed.get(f"{number}")
        if full.start >= max(until, change.starts_on) and charge is None:
            break
        used = within(full, change.starts_on, until)
        owed = difference_of(change.amount or ZERO, _prices(change), full=full, used=used)
        if charge is not None and charge.status in PENDING:
            charge.period_end = used.until if used else charge.period_end
            put_amount(session, charge, owed, why)
            continue
        owed -= charge.amount if charge else ZERO
        suffix = "end" if charge else "begin"
        await make_single_charge(
            session, contract, key=f"{why.key}/{number}/{suffix}",
            kind=ChargeKind.PRO_RATA if owed > ZERO else ChargeKind.CREDIT,
            description=words, amount=owed,
            due_date=due_date_of(number, terms) if charge is None else None,
            period_start=used.start if used else full.start,
            period_end=used.until if used else full.until, by=by, at=at,
        )  # fmt: skip


def _prices(change: ContractChange) -> list[PriceFrom]:
    """What the contract's own periods cost on the days of a plan, as it began."""
    later = [(date.fromisoformat(day), Decimal(told)) for day, told in change.next_prices.items()]
    first = PriceFrom(change.starts_on, change.amount_before or ZERO)
    return [first, *(PriceFrom(*each) for each in sorted(later))]


async def _charged(
    session: AsyncSession, contract: Contract, change: ContractChange
) -> dict[str, Charge]:
    """What was charged for the plan when it began, by the number of the period."""
    prefix = f"change/{change.number}/upgrade/"
    statement = select(Charge).where(
        Charge.contract_id == contract.id, col(Charge.key).startswith(prefix),
        Charge.status != ChargeStatus.CANCELLED,
    )  # fmt: skip
    found = (await session.exec(statement)).all()
    return {each.key.removeprefix(prefix).split("/")[0]: each for each in found}


@dataclass(frozen=True, order=True)
class _Turn:
    """A day on which the contract's price turns from one to another."""

    day: date
    before: Decimal
    after: Decimal


async def _prices_of(
    session: AsyncSession, contract: Contract, *, since: date
) -> Sequence[PriceFrom]:
    """What the contract's periods cost from a day on, the price of that day first."""
    found = [
        await _term_ahead(session, contract, since), await _successor_ahead(session, contract),
        await _readjusted_ahead(session, contract, since),
    ]  # fmt: skip
    turns = sorted(each for each in found if each is not None and each.day > since)
    first = turns[0].before if turns else contract.monthly_amount
    return [PriceFrom(since, first), *(PriceFrom(each.day, each.after) for each in turns)]


async def _term_ahead(session: AsyncSession, contract: Contract, since: date) -> _Turn | None:
    """The next term, where the contract was renewed before this one is over."""
    statement = select(ContractRenewal).where(
        ContractRenewal.contract_id == contract.id, ContractRenewal.ends_on > since,
        ContractRenewal.stage == RenewalStage.RENEWED,
    )  # fmt: skip
    made = (await session.exec(statement)).first()
    if made is None or made.amount_before is None:
        return None
    return _Turn(made.ends_on, made.amount_before, contract.monthly_amount)


async def _successor_ahead(session: AsyncSession, contract: Contract) -> _Turn | None:
    """The contract that waits to follow this one."""
    waiting = await waiting_successor(session, contract)
    if waiting is None or waiting.starts_on is None:
        return None
    return _Turn(waiting.starts_on, contract.monthly_amount, waiting.monthly_amount)


async def _readjusted_ahead(session: AsyncSession, contract: Contract, since: date) -> _Turn | None:
    """A readjustment that was told and holds for later invoices alone."""
    statement = select(ContractReadjustment).where(
        ContractReadjustment.contract_id == contract.id,
        ContractReadjustment.stage == ReadjustmentStage.TOLD,
    )
    newest = statement.order_by(col(ContractReadjustment.id).desc()).limit(1)
    told = (await session.exec(newest)).first()
    policy = await load_policy(session, ReadjustmentPolicy())
    if (
        told is None
        or told.amount is None
        or holds_for(since, told_on=told.told_on, notice_days=policy.notice_days)
    ):
        return None
    ahead = await charges_of(session, contract.key)
    begins = [
        each.period_start for each in ahead
        if each.kind == ChargeKind.MONTHLY and each.period_start is not None
        and holds_for(each.issue_date, told_on=told.told_on, notice_days=policy.notice_days)
    ]  # fmt: skip
    return _Turn(min(begins), told.amount_before, told.amount) if begins else None
