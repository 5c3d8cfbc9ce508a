"""Billing groups: made and put out of use on their customer's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from models.billing_groups import (
    contracts_in_groups,
    group_of,
    groups_of,
    ids_by_name,
    insert_groups,
)
from models.customers import CustomerAnonymised, read_customer
from models.imports import insert_rows
from models.people import AuditEntry, Deed, record
from models.plans import BillingGroup, DueDayRule
from rules.refusals import Refusal

MADE = "billing_group.make"


class BillingGroupNotFound(Refusal):
    message = "Este cliente não tem este agrupador."


class BillingGroupNameRequired(Refusal):
    message = "Dê um nome ao agrupador."
    field = "name"


class BillingGroupNameTaken(Refusal):
    message = "Este cliente já tem um agrupador com este nome."
    field = "name"


class BillingGroupRuleNotInUse(Refusal):
    message = "Escolha uma regra de vencimento em uso."
    field = "due_day_rule_id"


class BillingGroupInUse(Refusal):
    message = "Este agrupador ainda cobra os contratos %(contracts)s. Tire-os dele antes."


async def make_group(
    session: AsyncSession,
    customer_id: int,
    name: str,
    *,
    due_day_rule_id: int | None,
    deed: Deed,
) -> BillingGroup:
    """This will make a group for a customer's contracts; its due days are theirs if it has none.

    Refuses an unknown or anonymised customer, a name that is blank or taken, and a rule that is
    not in use.
    """
    customer, name = await read_customer(session, customer_id), " ".join(name.split())
    if customer.anonymised_at is not None:
        raise CustomerAnonymised
    if not name:
        raise BillingGroupNameRequired
    if name.casefold() in {g.name.casefold() for g in await groups_of(session, customer_id)}:
        raise BillingGroupNameTaken
    rule = await session.get(DueDayRule, due_day_rule_id or 0)
    if due_day_rule_id is not None and (rule is None or not rule.is_active):
        raise BillingGroupRuleNotInUse
    group = BillingGroup(
        code=uuid4().hex, name=name, customer_id=customer_id, due_day_rule_id=due_day_rule_id
    )
    session.add(group)
    await session.flush()
    group.code = f"AG{group.id:05}"
    session.add(group)
    record(session, deed, MADE, subject=f"customer/{customer_id}", name=name)
    return group


async def make_groups(
    session: AsyncSession, wanted: Iterable[tuple[int, str]], *, deed: Deed
) -> dict[tuple[int, str], int]:
    """This will make those groups, by customer and name, that their customers have not yet.

    Gives the ids of all of them, by the customer and the name in small letters.
    """
    names: dict[tuple[int, str], str] = {}
    for customer_id, name in wanted:
        names.setdefault((customer_id, name.casefold()), name)
    known = await ids_by_name(session, {customer_id for customer_id, _ in names})
    new = [(key[0], name) for key, name in names.items() if key not in known]
    await insert_groups(session, new)
    await _tell_of(session, new, deed)
    return await ids_by_name(session, {customer_id for customer_id, _ in names})


async def _tell_of(session: AsyncSession, made: Sequence[tuple[int, str]], deed: Deed) -> None:
    rows = [
        {
            "at": deed.at, "by": deed.by, "action": MADE, "subject": f"customer/{customer_id}",
            "details": {"name": name}, "ip": deed.ip,
        }
        for customer_id, name in made
    ]  # fmt: skip
    await insert_rows(session, AuditEntry, rows)


async def put_in_use(
    session: AsyncSession, customer_id: int, group_id: int, *, is_active: bool, deed: Deed
) -> BillingGroup:
    """This will take a group out of use, or back; as it is already: nothing.

    Refuses one that bills contracts (BillingGroupInUse), and another customer's.
    """
    group = await group_of(session, customer_id, group_id)
    if group is None:
        raise BillingGroupNotFound
    billed = (await contracts_in_groups(session, customer_id)).get(group_id, [])
    if billed and not is_active:
        raise BillingGroupInUse(contracts=", ".join(each.code for each in billed))
    if group.is_active != is_active:
        group.is_active = is_active
        session.add(group)
        record(
            session, deed, "billing_group.change", subject=f"customer/{customer_id}",
            name=group.name, is_active=is_active,
        )  # fmt: skip
    return group
