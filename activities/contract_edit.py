"""The terms of a contract in service, edited: what is not invoiced yet follows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import discounts_of, rule_of, terms_of
from activities.contract_recharge import bill_by, end_on, review
from activities.contract_signing import correct_setup, invoiced_of, with_end_of_term
from activities.contract_succession import waiting_successor
from activities.contract_webhooks import announce_contract
from activities.contracts import inactive
from models.charges import charges_of
from models.contracts import Contract, record_contract_event
from models.ladders import look_again
from models.phone_terminals import free_terminal, terminal_taken_by
from models.plans import BillingGroup, DueDayRule
from models.policies import load_policy
from models.registries import PaymentProfile
from models.renewals import ContractRenewal
from rules import contract_edit as rules
from rules.business_days import local_date
from rules.charge_plan import plan_term
from rules.charges import ChargeKind
from rules.contract_changes import ContractIsOver
from rules.contract_edit import Beside, EditedTerms, moved_dates
from rules.contract_signing import SETUP, SETUP_AMOUNTS
from rules.contract_terms import ContractPolicy, end_of_term
from rules.contracts import ContractStage, PlanType
from rules.refusals import Refusal
from rules.renewals import RenewalStage
from rules.webhooks import BusinessEventKind as K

#: What a contract's due days hang on.
DUE_DAYS = {"due_day_rule_id", "billing_group_id"}
#: What is written with the charges that follow it.
RECHARGED = {"ends_on", "billing_method"}
#: What the contract that follows this one has of its own.
OF_THE_TERM = {
    *SETUP, "signed_on", "ends_on", "minimum_term_months", "minimum_term_fee", "minimum_term_from",
    "phone_terminal",
}  # fmt: skip
#: What decides when a minimum term ends, and what leaving before costs.
MINIMUM_TERM = {"signed_on", "minimum_term_months", "minimum_term_fee", "minimum_term_from"}
#: A renewal in one of these has read the term's end.
UNDER_WAY = (RenewalStage.QUEUED, RenewalStage.SUCCEEDING)


async def edit_terms(
    session: AsyncSession, contract: Contract, terms: EditedTerms, *, by: str, at: datetime
) -> list[str]:
    """This will change the terms of the locked contract, and give the fields that changed.

    Another due day, or a group with one of its own, moves every charge that has no invoice; another
    end or billing method rearranges them (activities/contract_recharge.py); another ladder is asked
    at its next run. A successor that waits to take over is changed alike.
    Refuses what `check_terms` does, what is not active, and a contract that is over.
    """
    if ContractStage(contract.stage).is_over:
        raise ContractIsOver
    months, terms = contract.term_months, with_end_of_term(contract, terms)
    asked = asdict(terms)
    changed = frozenset(name for name in asked if getattr(contract, name) != asked[name])
    for fault in await faults_of(session, contract, terms, at=at):
        raise fault
    if not changed:
        return []
    if "phone_terminal" in changed:
        await free_terminal(session, terms.phone_terminal, by=by, at=at)
    before = {name: getattr(contract, name) for name in asked}
    for name in changed - RECHARGED:
        setattr(contract, name, asked[name])
    contract.version += 1
    session.add(contract)
    told = await _follow(session, contract, terms, changed, by=by, at=at)
    if terms.signed_on and terms.ends_on == end_of_term(terms.signed_on, months=months):
        contract.term_months = months
    record_contract_event(
        session, contract, kind="terms_edited", by=by, at=at, terms=sorted(changed), **told
    )
    for kind, said in _told(before, terms, changed):
        record_contract_event(session, contract, kind=kind, by=by, at=at, **said)
    await announce_contract(
        session,
        contract,
        K.CONTRACT_CHANGED,
        at=at,
        change="terms",
        terms=", ".join(sorted(changed)),
    )
    await _edit_successor(session, contract, asked, changed, by=by, at=at)
    return sorted(changed)


async def faults_of(
    session: AsyncSession, contract: Contract, terms: EditedTerms, *, at: datetime
) -> list[Refusal]:
    """Everything that stands against other terms of a contract, each beside its field."""
    asked = asdict(terms)
    changed = frozenset(name for name in asked if getattr(contract, name) != asked[name])
    beside = await _beside(session, contract, terms, today=local_date(at))
    named = {name: asked[name] for name in changed}
    return [*rules.faults(terms, beside, changed=changed), *await inactive(session, named)]


async def _follow(
    session: AsyncSession, contract: Contract, terms: EditedTerms, changed: frozenset[str], *,
    by: str, at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What follows from terms that changed: charges, and what the ladder looks at."""
    moved = await _move_due_dates(session, contract, at) if DUE_DAYS & changed else 0
    if "discount_table_id" in changed:
        await _discount_anew(session, contract)
    if "ladder_id" in changed:
        await look_again(session, contract_id=contract.key)
    if SETUP & changed:
        await correct_setup(session, contract, changed, by=by, at=at)
    if MINIMUM_TERM & changed:
        contract.minimum_term_told = None
    if "review_charges" in changed:
        await review(session, contract, by=by, at=at)
    if "ends_on" in changed:
        await end_on(session, contract, terms.ends_on, by=by, at=at)
    if "billing_method" in changed:
        await bill_by(session, contract, terms.billing_method, by=by, at=at)
    return {"moved": moved} if moved else {}


