"""Making a contract: defaults filled in, everything judged, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.activation import begin_activation
from activities.contract_charges import make_setup_charges, make_term_charges
from activities.contract_webhooks import announce_contract
from activities.contract_welcome import welcome_customer
from activities.kickoff import begin_kickoff
from activities.sales_leads import win_lead
from models.connections import Connection
from models.contract_defaults import offers_of, surroundings_of
from models.contracts import Contract, record_contract_event
from models.customers import Customer, CustomerAnonymised, read_customer
from models.ladder_tables import Ladder
from models.phone_terminals import free_terminal
from models.plans import (
    BillingGroup,
    Consultant,
    DiscountTable,
    DueDayRule,
    Plan,
    PriceIndex,
    SlaTable,
)
from models.policies import load_policy
from models.registries import LedgerAccount, PaymentProfile
from models.sender_accounts import SenderAccount
from rules import contract_checks as checks
from rules import contract_terms as terms
from rules.business_days import local_date
from rules.connections import connection_of
from rules.contract_terms import ContractPolicy, Defaulted, NewContract
from rules.contract_welcome import Welcome, check_welcome
from rules.contracts import (
    BillingMethod,
    ContractStage,
    PaymentMethod,
    PlanType,
    RenewalForm,
    RenewalPrice,
)
from rules.price_indices import Method, NegativePolicy
from rules.refusals import Refusal
from rules.webhooks import BusinessEventKind as K

#: The registries that a contract's fields name.
NAMED: Mapping[str, type[SQLModel]] = {
    "plan_id": Plan,
    "due_day_rule_id": DueDayRule,
    "sla_table_id": SlaTable,
    "ladder_id": Ladder,
    "payment_profile_id": PaymentProfile,
    "billing_group_id": BillingGroup,
    "discount_table_id": DiscountTable,
    "setup_account_id": LedgerAccount,
    "ledger_account_id": LedgerAccount,
    "consultant_id": Consultant,
    "price_index_id": PriceIndex,
}
FIELDS = tuple(field.name for field in fields(NewContract))


@dataclass(frozen=True)
class Filled:
    """What was asked with its defaults: `new` None while there is no plan to go by."""

    customer: Customer
    plan: Plan | None
    new: NewContract | None
    defaults: Mapping[str, Defaulted]
    faults: tuple[Refusal, ...]


async def fill_in(
    session: AsyncSession, customer_id: int, asked: Mapping[str, Any], *, today: date
) -> Filled:
    """This will put the defaults where nothing was asked, and tell all that would be refused.

    `asked` holds fields of NewContract; None and "" leave one to its default. Changes nothing.
    Refuses an unknown customer.
    """
    customer = await read_customer(session, customer_id)
    if customer.anonymised_at is not None:
        raise CustomerAnonymised
    plan = await session.get(Plan, asked.get("plan_id") or 0)
    offers = await offers_of(session, customer, plan, today=today)
    defaults = terms.defaults_of(offers)
    if plan is None:
        return Filled(customer, None, None, defaults, (checks.PlanRequired(),))
    new = _with_defaults(customer_id, asked, defaults, plan)
    defaults["monthly_amount"] = Defaulted(new.monthly_amount, terms.Source.PLAN)
    around = await surroundings_of(session, new, today=today)
    policy = await load_policy(session, ContractPolicy())
    wrong = [*checks.faults(new, around, policy), *await inactive(session, vars(new))]
    return Filled(customer, plan, new, defaults, tuple(wrong))


async def make_contract(
    session: AsyncSession,
    customer_id: int,
    asked: Mapping[str, Any],
    *,
    welcome: Welcome,
    by: str,
    at: datetime,
) -> Contract:
    """This will make a contract with its connection, its activation and its first charges.

    The first fault of `fill_in` is refused before anything has changed. The welcome message goes
    out here, and nowhere else.
    """
    filled = await fill_in(session, customer_id, asked, today=local_date(at))
    check_welcome(welcome)
    await _check_sender(session, welcome)
    for fault in filled.faults:
        raise fault
    assert filled.new is not None  # noqa: S101 - without a plan there is a fault
    contract = await _stored(session, filled.new, by=by, at=at)
    await win_lead(session, contract, by=by, at=at)
    record_contract_event(session, contract, kind="made", by=by, at=at, plan=contract.description)
    await announce_contract(session, contract, K.CONTRACT_MADE, at=at)
    if await begin_kickoff(session, contract, by=by, at=at) is None:
        await begin_activation(session, contract, by=by, at=at)
    if contract.generate_setup_now or not contract.wait_for_activation:
        await make_setup_charges(session, contract, by=by, at=at)
    if not contract.wait_for_activation and contract.starts_on is not None:
        await make_term_charges(session, contract, used_from=contract.starts_on, by=by, at=at)
    if welcome.is_wanted:
        await welcome_customer(session, filled.customer, contract, welcome, at=at)
    return contract


def _with_defaults(
    customer_id: int, asked: Mapping[str, Any], defaults: Mapping[str, Defaulted], plan: Plan
) -> NewContract:
    known = {name: each.value for name, each in defaults.items()}
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    values: dict[str, Any] = {
        name: given.get(name, known.get(name, EMPTY.get(name))) for name in FIELDS
    }
    for name, kind in ENUMS.items():
        values[name] = kind(values[name])
    values["customer_id"] = customer_id
    if "monthly_amount" not in given:
        values["monthly_amount"] = plan.price_for(values["periodicity_months"])
    if "ends_on" not in given:
        months = values["term_months"]
        values["ends_on"] = terms.end_of_term(values["signed_on"], months=months)
    elif "term_months" not in given:
        values["term_months"] = 0  # the end that was given wins over the plan's term
    return NewContract(**values)


#: Rows keep these as plain text.
ENUMS: Mapping[str, type[StrEnum]] = {
    "plan_type": PlanType,
    "billing_method": BillingMethod,
    "payment_method": PaymentMethod,
    "renewal_form": RenewalForm,
    "renewal_price": RenewalPrice,
    "readjustment_method": Method,
    "negative_readjustment": NegativePolicy,
}


#: Fields without any default are empty in their own way.
EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(("notes", "fiscal_note", "origin_ref", "description"), ""),
    **dict.fromkeys(
        (
            "inactivity_discount", "generate_setup_now", "charges_suggested",
            "ignore_automatic_renewal", "review_charges", "kept_price_resets_base",
        ),
        False,
    ),
    "fiscal_document": True,
    "wait_for_activation": True,
    "origin": "customer",
}  # fmt: skip


async def inactive(session: AsyncSession, named: Mapping[str, Any]) -> list[Refusal]:
    """What stands against the registries' rows that these fields name: not there, or not in use."""
    found: list[Refusal] = []
    for field in NAMED.keys() & named.keys():
        key = named[field]
        row = await session.get(NAMED[field], key) if key is not None else None
        if key is not None and (row is None or not getattr(row, "is_active", True)):
            found.append(checks.RegistryNotActive(field=field))
    return found


async def _check_sender(session: AsyncSession, welcome: Welcome) -> None:
    account = await session.get(SenderAccount, welcome.sender_id or 0)
    if welcome.sender_id and (account is None or not account.is_active):
        raise checks.RegistryNotActive(field="welcome_sender_id")


def row_of(new: NewContract, **values: Any) -> Contract:
    """This will give the row of a new contract, not stored; `values` are the row's own."""
    asked = {name: getattr(new, name) for name in FIELDS}
    return Contract(
        **{**asked, "monthly_amount": terms.amount_of_term(new)},
        code="",
        stage=ContractStage.AWAITING_ACTIVATION,
        **values,
    )


async def _stored(session: AsyncSession, new: NewContract, *, by: str, at: datetime) -> Contract:
    await free_terminal(session, new.phone_terminal, by=by, at=at)
    contract = row_of(new, created_at=at, created_by=by)
    contract.code = f"novo-{at:%Y%m%d%H%M%S%f}"
    session.add(contract)
    await session.flush()
    contract.code = f"K{contract.key:06}"
    kind = connection_of(PlanType(new.plan_type))
    session.add(Connection(contract_id=contract.key, kind=kind, since=at))
    await session.flush()
    return contract
