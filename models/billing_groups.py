"""The billing groups of a customer, with the contracts that each bills together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import imports
from models.contracts import Contract
from models.ladder_tables import Ladder
from models.plans import BillingGroup, DueDayRule
from rules.contracts import OVER


async def groups_of(session: AsyncSession, customer_id: int) -> Sequence[BillingGroup]:
    """A customer's groups, those in use first."""
    statement = select(BillingGroup).where(BillingGroup.customer_id == customer_id)
    order = (col(BillingGroup.is_active).desc(), col(BillingGroup.name), col(BillingGroup.id))
    return (await session.exec(statement.order_by(*order))).all()


async def ids_by_name(
    session: AsyncSession, customer_ids: Collection[int]
) -> dict[tuple[int, str], int]:
    """The groups of these customers, by customer and name in small letters."""
    statement = select(BillingGroup).where(col(BillingGroup.customer_id).in_(customer_ids))
    found = await session.exec(statement)
    return {(each.customer_id, each.name.casefold()): each.id or 0 for each in found}


async def insert_groups(session: AsyncSession, named: Sequence[tuple[int, str]]) -> None:
    """This will insert groups of these customers and names, each with a code by its id."""
    rows = [
        {"code": uuid4().hex, "name": name, "customer_id": customer_id, "due_day_rule_id": None}
        for customer_id, name in named
    ]
    await imports.insert_rows(session, BillingGroup, rows)
    made = await imports.existing(session, BillingGroup, [str(row["code"]) for row in rows])
    codes = {each["id"]: {"code": f"AG{each['id']:05}"} for each in made.values()}
    await imports.update_rows(session, BillingGroup, codes)


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
