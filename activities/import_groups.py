"""Billing groups that files of contracts name: by code, or by the name that their customer has for
one; a name that is new makes the group, as a portfolio that moves in has no codes of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.billing_groups import make_groups
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


async def with_groups(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> list[Row]:
    """This will make the groups that the rows name, of which their customers still have none."""
    wanted = [named for row in rows if (named := _wanted(row, page)) is not None]
    deed = Deed(page.by, page.at, "", frozenset())
    made = await make_groups(session, wanted, deed=deed) if wanted else {}
    return [_with_group(row, made, page) for row in rows]


def _wanted(row: Row, page: PageContext) -> tuple[int, str] | None:
    """The customer and the name of a group that is to be made for a row."""
    name: str = row.values.get(COLUMN) or ""
    customer_id: int = row.values.get("customer_id") or PENDING
    is_new = row.values.get(FIELD) == PENDING and name and customer_id > 0
    return (customer_id, name) if is_new and not page.is_dry_run else None


def _with_group(row: Row, made: Mapping[tuple[int, str], int], page: PageContext) -> Row:
    if COLUMN not in row.values:
        return row
    values, wanted = dict(row.values), _wanted(row, page)
    values.pop(COLUMN)
    if wanted is not None:
        values[FIELD] = made[wanted[0], wanted[1].casefold()]
    return replace(row, values=values)


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
