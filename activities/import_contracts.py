"""Imported contracts: those that bring a plan and dates are charged from the day that they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.import_contract_judging import TERMINAL, judging
from activities.import_customers import save_rows
from activities.import_groups import grouped, with_groups
from activities.import_known_contracts import KEPT, LEFT_OPEN, charged_here, write_charged
from activities.import_pages import Outcome, PageContext, Reference, judge, resolve
from models import imports
from models.contracts import Contract
from models.customers import Customer
from models.ladder_tables import Ladder
from models.phone_terminals import free_terminals
from models.plans import Consultant, DiscountTable, DueDayRule, Plan, PriceIndex, SlaTable
from models.registries import LedgerAccount, PaymentProfile
from rules.contracts import (
    BillingMethod,
    ContractStage,
    PaymentMethod,
    PlanType,
    RenewalForm,
    RenewalPrice,
)
from rules.import_columns import ImportKind
from rules.import_contract_terms import PLACE, charged_before, place_of
from rules.import_rows import Row
from rules.money import ZERO
from rules.price_indices import Method, NegativePolicy

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
    Reference("consultant", "consultant_id", Consultant),
    Reference("ledger_account", "ledger_account_id", LedgerAccount),
    Reference("setup_account", "setup_account_id", LedgerAccount),
)
#: What a new contract is where its file does not say.
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "ladder_id", "signed_on", "terminated_on", "plan_id", "starts_on", "ends_on",
            "due_day_rule_id", "payment_profile_id", "charged_from", "ledger_account_id",
            "sla_table_id", "price_index_id", "discount_table_id", "phone_terminal",
            "readjusted_on", "data_base_month", "billing_group_id", "consultant_id",
            "adhesion_date", "setup_account_id", "setup_charged_before", "suggested_amount",
            "minimum_term_from", "readjustment_decimals",
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
    "fiscal_note": "",
    "setup_fee": ZERO,
    "setup_instalments": 1,
    "setup_composition": "debit_note",
    "renewal_form": RenewalForm.EXTENSION,
    "renewal_price": RenewalPrice.BY_PLAN,
    "review_charges": False,
    "readjustment_method": Method.NUMBER_INDICES,
    "readjustment_lag_months": 1,
    "negative_readjustment": NegativePolicy.ASK,
    "address": {},
}  # fmt: skip
#: Cells that become something else before a contract is stored.
NOT_STORED = frozenset({"plan_since", "setup_left", "billing_group", *PLACE})
#: What a new contract takes from its plan where its file leaves it open.
FROM_PLAN = (
    "plan_type", "periodicity_months", "due_day_rule_id", "ledger_account_id", "sla_table_id",
    "price_index_id", "payment_profile_id", "ladder_id", "telecom_service",
)  # fmt: skip


async def write_contracts(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> Outcome:
    """This will write a page of contracts.

    A plan fills in what a new contract's row leaves open. What is known is changed: one that is not
    charged here as the row says, one that is by the commands of its own page, or refused by row
    (activities/import_known_contracts.py). Those that end give their terminals up to the others.
    """
    known = await _read(session, rows, page)
    stored = await imports.existing(session, Contract, [row.key for row in known], *KEPT)
    told = await _told_earlier(session, [r.key for r in known if r.key not in stored], page)
    kept = {**stored, **told}
    charged = await charged_here(session, [each["id"] for each in stored.values()])
    fresh = [row for row in known if row.key not in kept]
    bare = [row for row in known if row.key in kept and kept[row.key]["id"] not in charged]
    ours = [row for row in known if row.key in kept and kept[row.key]["id"] in charged]
    ending = frozenset(row.key for row in (*fresh, *bare) if row.values.get("terminated_on"))
    outcome = Outcome()
    outcome.add(await _write_bare(session, bare, kept, ending, page))
    outcome.add(await _write_new(session, fresh, ending, page))
    outcome.add(await write_charged(session, ours, kept, page))
    return outcome


async def _read(session: AsyncSession, rows: Sequence[Row], page: PageContext) -> list[Row]:
    """Rows with ids in the place of codes, and of the names of groups."""
    placed = [_placed(row) for row in await resolve(session, rows, REFERENCES, page)]
    return await grouped(session, placed, page)


async def _told_earlier(
    session: AsyncSession, codes: Sequence[str], page: PageContext
) -> dict[str, dict[str, Any]]:
    """New contracts of these codes that another file of a dry run brings."""
    if not page.is_dry_run:
        return {}
    rows = await _read(session, page.earlier.rows(ImportKind.CONTRACTS, "code", codes), page)
    found: dict[str, dict[str, Any]] = {}
    for row in await filled(session, rows):
        number = page.earlier.pending_id(ImportKind.CONTRACTS, row.key)
        found.setdefault(row.key, {**_stored(row).values, "created_at": None, "id": number})
    return found


def _placed(row: Row) -> Row:
    """With the installation's address in one; None where the row says nothing of it."""
    return replace(row, values={**row.values, "address": place_of(row.values)})