async def _edit_successor(
    session: AsyncSession, contract: Contract, asked: Mapping[str, Any], changed: frozenset[str], *,
    by: str, at: datetime,
) -> None:  # fmt: skip
    """What waits to take over has the same terms, but for those of the term itself."""
    waiting = await waiting_successor(session, contract)
    shared = changed - OF_THE_TERM
    if waiting is not None and shared:
        own = {field.name: getattr(waiting, field.name) for field in fields(EditedTerms)}
        wanted = EditedTerms(**{**own, **{name: asked[name] for name in shared}})
        await edit_terms(session, waiting, wanted, by=by, at=at)


def _told(
    before: Mapping[str, Any], terms: EditedTerms, changed: frozenset[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a contract's history tells the values of."""
    if "ends_on" in changed:
        days = {"was_on": before["ends_on"], "ends_on": terms.ends_on}
        yield "end_changed", {name: f"{day}" for name, day in days.items() if day is not None}
    if SETUP_AMOUNTS & changed:
        yield "setup_changed", {
            "amount": str(terms.setup_fee), "instalments": terms.setup_instalments,
            "since": f"{terms.adhesion_date or ''}",
        }  # fmt: skip
    if "signed_on" in changed:
        days = {"was_on": before["signed_on"], "signed_on": terms.signed_on}
        yield "signature_changed", {name: f"{day}" for name, day in days.items() if day}
    if "billing_method" in changed:
        yield "billing_changed", {"method_was": before["billing_method"],
                                  "method": terms.billing_method}  # fmt: skip
    if MINIMUM_TERM - {"signed_on"} & changed:
        since = terms.minimum_term_from
        yield "minimum_term_changed", {
            "months": terms.minimum_term_months, "amount": str(terms.minimum_term_fee),
            **({"from_on": since.isoformat()} if since else {}),
        }  # fmt: skip


async def _beside(
    session: AsyncSession, contract: Contract, terms: EditedTerms, *, today: date
) -> Beside:
    rule = await session.get(DueDayRule, terms.due_day_rule_id or 0)
    profile = await session.get(PaymentProfile, terms.payment_profile_id or 0)
    group = await session.get(BillingGroup, terms.billing_group_id or 0)
    policy = await load_policy(session, ContractPolicy())
    return Beside(
        today, PlanType(contract.plan_type), has_due_day=contract.due_day_rule_id is not None,
        invoiced=await invoiced_of(session, contract, policy=policy), starts_on=contract.starts_on,
        renewal_ends_on=await _renewal_end(session, contract),
        longest_term_months=policy.longest_term_months,
        rule_is_for_telephony=rule is not None and rule.for_telephony,
        profile_is_for_telephony=profile is not None and profile.for_telephony,
        group=group.name if group and group.due_day_rule_id else "",
        group_customer_id=group.customer_id if group else None, customer_id=contract.customer_id,
        periodicity_months=contract.periodicity_months,
        terminal_taken_by=await terminal_taken_by(
            session, terms.phone_terminal, but=contract.key
        ),
    )  # fmt: skip


async def _renewal_end(session: AsyncSession, contract: Contract) -> date | None:
    statement = select(ContractRenewal).where(
        ContractRenewal.contract_id == contract.key, col(ContractRenewal.stage).in_(UNDER_WAY)
    )
    found = (await session.exec(statement)).first()
    return found.ends_on if found else None


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
