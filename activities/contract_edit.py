"""The terms of a contract in service, edited: what is not invoiced yet follows them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import discounts_of, rule_of, terms_of
from activities.contracts import check_active
from models.charges import charges_of
from models.contracts import Contract, record_contract_event
from models.ladders import look_again
from models.plans import BillingGroup, DueDayRule
from models.registries import PaymentProfile
from rules.business_days import local_date
from rules.charge_plan import plan_term
from rules.charges import ChargeKind
from rules.contract_changes import ContractIsOver
from rules.contract_edit import Beside, EditedTerms, check_terms, moved_dates
from rules.contracts import BillingMethod, ContractStage, PlanType

#: What a contract's due days hang on.
DUE_DAYS = {"due_day_rule_id", "billing_group_id"}


async def edit_terms(
    session: AsyncSession, contract: Contract, terms: EditedTerms, *, by: str, at: datetime
) -> list[str]:
    """This will change the terms of the locked contract, and give the fields that changed.

    Another due day, or a group with one of its own, moves every charge that has no invoice; another
    ladder is asked at its next run.
    Refuses what `check_terms` does, what is not active, and a contract that is over.
    """
    if ContractStage(contract.stage).is_over:
        raise ContractIsOver
    asked = asdict(terms)
    changed = frozenset(name for name in asked if getattr(contract, name) != asked[name])
    check_terms(terms, await _beside(session, contract, terms), changed=changed)
    await check_active(session, {name: asked[name] for name in changed})
    for name in changed:
        setattr(contract, name, asked[name])
    if not changed:
        return []
    contract.version += 1
    session.add(contract)
    moved = await _move_due_dates(session, contract, at) if DUE_DAYS & changed else 0
    if "discount_table_id" in changed:
        await _discount_anew(session, contract)
    if "ladder_id" in changed:
        await look_again(session, contract_id=contract.key)
    told: dict[str, Any] = {"terms": sorted(changed)} | ({"moved": moved} if moved else {})
    record_contract_event(session, contract, kind="terms_edited", by=by, at=at, **told)
    return sorted(changed)


async def _beside(session: AsyncSession, contract: Contract, terms: EditedTerms) -> Beside:
    rule = await session.get(DueDayRule, terms.due_day_rule_id or 0)
    profile = await session.get(PaymentProfile, terms.payment_profile_id or 0)
    group = await session.get(BillingGroup, terms.billing_group_id or 0)
    return Beside(
        BillingMethod(contract.billing_method), PlanType(contract.plan_type),
        has_due_day=contract.due_day_rule_id is not None,
        rule_is_for_telephony=rule is not None and rule.for_telephony,
        profile_is_for_telephony=profile is not None and profile.for_telephony,
        group=group.name if group and group.due_day_rule_id else "",
        group_customer_id=group.customer_id if group else None, customer_id=contract.customer_id,
        periodicity_months=contract.periodicity_months,
    )  # fmt: skip


async def _discount_anew(session: AsyncSession, contract: Contract) -> None:
    """What no invoice holds of the plan has the discounts of the contract's table as it is now."""
    discounts = await discounts_of(session, contract)
    for charge in await charges_of(session, contract.key):
        if charge.kind == ChargeKind.MONTHLY:
            found = discounts(charge.amount)
            charge.discount, charge.pay_on_time_discount = (
                found["discount"], found["pay_on_time_discount"],
            )  # fmt: skip
            session.add(charge)


async def _move_due_dates(session: AsyncSession, contract: Contract, at: datetime) -> int:
    """Charges that no invoice holds fall due by the contract's rule as it is now; how many."""
    today = local_date(at)
    rule, terms = await rule_of(session, contract), await terms_of(session, contract, today=today)
    if rule is None or terms is None:
        return 0
    planned = plan_term(terms, used_from=terms.starts_on, made_on=today)
    moved = 0
    for charge in await charges_of(session, contract.key):
        issued, due = moved_dates(
            charge.due_date, charge.period_start, planned=planned, rule=rule, today=today
        )
        moved += charge.due_date != due
        charge.issue_date, charge.due_date = issued, due
        session.add(charge)
    return moved
