"""The billing groups of a customer, with the contracts that each bills together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract
from models.ladder_tables import Ladder
from models.plans import BillingGroup, DueDayRule
from rules.contracts import OVER


async def groups_of(session: AsyncSession, customer_id: int) -> Sequence[BillingGroup]:
    """A customer's groups, those in use first."""
    statement = select(BillingGroup).where(BillingGroup.customer_id == customer_id)
    order = (col(BillingGroup.is_active).desc(), col(BillingGroup.name), col(BillingGroup.id))
    return (await session.exec(statement.order_by(*order))).all()


async def group_of(session: AsyncSession, customer_id: int, group_id: int) -> BillingGroup | None:
    """This will read a customer's group for changing it; None: the customer has no such group."""
    statement = select(BillingGroup).where(
        BillingGroup.id == group_id, BillingGroup.customer_id == customer_id
    )
    return (await session.exec(statement.with_for_update())).one_or_none()


async def contracts_in_groups(session: AsyncSession, customer_id: int) -> dict[int, list[Contract]]:
    """The contracts in force by the group that bills them."""
    statement = select(Contract).where(
        Contract.customer_id == customer_id,
        col(Contract.billing_group_id).is_not(None),
        col(Contract.stage).not_in(OVER),
    )
    found: dict[int, list[Contract]] = {}
    for contract in await session.exec(statement.order_by(col(Contract.id))):
        found.setdefault(contract.billing_group_id or 0, []).append(contract)
    return found


async def groups_of_several_ladders(session: AsyncSession, customer_id: int) -> set[int]:
    """The groups whose contracts in force follow more than one ladder."""
    default = (await session.exec(select(Ladder.id).where(Ladder.is_default))).first()
    groups = await contracts_in_groups(session, customer_id)
    return {
        group_id
        for group_id, contracts in groups.items()
        if len({each.ladder_id or default for each in contracts}) > 1
    }


async def due_days_of(session: AsyncSession, customer_id: int) -> dict[int, str]:
    """The name of each group's own due-day rule, where it has one."""
    statement: Any = (
        select(BillingGroup.id, DueDayRule.name)
        .join(DueDayRule, col(DueDayRule.id) == col(BillingGroup.due_day_rule_id))
        .where(BillingGroup.customer_id == customer_id)
    )
    return dict((await session.exec(statement)).all())
