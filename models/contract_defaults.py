"""What a new contract's fields default to, as customer, plan and house say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract
from models.customers import Customer
from models.ladder_tables import Ladder
from models.phone_terminals import terminal_taken_by
from models.plans import BillingGroup, DueDayRule, Plan, SlaTable
from models.registries import PaymentProfile
from models.registry_rows import table_of
from rules.contract_checks import Surroundings
from rules.contract_terms import NewContract, Offers, Source
from rules.contracts import BillingMethod, PaymentMethod, RenewalForm, RenewalPrice
from rules.price_indices import Method, NegativePolicy

#: What the customer's newest contract is asked for.
FROM_LAST_CONTRACT = (
    "due_day_rule_id", "ladder_id", "payment_method", "payment_profile_id", "billing_method",
    "renewal_form",
)  # fmt: skip
FROM_PLAN = (
    "plan_type", "telecom_service", "periodicity_months", "due_day_rule_id", "sla_table_id",
    "ladder_id", "payment_method", "payment_profile_id", "setup_fee", "setup_instalments",
    "ledger_account_id", "term_months", "minimum_term_months", "minimum_term_fee", "price_index_id",
)  # fmt: skip
HOUSE = {
    "billing_method": BillingMethod.GROUPED,
    "payment_method": PaymentMethod.BOLETO_PIX,
    "renewal_form": RenewalForm.EXTENSION,
    "renewal_price": RenewalPrice.BY_PLAN,
    "readjustment_method": Method.NUMBER_INDICES,
    "negative_readjustment": NegativePolicy.ASK,
    "setup_fee": Decimal(0),
    "setup_instalments": 1,
    "readjustment_lag_months": 1,
    "term_months": 0,
    "minimum_term_months": 0,
    "minimum_term_fee": Decimal(0),
    "setup_composition": "debit_note",
}


async def offers_of(
    session: AsyncSession, customer: Customer, plan: Plan | None, *, today: date
) -> Offers:
    """Each field's offers: of the customer, of the plan, of the house."""
    offers: dict[str, dict[Source, Any]] = {}
    for source, offered in (
        (Source.CUSTOMER, await _of_customer(session, customer)),
        (Source.PLAN, _of_plan(plan)),
        (Source.GENERAL, await _of_house(session, today)),
    ):
        for field, value in offered.items():
            offers.setdefault(field, {})[source] = value
    return offers


async def surroundings_of(session: AsyncSession, new: NewContract, *, today: date) -> Surroundings:
    """What else decides whether this contract may be made."""
    rule = await session.get(DueDayRule, new.due_day_rule_id or 0)
    profile = await session.get(PaymentProfile, new.payment_profile_id or 0)
    group = await session.get(BillingGroup, new.billing_group_id or 0)
    return Surroundings(
        today=today,
        due_rule_is_for_telephony=rule is not None and rule.for_telephony,
        profile_is_for_telephony=profile is not None and profile.for_telephony,
        group_customer_id=group.customer_id if group else None,
        terminal_taken_by=await terminal_taken_by(session, new.phone_terminal),
    )


async def _of_customer(session: AsyncSession, customer: Customer) -> Mapping[str, Any]:
    last = select(Contract).where(
        Contract.customer_id == customer.id, col(Contract.plan_id).is_not(None)
    )
    contract = (await session.exec(last.order_by(col(Contract.id).desc()).limit(1))).first()
    offered = {name: getattr(contract, name) for name in FROM_LAST_CONTRACT} if contract else {}
    return {**offered, "welcome_to": customer.email}


def _of_plan(plan: Plan | None) -> Mapping[str, Any]:
    if plan is None:
        return {}
    offered = {name: getattr(plan, name) for name in FROM_PLAN}
    return {
        **offered,
        "description": plan.name,
        "monthly_amount": plan.amount,
        "setup_account_id": plan.ledger_account_id,
    }


async def _of_house(session: AsyncSession, today: date) -> Mapping[str, Any]:
    days = dict.fromkeys(("adhesion_date", "signed_on", "starts_on"), today)
    return {
        **HOUSE,
        **days,
        "due_day_rule_id": await _default(session, DueDayRule),
        "sla_table_id": await _default(session, SlaTable),
        "ladder_id": await _default(session, Ladder),
        "payment_profile_id": await _default(session, PaymentProfile),
    }


async def _default(session: AsyncSession, registry: type[SQLModel]) -> int | None:
    table = table_of(registry)
    statement = select(table.c.id).where(table.c.is_default).order_by(table.c.id).limit(1)
    return (await session.exec(statement)).first()
