"""What decides about a contract's charges: due days, periods and how far ahead, discounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract, ContractService
from models.plans import BillingGroup, DiscountTable, DueDayRule
from models.policies import load_policy
from rules import due_days
from rules.business_days import ONE_DAY, months_end
from rules.charge_plan import ChargeTerms, ServiceTerms, period_at
from rules.charges import Recurrence
from rules.contract_terms import ContractPolicy
from rules.contracts import BillingMethod
from rules.money import ZERO


async def rule_of(session: AsyncSession, contract: Contract) -> due_days.DueDayRule | None:
    """The due-day rule that a contract's charges follow: its group's, else its own."""
    group = await session.get(BillingGroup, contract.billing_group_id or 0)
    rule_id = (group.due_day_rule_id if group else None) or contract.due_day_rule_id
    rule = await session.get(DueDayRule, rule_id or 0)
    return due_days.DueDayRule(rule.due_day, rule.days_before) if rule else None


async def terms_of(session: AsyncSession, contract: Contract, *, today: date) -> ChargeTerms | None:
    """What decides about the contract's charges; None for a courtesy or an imported contract.

    A contract without an end is charged so many periods ahead.
    """
    rule = await rule_of(session, contract)
    is_free = contract.billing_method == BillingMethod.COURTESY
    if is_free or rule is None or contract.starts_on is None:
        return None
    return ChargeTerms(
        starts_on=contract.starts_on,
        until=await _horizon(session, contract, contract.starts_on, today),
        months=contract.periodicity_months,
        amount=contract.monthly_amount,
        rule=rule,
    )


async def _horizon(session: AsyncSession, contract: Contract, starts_on: date, today: date) -> date:
    if contract.ends_on is not None:
        return contract.ends_on
    ahead = (await load_policy(session, ContractPolicy())).periods_ahead
    months = contract.periodicity_months * ahead
    reached = months_end(max(starts_on, today), months=months) - ONE_DAY
    return period_at(reached, starts_on=starts_on, months=contract.periodicity_months).until


def service_terms(service: ContractService, *, charged: Decimal = ZERO) -> ServiceTerms:
    """What decides about a service's charges; `charged`: what contracts before charged of it."""
    return ServiceTerms(
        Recurrence(service.recurrence), service.amount, service.starts_on, service.periods,
        service.until, charged + service.charged, service.period_months, service.recounted_on,
    )  # fmt: skip


async def discounts_of(
    session: AsyncSession, contract: Contract
) -> Callable[[Decimal], dict[str, Decimal]]:
    """What is taken off a charge, never more than it is: on the invoice, and when paid on time."""
    table = await session.get(DiscountTable, contract.discount_table_id or 0)
    direct = table.on_invoice if table else contract.invoice_discount
    on_time = table.pay_on_time if table else contract.pay_on_time_discount

    def of(amount: Decimal) -> dict[str, Decimal]:
        taken = min(direct, amount)
        return {"discount": taken, "pay_on_time_discount": min(on_time, amount - taken)}

    return of