async def _write_new(
    session: AsyncSession, rows: Sequence[Row], ending: frozenset[str], page: PageContext
) -> Outcome:
    whole = await filled(session, rows)
    desk = await judging(session, whole, ending, page)
    right, errors = judge(whole, lambda row: desk.faults(row, row.values), page)
    outcome = await _save(session, right, page, {})
    outcome.errors += errors
    return outcome


async def _write_bare(
    session: AsyncSession, rows: Sequence[Row], kept: Mapping[str, Mapping[str, Any]],
    ending: frozenset[str], page: PageContext,
) -> Outcome:  # fmt: skip
    """A contract that nobody charges here is what its newest file says; an empty cell says nothing
    of what charges hang on."""
    desk = await judging(session, rows, ending, page)
    right, errors = judge(rows, lambda row: desk.faults(row, _merged(row, kept[row.key])), page)
    told = [replace(row, values=_said(row.values, kept[row.key])) for row in right]
    pending = {code: each for code, each in kept.items() if each["id"] < 0}
    outcome = Outcome(errors=errors)
    for part in ([row for row in told if row.key in ending],
                 [row for row in told if row.key not in ending]):  # fmt: skip
        outcome.add(await _save(session, part, page, pending))
    return outcome


async def _save(
    session: AsyncSession, rows: Sequence[Row], page: PageContext,
    told: Mapping[str, Mapping[str, Any]],
) -> Outcome:  # fmt: skip
    """This will store rows that are right, with the groups that they name; terminals of contracts
    that are over go to those that have them now."""
    lines = {str(line) for row in rows if (line := row.values.get(TERMINAL))}
    if not page.is_dry_run:
        await free_terminals(session, lines, by=page.by, at=page.at)
    whole = [_stored(row) for row in await with_groups(session, rows, page)]
    outcome, _ = await save_rows(session, Contract, whole, DEFAULTS, page, told=told)
    return outcome


def _stored(row: Row) -> Row:
    values = {name: value for name, value in row.values.items() if name not in NOT_STORED}
    return replace(row, values=values)


def _merged(row: Row, kept: Mapping[str, Any]) -> dict[str, Any]:
    return {**kept, **{name: value for name, value in row.values.items() if value is not None}}


def _said(told: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        name: kept[name] if value is None and name in LEFT_OPEN else value
        for name, value in told.items()
    }
    before = charged_before(told, kept)
    values["setup_charged_before"] = kept["setup_charged_before"] if before is None else before
    if told.get("terminated_on") is not None:
        values["stage"] = ContractStage.TERMINATED
    elif "terminated_on" in told:
        values["stage"] = kept["stage"]
    if TERMINAL in values and ContractStage(values.get("stage", kept["stage"])).is_over:
        values[TERMINAL] = None
    return values


async def filled(session: AsyncSession, rows: Sequence[Row]) -> list[Row]:
    """Rows of new contracts with what their plans fill in."""
    wanted = {row.values.get("plan_id") for row in rows}
    found = await session.exec(select(Plan).where(col(Plan.id).in_(wanted - {None})))
    plans = {plan.id: plan for plan in found}
    return [
        replace(row, values=_by_plan(row.values, plans.get(row.values.get("plan_id"))))
        for row in rows
    ]


def _by_plan(told: Mapping[str, Any], plan: Plan | None) -> dict[str, Any]:
    """Every field of a new contract: as told, else as the plan has it, else the default.

    The plan's setup is not: who moves in paid it to the system before this one.
    """
    given = {name: value for name, value in told.items() if value is not None}
    values = {**DEFAULTS, **given, "setup_charged_before": charged_before(told, DEFAULTS)}
    if plan is not None:
        for name in FROM_PLAN:
            if told.get(name) is None:
                values[name] = getattr(plan, name)
        values["description"] = told.get("description") or plan.name
        if told.get("monthly_amount") is None:
            values["monthly_amount"] = plan.price_for(values["periodicity_months"])
        if values["setup_fee"] and values["setup_account_id"] is None:
            values["setup_account_id"] = plan.ledger_account_id
    if values["terminated_on"] is not None:
        values["stage"], values[TERMINAL] = ContractStage.TERMINATED, None
    return values
