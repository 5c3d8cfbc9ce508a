"""What a row of a contract's registries must hold beyond its fields."""

from __future__ import annotations

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.customers import Customer, CustomerNotFound
from models.plans import (
    BillingGroup,
    DueDayRule,
    Plan,
    PlanProduct,
    PriceIndex,
    PriceIndexMonth,
    SlaTable,
)
from models.registry_rows import table_of
from rules import due_days
from rules.contracts import MINIMUM_ISSUE_DAYS
from rules.money import ZERO
from rules.refusals import Refusal, written_amount


class DefaultTaken(Refusal):
    message = "O padrão já é %(name)s. Desmarque-o primeiro."
    field = "is_default"


class MonthNotFirst(Refusal):
    message = "Informe o primeiro dia do mês."
    field = "month"


class PlanMinimumTermTooLong(Refusal):
    message = "A fidelidade não pode passar do prazo do plano, de %(months)s meses."
    field = "minimum_term_months"


async def check_plan(_session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a minimum term beyond the plan's own term."""
    assert isinstance(row, Plan)  # noqa: S101 - a registry checks its own rows
    if 0 < row.term_months < row.minimum_term_months:
        raise PlanMinimumTermTooLong(months=row.term_months)


class PlanPartWithoutAmount(Refusal):
    message = "Informe quanto do valor do plano é deste produto."
    field = "amount"


class PlanPartsTooMuch(Refusal):
    message = "Os produtos do plano não podem passar do valor dele: restam %(left)s."
    field = "amount"


async def check_plan_product(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a product without an amount, and products that cost more than their plan."""
    assert isinstance(row, PlanProduct)  # noqa: S101 - a registry checks its own rows
    if row.amount <= 0:
        raise PlanPartWithoutAmount
    plan = await session.get(Plan, row.plan_id)
    if plan is None or not row.is_active:
        return
    others = select(PlanProduct).where(
        PlanProduct.plan_id == row.plan_id, col(PlanProduct.is_active), PlanProduct.id != row.id
    )
    left = plan.amount - sum((each.amount for each in await session.exec(others)), ZERO)
    if row.amount > left:
        raise PlanPartsTooMuch(left=written_amount(max(left, ZERO)))


async def check_due_day_rule(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse bills that come too late, and a second default."""
    assert isinstance(row, DueDayRule)  # noqa: S101 - a registry checks its own rows
    rule = due_days.DueDayRule(row.due_day, row.days_before)
    due_days.check_due_day_rule(rule, minimum_issue_days=MINIMUM_ISSUE_DAYS)
    await _check_default(session, row)


async def check_sla_table(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a second default."""
    assert isinstance(row, SlaTable)  # noqa: S101 - a registry checks its own rows
    await _check_default(session, row)


async def check_billing_group(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a group of nobody (CustomerNotFound)."""
    assert isinstance(row, BillingGroup)  # noqa: S101 - a registry checks its own rows
    if await session.get(Customer, row.customer_id) is None:
        raise CustomerNotFound(field="customer_id")


class IndexSucceedsItself(Refusal):
    message = "Um índice não pode ser substituído por si mesmo, nem por um que ele substitui."
    field = "successor_id"


async def check_price_index(session: AsyncSession, row: SQLModel) -> None:
    """This will refuse an index that would take its own place (IndexSucceedsItself)."""
    assert isinstance(row, PriceIndex)  # noqa: S101 - a registry checks its own rows
    seen, following = {row.id}, row.successor_id
    while following is not None:
        if following in seen:
            raise IndexSucceedsItself
        seen.add(following)
        after = await session.get(PriceIndex, following)
        following = after.successor_id if after else None


async def check_index_month(_session: AsyncSession, row: SQLModel) -> None:
    """This will refuse a day that is not the first of its month."""
    assert isinstance(row, PriceIndexMonth)  # noqa: S101 - a registry checks its own rows
    if row.month.day != 1:
        raise MonthNotFirst


async def _check_default(session: AsyncSession, row: DueDayRule | SlaTable) -> None:
    if not row.is_default:
        return
    table = table_of(type(row))
    statement = select(table.c.name).where(table.c.is_default, table.c.id != (row.id or 0))
    other = (await session.exec(statement)).first()
    if other is not None:
        raise DefaultTaken(name=other)
