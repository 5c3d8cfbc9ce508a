"""A plan for a time: the difference of its price and the contract's own, day by day.

The contract's price may change within it: a renewal made ahead has the next term's, a readjustment
that was told holds from an invoice on. The difference is from the price of each day.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import terms_of
from activities.coming_prices import prices_from
from activities.contract_charges import make_single_charge
from activities.contract_prices import Adjustment, put_amount
from activities.contract_succession import waiting_successor
from models.charges import Charge
from models.contract_changes import ContractChange
from models.contracts import Contract
from models.plans import Plan
from rules.business_days import local_date
from rules.charge_plan import due_date_of, periods_of
from rules.charge_words import temporary_plan
from rules.charges import PENDING, ChargeKind, ChargeStatus
from rules.money import ZERO
from rules.plan_prices import PriceFrom, difference_of, within


async def begin_plan(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will charge what a plan for a time costs more, or less, with each period's own charge.

    What was asked for weeks ahead costs what is more than the prices of its days.
    """
    successor = await waiting_successor(session, contract)
    first, *later = await prices_from(
        session, contract, since=change.starts_on, successor=successor
    )
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
