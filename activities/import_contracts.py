"""Imported contracts: those that bring a plan and dates are charged from the day that they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_customers import save_rows
from activities.import_pages import Outcome, PageContext, Reference, resolve
from models import imports
from models.contracts import Contract
from models.customers import Customer
from models.ladder_tables import Ladder
from models.plans import DueDayRule, Plan
from models.registries import PaymentProfile
from rules.contracts import BillingMethod, ContractStage, PlanType
from rules.import_columns import ImportKind
from rules.import_contracts import fault_of
from rules.import_rows import Row, RowError
from rules.money import ZERO

CUSTOMER = Reference("customer", "customer_id", Customer, ImportKind.CUSTOMERS)
REFERENCES = (
    CUSTOMER,
    Reference("ladder", "ladder_id", Ladder),
    Reference("plan_code", "plan_id", Plan),
    Reference("due_day_rule", "due_day_rule_id", DueDayRule),
    Reference("payment_profile", "payment_profile_id", PaymentProfile),
)
#: What a new contract is where its file does not say.
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "ladder_id", "signed_on", "terminated_on", "plan_id", "starts_on", "ends_on",
            "due_day_rule_id", "payment_profile_id", "charged_from", "ledger_account_id",
            "sla_table_id", "price_index_id",
        )
    ),
    "description": "",
    "telecom_service": True,
    "monthly_amount": ZERO,
    "pay_on_time_discount": ZERO,
    "billing_method": BillingMethod.GROUPED,
    "plan_type": PlanType.INTERNET,
    "periodicity_months": 1,
    "stage": ContractStage.ACTIVE,
}  # fmt: skip
#: What charges hang on: of a contract that is known, a file changes none of it.
TERMS = ("plan_id", "starts_on", "ends_on", "due_day_rule_id", "billing_method", "charged_from")
#: What a new contract takes from its plan where its file leaves it open.
FROM_PLAN = (
    "plan_type", "periodicity_months", "due_day_rule_id", "ledger_account_id", "sla_table_id",
    "price_index_id", "payment_profile_id", "ladder_id", "telecom_service",
)  # fmt: skip
#: An empty cell says nothing: the plan decides, and of a contract that is known it changes nothing.
LEFT_OPEN = ("telecom_service", "monthly_amount")


async def write_contracts(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will write a page of contracts.

    Refused by row: what it names and nobody knows, and dates that contradict each other. A plan
    fills in what a new contract's row leaves open; one that is known keeps plan, dates and billing,
    which its own page changes with the charges that hang on them.
    """
    known, errors = await resolve(session, rows, REFERENCES, page)
    kept = await imports.existing(session, Contract, [row.key for row in known], *LEFT_OPEN)
    new = await _filled(session, [row for row in known if row.key not in kept])
    told, wrong = _judged(new, page)
    outcome, _ = await save_rows(session, Contract, told, DEFAULTS, page)
    before, _ = await save_rows(
        session, Contract,
        [_without_terms(row, kept[row.key]) for row in known if row.key in kept], DEFAULTS, page,
    )  # fmt: skip
    outcome.changed, outcome.unchanged = before.changed, before.unchanged
    outcome.errors += [*errors, *wrong]
    return outcome


async def _filled(session: AsyncSession, rows: Sequence[Row]) -> list[Row]:
    wanted = {row.values.get("plan_id") for row in rows}
    found = await session.exec(select(Plan).where(col(Plan.id).in_(wanted - {None})))
    plans = {plan.id: plan for plan in found}
    return [
        Row(row.line, _by_plan(row.values, plans.get(row.values.get("plan_id")))) for row in rows
    ]


def _by_plan(told: Mapping[str, Any], plan: Plan | None) -> dict[str, Any]:
    """Every field of a new contract: as told, else as the plan has it, else the default."""
    values = {**DEFAULTS, **{name: value for name, value in told.items() if value is not None}}
    if plan is not None:
        for name in FROM_PLAN:
            if told.get(name) is None:
                values[name] = getattr(plan, name)
        values["description"] = told.get("description") or plan.name
        if told.get("monthly_amount") is None:
            values["monthly_amount"] = plan.amount
    if values["terminated_on"] is not None:
        values["stage"] = ContractStage.TERMINATED
    return values


def _without_terms(row: Row, kept: Mapping[str, Any]) -> Row:
    told = {name: value for name, value in row.values.items() if name not in TERMS}
    left_open = {name: kept[name] for name in LEFT_OPEN if name in told and told[name] is None}
    return Row(row.line, {**told, **left_open})


def _judged(rows: Sequence[Row], page: PageContext) -> tuple[list[Row], list[RowError]]:
    right, wrong = [], []
    for row in rows:
        fault = fault_of(row.values)
        if fault is None:
            right.append(row)
        else:
            titled = page.titles.get(fault.field or "", "")
            wrong.append(row.refused(fault, field=titled, value=row.key))
    return right, wrong
