"""Another plan from a day on: the days before keep what they cost, the others get the new price.

What stands together on invoices keeps its charges, changed or with a difference. Where each charge
is an invoice, made for the whole term, those to come would stay at the old price: they are made
anew. So are those of a contract that has its next price already, by a renewal or a readjustment,
while the charges of these days have the one before: their difference would be of the wrong prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_prices import Adjustment, full_period, reprice, service_charges, used_of
from activities.contract_recharge import charge_anew
from models.charges import Charge
from models.contract_changes import ContractChange
from models.contracts import Contract
from models.plan_parts import parts_of_plan
from models.plans import Plan
from models.policies import load_policy
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from rules import charge_words
from rules.charges import ChargeKind, ChargeStatus
from rules.contracts import BillingMethod
from rules.plan_prices import step_of
from rules.plan_products import PlanAfter, PlanPart, with_plan_after, written
from rules.price_indices import holds_for
from rules.proration import Period, charge_for_use
from rules.readjustments import ReadjustmentPolicy, ReadjustmentStage
from rules.renewals import RenewalStage


async def change_plan(
    session: AsyncSession, contract: Contract, change: ContractChange, *, by: str, at: datetime
) -> None:
    """This will put a contract on the change's plan, which the days from its first on cost."""
    plan = await session.get_one(Plan, change.plan_id)

    async def put() -> None:
        _put_plan(session, contract, plan)

    why = Adjustment(f"change/{change.number}/plan", charge_words.plan_change(plan.name), by, at)
    is_alone = contract.billing_method == BillingMethod.PER_CHARGE
    if is_alone or await _has_next_price(session, contract, on=change.starts_on):
        await charge_anew(session, contract, put, on=change.starts_on, why=why)
        return
    await _reprice(session, contract, plan, why, on=change.starts_on)
    await _name_after(session, contract, plan, on=change.starts_on)
    await put()


async def _has_next_price(session: AsyncSession, contract: Contract, *, on: date) -> bool:
    """Whether the contract's price is that of a term, or of invoices, later than a day."""
    term = select(func.max(ContractRenewal.ends_on)).where(
        ContractRenewal.contract_id == contract.id, ContractRenewal.stage == RenewalStage.RENEWED
    )
    told = select(func.max(ContractReadjustment.told_on)).where(
        ContractReadjustment.contract_id == contract.id,
        ContractReadjustment.stage == ReadjustmentStage.TOLD,
    )
    begins: date | None = (await session.exec(term)).one()
    told_on: date | None = (await session.exec(told)).one()
    notice_days = (await load_policy(session, ReadjustmentPolicy())).notice_days
    is_told = told_on is not None and not holds_for(on, told_on=told_on, notice_days=notice_days)
    return is_told or (begins is not None and begins > on)


def _put_plan(session: AsyncSession, contract: Contract, plan: Plan) -> None:
    contract.plan_id, contract.description = plan.id, plan.name
    contract.monthly_amount = plan.price_for(contract.periodicity_months)
    contract.telecom_service = plan.telecom_service
    contract.version += 1
    session.add(contract)


async def _reprice(
    session: AsyncSession, contract: Contract, plan: Plan, why: Adjustment, *, on: date
) -> None:
    old, new = contract.monthly_amount, plan.price_for(contract.periodicity_months)

    def price(charge: Charge, full: Period) -> Decimal:
        if charge.kind != ChargeKind.MONTHLY:
            return charge.amount
        used = used_of(charge)
        after = [Period(max(used.start, on), used.until)]
        if used.start >= on and charge.status != ChargeStatus.INVOICED:
            return charge_for_use(new, period=full, used=after)
        # Only the step counts: a charge may hold an earlier change, or days that are not owed.
        return charge.amount + step_of(new - old, full, after)

    await reprice(session, contract, why, since=on, price=price)


async def _name_after(session: AsyncSession, contract: Contract, plan: Plan, *, on: date) -> None:
    """What is not invoiced yet says which plan it is for, or both where the plan changes in it."""
    parts = await parts_of_plan(session, plan.id)
    for charge in await service_charges(session, contract, since=on, kinds=(ChargeKind.MONTHLY,)):
        if charge.status == ChargeStatus.INVOICED:
            continue
        used = used_of(charge)
        if used.start >= on:
            charge.parts = written(parts)
            charge.description = charge_words.period_of(plan.name, used)
        else:
            charge.parts = with_plan_after(charge.parts, _after(contract, charge, plan, parts, on))
            charge.description = charge_words.plan_since(charge.description, plan.name, on)
        session.add(charge)


def _after(
    contract: Contract, charge: Charge, plan: Plan, parts: Sequence[PlanPart], on: date
) -> PlanAfter:
    """The plan of the days from a change on, within a charge that costs by now what it should."""
    full, days = full_period(contract, charge), [Period(on, used_of(charge).until)]
    gone = charge_for_use(contract.monthly_amount, period=full, used=days)
    price = plan.price_for(contract.periodicity_months)
    step = step_of(price - contract.monthly_amount, full, days)
    return PlanAfter(
        was=contract.description, name=plan.name, parts=parts,
        before=charge.amount - step, gone=gone, amount=gone + step,
    )  # fmt: skip
