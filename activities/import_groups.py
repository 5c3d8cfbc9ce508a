"""Billing groups that files of contracts name: by code, or by the name that their customer has for
one; a name that is new makes the group, as a portfolio that moves in has no codes of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.billing_groups import make_group
from activities.import_pages import PageContext, titled
from models.people import Deed
from models.plans import BillingGroup
from rules.contract_checks import GroupNotOfCustomer, RegistryNotActive
from rules.import_rows import Row
from rules.refusals import Refusal

COLUMN, FIELD = "billing_group", "billing_group_id"
#: A group that its customer has not yet.
PENDING = 0


async def grouped(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> list[Row]:
    """This will put ids in the place of groups; PENDING for one that its customer has not yet, and
    whose name stays beside it. Another's, or one out of use, is one of the row's errors."""
    found = await _groups(session, rows)
    by_code = {each.code: each for each in found}
    by_name = {(each.customer_id, each.name.casefold()): each for each in found}
    return [_grouped(row, by_code, by_name, page) for row in rows]


async def with_group(session: AsyncSession, row: Row, page: PageContext) -> Row:
    """This will make the group that the row names, if its customer still has none of that name."""
    if COLUMN not in row.values:
        return row
    values = dict(row.values)
    name, customer_id = values.pop(COLUMN, None), values.get("customer_id") or PENDING
    if values.get(FIELD) == PENDING and name and customer_id > 0 and not page.is_dry_run:
        values[FIELD] = await _group(session, customer_id, name, page)
    return replace(row, values=values)


async def _group(session: AsyncSession, customer_id: int, name: str, page: PageContext) -> int:
    """Another row of the page may have made it already."""
    made = select(BillingGroup).where(BillingGroup.customer_id == customer_id)
    for each in await session.exec(made):
        if each.name.casefold() == name.casefold():
            return each.id or PENDING
    deed = Deed(page.by, page.at, "", frozenset())
    group = await make_group(session, customer_id, name, due_day_rule_id=None, deed=deed)
    return group.id or PENDING


async def _groups(session: AsyncSession, rows: Sequence[Row]) -> Sequence[BillingGroup]:
    named = [row for row in rows if row.values.get(COLUMN)]
    if not named:
        return []
    statement = select(BillingGroup).where(
        or_(
            col(BillingGroup.code).in_({row.values[COLUMN] for row in named}),
            col(BillingGroup.customer_id).in_({row.values.get("customer_id") for row in named}),
        )
    )
    return (await session.exec(statement)).all()


def _grouped(
    row: Row,
    by_code: Mapping[str, BillingGroup],
    by_name: Mapping[tuple[int, str], BillingGroup],
    page: PageContext,
) -> Row:
    if COLUMN not in row.values:
        return row
    name = " ".join((row.values[COLUMN] or "").split())
    customer_id = row.values.get("customer_id") or PENDING
    group = by_name.get((customer_id, name.casefold())) or by_code.get(name)
    wrong = _fault(group, customer_id) if group and "customer_id" in row.values else None
    if wrong is not None:
        refused = titled(row, wrong, page)
        values = {key: value for key, value in row.values.items() if key != COLUMN}
        return replace(
            row, values=values, errors=(*row.errors, refused), unread=row.unread | {FIELD}
        )
    number = (group.id if group else PENDING) if name else None
    return replace(row, values={**row.values, COLUMN: name, FIELD: number})


def _fault(group: BillingGroup, customer_id: int) -> Refusal | None:
    if group.customer_id != customer_id:
        return GroupNotOfCustomer()
    return None if group.is_active else RegistryNotActive(field=FIELD)
