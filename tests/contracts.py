"""A house that sells: a plan with its rule and SLA, and contracts made of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.activation import decide as decide_activation
from activities.contracts import make_contract
from models.cases import Case, case_of
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.plans import DueDayRule, Plan, SlaTable, SlaTarget
from rules.activation import Activate
from rules.business_days import local_date
from rules.cases import Process
from rules.contract_welcome import Welcome
from tests import builders
from tests.builders import AT

NOBODY = Welcome(is_wanted=False)


async def a_plan(session: AsyncSession, *, due_day: int = 10, **values: Any) -> Plan:
    """100 reais a month, due on the tenth, activated within eight business hours."""
    number = next(builders._numbers)
    falls = {"name": f"Dia {due_day}", "due_day": due_day, "days_before": 10}
    rule = await builders.stored(session, DueDayRule(code=f"D{number}", **falls))
    table = await builders.stored(session, SlaTable(code=f"S{number}", name="SLA"))
    session.add(SlaTarget(sla_table_id=table.id, event="activation", amount=8))
    defaults = {
        "code": f"P{number}", "name": "Fibra 300", "amount": Decimal("100.00"),
        "due_day_rule_id": rule.id, "sla_table_id": table.id,
    }  # fmt: skip
    plan: Plan = await builders.stored(session, Plan(**{**defaults, **values}))
    return plan


async def made(
    session: AsyncSession,
    plan: Plan,
    *,
    customer: Customer | None = None,
    at: datetime = AT,
    welcome: Welcome = NOBODY,
    **asked: Any,
) -> Contract:
    """A contract of a year from today, that waits for its activation, of who reads e-mails."""
    customer = customer or await builders.a_customer(session, email="casa@exemplo.test")
    today = local_date(at)
    year = {"ends_on": today.replace(year=today.year + 1)}
    return await make_contract(
        session, customer.id or 0, {"plan_id": plan.id, **year, **asked}, welcome=welcome,
        by="ana", at=at,
    )  # fmt: skip


async def activation_of(session: AsyncSession, contract: Contract) -> Case:
    case = await case_of(session, process=Process.ACTIVATION, subject_id=contract.key)
    assert case is not None
    return case


async def activated(session: AsyncSession, plan: Plan, **values: Any) -> Contract:
    """A contract in service since today, with its charges."""
    at = values.get("at", AT)
    contract = await made(session, plan, **values)
    await decide_activation(session, await activation_of(session, contract), Activate(by="ana"), at)
    return contract


async def charges(session: AsyncSession, contract: Contract, **wanted: Any) -> list[Charge]:
    """The contract's charges of these values, by due date."""
    statement = select(Charge).where(Charge.contract_id == contract.id)
    for name, value in wanted.items():
        statement = statement.where(getattr(Charge, name) == value)
    ordered = statement.order_by(col(Charge.due_date), col(Charge.id))
    return list(await session.exec(ordered))


def day(text: str) -> date:
    """A date as tests write it: 16/11/2026."""
    number, month, year = map(int, text.split("/"))
    return date(year, month, number)
