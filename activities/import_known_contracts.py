"""Contracts that a file brings again although they are charged here: changed by the commands of
their own page, each row whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.contract_changes import ask_change
from activities.contract_edit import edit_terms, faults_of
from activities.import_groups import with_groups
from activities.import_pages import Outcome, PageContext, titled
from models.charges import Charge
from models.contracts import Contract, lock_contract, record_contract_event
from models.plans import Plan
from rules.contract_changes import AskedChange, ChangeKind, ContractIsOver
from rules.contract_edit import EditedTerms
from rules.contracts import ContractStage
from rules.import_contract_terms import charged_before, checks_of_cells
from rules.import_contracts import SetupOfChargedContract, fixed_faults
from rules.import_faults import faults_of as faults_of_checks
from rules.import_rows import Row
from rules.refusals import Refusal

#: Terms that an empty cell leaves as they are.
TERMS = (
    "payment_method", "discount_table_id", "sla_table_id", "inactivity_discount", "phone_terminal",
    "ignore_automatic_renewal", "minimum_term_months", "minimum_term_fee", "price_index_id",
    "data_base_month", "fiscal_document", "notes", "billing_group_id", "consultant_id",
    "ledger_account_id", "adhesion_date", "setup_fee", "setup_instalments", "setup_account_id",
    "setup_composition", "renewal_form", "renewal_price", "suggested_amount", "minimum_term_from",
    "readjustment_method", "readjustment_decimals", "readjustment_lag_months",
    "negative_readjustment", "review_charges", "fiscal_note",
)  # fmt: skip
#: What a row may say of a contract that is known.
KEPT = (
    "customer_id", "description", "ladder_id", "telecom_service", "monthly_amount",
    "pay_on_time_discount", "signed_on", "terminated_on", "plan_id", "starts_on", "ends_on",
    "due_day_rule_id", "payment_profile_id", "billing_method", "charged_from", "stage",
    "plan_type", *TERMS, "periodicity_months", "readjusted_on", "address", "setup_charged_before",
    "created_at",
)  # fmt: skip
#: Terms that are edited, as on the contract's page.
EDITED = (
    "ends_on", "due_day_rule_id", "billing_method", "ladder_id", "payment_profile_id", *TERMS,
)  # fmt: skip
#: What stands on no charge, and is as the file says.
PLAIN = ("description", "pay_on_time_discount", "signed_on", "telecom_service", "address")
#: Of what charges hang on, an empty cell says nothing; nor of a name, a price, or of the kind of
#: service.
LEFT_OPEN = (
    "description", "telecom_service", "monthly_amount", "plan_id", "starts_on", "ends_on",
    "due_day_rule_id", "billing_method", "charged_from", "periodicity_months", "readjusted_on",
    "address", *TERMS,
)  # fmt: skip
#: Where a change of plan is refused for its day.
DATES = ("starts_on", "until")


async def charged_here(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """Those of these contracts that were made here, or that have charges."""
    has_charges = exists().where(col(Charge.contract_id) == col(Contract.id))
    statement = select(Contract.id).where(
        col(Contract.id).in_(ids), or_(col(Contract.created_at).is_not(None), has_charges)
    )
    return {each for each in await session.exec(statement) if each is not None}


async def write_charged(
    session: AsyncSession,
    rows: Sequence[Row],
    kept: Mapping[str, Mapping[str, Any]],
    page: PageContext,
) -> Outcome:
    """This will change contracts that are charged here, row by row; what is as it was is passed."""
    outcome = Outcome()
    for told in rows:
        known = kept[told.key]
        row = _with_setup(told, known)
        if row.errors or _differs(row, known):
            await _write_row(session, row, known, outcome, page)
        else:
            outcome.unchanged += 1
    return outcome


def _with_setup(row: Row, kept: Mapping[str, Any]) -> Row:
    """With what of the setup the system before charged, where the row says it for the first time
    or in so many words."""
    is_told = _is_untold(kept) or row.values.get("setup_left") is not None
    before = charged_before(row.values, kept) if is_told else None
    return replace(row, values={**row.values, "setup_charged_before": before})


def _is_untold(kept: Mapping[str, Any]) -> bool:
    """An imported contract whose setup nobody told of."""
    return kept["created_at"] is None and not kept["setup_fee"]


def _differs(row: Row, kept: Mapping[str, Any]) -> bool:
    return any(
        name in kept and value is not None and value != kept[name]
        for name, value in row.values.items()
    )


async def _write_row(
    session: AsyncSession, row: Row, kept: Mapping[str, Any], outcome: Outcome, page: PageContext
) -> None:
    savepoint = await session.begin_nested()
    contract = await lock_contract(session, kept["id"])
    wrong = await _apply(session, contract, row, kept, page)
    is_kept = not (wrong or row.errors or page.is_dry_run)
    await (savepoint.commit() if is_kept else savepoint.rollback())
    outcome.errors += [*row.errors, *(titled(row, each, page) for each in wrong)]
    outcome.changed += not (wrong or row.errors)


async def _apply(
    session: AsyncSession, contract: Contract, row: Row, kept: Mapping[str, Any], page: PageContext
) -> list[Refusal]:
    """This will carry a row out as far as it goes; gives everything that stood against it."""
    if ContractStage(contract.stage).is_over:
        return [ContractIsOver()]
    # Within the row's own savepoint, so that a dry run makes a group too and lets it go again.
    [row] = await with_groups(session, [row], replace(page, is_dry_run=False))
    told = {name: value for name, value in row.values.items() if value is not None}
    plan = await _new_plan(session, contract, told)
    price = plan.price_for(contract.periodicity_months) if plan else None
    wrong = list(fixed_faults(told, kept, plan_amount=price, today=page.today))
    wrong += faults_of_checks(checks_of_cells({**kept, **told}), unread=row.unread)
    wrong += _set_out_setup(contract, told, kept)
    _write_plain(session, contract, told, page)
    terms = _terms(contract, told)
    refused = await faults_of(session, contract, terms, at=page.at)
    if not refused:
        await edit_terms(session, contract, terms, by=page.by, at=page.at)
    if plan is not None and told.get("plan_since", page.today) >= page.today:
        try:
            await _change_plan(session, contract, plan, told, page)
        except Refusal as refusal:
            refusal.field = "plan_since" if refusal.field in DATES else "plan_code"
            wrong.append(refusal)
    return [*wrong, *refused]


def _set_out_setup(
    contract: Contract, told: Mapping[str, Any], kept: Mapping[str, Any]
) -> list[Refusal]:
    """What was charged before is known before instalments are made of the rest."""
    before = told.get("setup_charged_before", kept["setup_charged_before"])
    if before != kept["setup_charged_before"] and not _is_untold(kept):
        return [SetupOfChargedContract()]
    contract.setup_charged_before = before
    return []


async def _new_plan(
    session: AsyncSession, contract: Contract, told: Mapping[str, Any]
) -> Plan | None:
    plan_id = told.get("plan_id")
    return await session.get(Plan, plan_id) if plan_id not in (None, contract.plan_id) else None


async def _change_plan(
    session: AsyncSession, contract: Contract, plan: Plan, told: Mapping[str, Any],
    page: PageContext,
) -> None:  # fmt: skip
    since = told.get("plan_since") or page.today
    asked = AskedChange(ChangeKind.PLAN_CHANGE, since, plan_id=plan.id, reason="importação")
    await ask_change(session, contract, asked, by=page.by, at=page.at)


def _terms(contract: Contract, told: Mapping[str, Any]) -> EditedTerms:
    own = {field.name: getattr(contract, field.name) for field in fields(EditedTerms)}
    return EditedTerms(**{**own, **{name: told[name] for name in EDITED if name in told}})


def _write_plain(
    session: AsyncSession, contract: Contract, told: Mapping[str, Any], page: PageContext
) -> None:
    changed = [name for name in PLAIN if name in told and told[name] != getattr(contract, name)]
    for name in changed:
        setattr(contract, name, told[name])
    if changed:
        contract.version += 1
        session.add(contract)
        record_contract_event(
            session, contract, kind="terms_edited", by=page.by, at=page.at, terms=changed
        )
