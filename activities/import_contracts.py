"""Imported contracts: those that bring a plan and dates are charged from the day that they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_customers import save_rows
from activities.import_known_contracts import KEPT, LEFT_OPEN, charged_here, write_charged
from activities.import_pages import Outcome, PageContext, Reference, judge, resolve
from models import imports
from models.contracts import Contract
from models.customers import Customer
from models.ladder_tables import Ladder
from models.plans import DiscountTable, DueDayRule, Plan, PriceIndex, SlaTable
from models.registries import PaymentProfile
from rules.contracts import BillingMethod, ContractStage, PaymentMethod, PlanType
from rules.import_columns import ImportKind
from rules.import_contracts import faults
from rules.import_rows import Row
from rules.money import ZERO
from rules.refusals import Refusal

CUSTOMER = Reference("customer", "customer_id", Customer, ImportKind.CUSTOMERS)
REFERENCES = (
    CUSTOMER,
    Reference("ladder", "ladder_id", Ladder),
    Reference("plan_code", "plan_id", Plan),
    Reference("due_day_rule", "due_day_rule_id", DueDayRule),
    Reference("payment_profile", "payment_profile_id", PaymentProfile),
    Reference("discount_table", "discount_table_id", DiscountTable),
    Reference("sla_table", "sla_table_id", SlaTable),
    Reference("price_index", "price_index_id", PriceIndex),
)
#: What a new contract is where its file does not say.
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "ladder_id", "signed_on", "terminated_on", "plan_id", "starts_on", "ends_on",
            "due_day_rule_id", "payment_profile_id", "charged_from", "ledger_account_id",
            "sla_table_id", "price_index_id", "discount_table_id", "phone_terminal",
            "readjusted_on", "data_base_month",
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
    "payment_method": PaymentMethod.BOLETO_PIX,
    "inactivity_discount": False,
    "ignore_automatic_renewal": False,
    "minimum_term_months": 0,
    "minimum_term_fee": ZERO,
    "fiscal_document": True,
    "notes": "",
}  # fmt: skip
#: What a new contract takes from its plan where its file leaves it open.
FROM_PLAN = (
    "plan_type", "periodicity_months", "due_day_rule_id", "ledger_account_id", "sla_table_id",
    "price_index_id", "payment_profile_id", "ladder_id", "telecom_service",
)  # fmt: skip


async def write_contracts(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will write a page of contracts.

    A plan fills in what a new contract's row leaves open. What is known is changed: one that is not
    charged here as the row says, one that is by the commands of its own page, or refused by row
    (activities/import_known_contracts.py).
    """
    known = await resolve(session, rows, REFERENCES, page)
    kept = await imports.existing(session, Contract, [row.key for row in known], *KEPT)
    charged = await charged_here(session, [each["id"] for each in kept.values()])
    fresh = [row for row in known if row.key not in kept]
    bare = [row for row in known if row.key in kept and kept[row.key]["id"] not in charged]
    ours = [row for row in known if row.key in kept and kept[row.key]["id"] in charged]
    outcome = Outcome()
    for found in (
        await _write_new(session, fresh, page),
        await _write_bare(session, bare, kept, page),
        await write_charged(session, ours, kept, page),
    ):
        outcome.add(found)
    return outcome


async def _write_new(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    filled = await _filled(session, rows)
    taken = await _terminals(session, filled)
    right, errors = judge(filled, lambda row: _faults(row, row.values, taken, page), page)
    outcome, _ = await save_rows(session, Contract, right, DEFAULTS, page)
    outcome.errors += errors
    return outcome


async def _write_bare(
    session: AsyncSession, rows: Sequence[Row], kept: Mapping[str, Mapping[str, Any]],
    page: PageContext,
) -> Outcome:  # fmt: skip
    """A contract that nobody charges here is what its newest file says; an empty cell says nothing
    of what charges hang on."""
    taken = await _terminals(session, rows)
    right, errors = judge(
        rows, lambda row: _faults(row, _merged(row, kept[row.key]), taken, page), page
    )
    told = [replace(row, values=_said(row.values, kept[row.key])) for row in right]
    outcome, _ = await save_rows(session, Contract, told, DEFAULTS, page)
    outcome.errors += errors
    return outcome


async def _terminals(session: AsyncSession, rows: Sequence[Row]) -> dict[str, str]:
    """Whose the telephone lines of these rows are: of the contract that has it, else of the first
    row that names it."""
    named = {str(line): row.key for row in reversed(rows) if (line := row.values.get(TERMINAL))}
    statement = select(Contract.phone_terminal, Contract.code).where(
        col(Contract.phone_terminal).in_(named)
    )
    return named | {str(line): code for line, code in await session.exec(statement)}


TERMINAL = "phone_terminal"


def _faults(
    row: Row, told: Mapping[str, Any], taken: Mapping[str, str], page: PageContext
) -> Iterator[Refusal]:
    owner = taken.get(str(told.get(TERMINAL)))
    return faults(
        told, today=page.today, terminal_taken_by=owner if owner != row.key else None,
        unread=row.unread,
    )  # fmt: skip


def _merged(row: Row, kept: Mapping[str, Any]) -> dict[str, Any]:
    return {**kept, **{name: value for name, value in row.values.items() if value is not None}}


def _said(told: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        name: kept[name] if value is None and name in LEFT_OPEN else value
        for name, value in told.items()
        if name != "plan_since"
    }
    if told.get("terminated_on") is not None:
        values["stage"] = ContractStage.TERMINATED
    elif "terminated_on" in told:
        values["stage"] = kept["stage"]
    return values


async def _filled(session: AsyncSession, rows: Sequence[Row]) -> list[Row]:
    wanted = {row.values.get("plan_id") for row in rows}
    found = await session.exec(select(Plan).where(col(Plan.id).in_(wanted - {None})))
    plans = {plan.id: plan for plan in found}
    return [
        replace(row, values=_by_plan(row.values, plans.get(row.values.get("plan_id"))))
        for row in rows
    ]


def _by_plan(told: Mapping[str, Any], plan: Plan | None) -> dict[str, Any]:
    """Every field of a new contract: as told, else as the plan has it, else the default."""
    given = {name: value for name, value in told.items() if value is not None}
    given.pop("plan_since", None)
    values = {**DEFAULTS, **given}
    if plan is not None:
        for name in FROM_PLAN:
            if told.get(name) is None:
                values[name] = getattr(plan, name)
        values["description"] = told.get("description") or plan.name
        if told.get("monthly_amount") is None:
            values["monthly_amount"] = plan.price_for(values["periodicity_months"])
    if values["terminated_on"] is not None:
        values["stage"] = ContractStage.TERMINATED
    return values
