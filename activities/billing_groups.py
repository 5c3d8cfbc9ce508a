"""Billing groups: made and put out of use on their customer's page."""

from __future__ import annotations

from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from models.billing_groups import contracts_in_groups, group_of, groups_of
from models.customers import CustomerAnonymised, read_customer
from models.people import Deed, record
from models.plans import BillingGroup, DueDayRule
from rules.refusals import Refusal


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
    record(session, deed, "billing_group.make", subject=f"customer/{customer_id}", name=name)
    return group


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
