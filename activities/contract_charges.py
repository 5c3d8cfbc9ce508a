"""Making charges: of a term, of the setup, of services; and letting go of those that waited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import discounts_of, rule_of, service_terms, terms_of
from activities.contract_billing import bill_at_once
from activities.service_lineage import charged_before
from models.charges import Charge, add_charges, charges_of
from models.contracts import Contract, ContractService, record_contract_event
from models.plan_parts import parts_of_plan
from rules import charge_words
from rules.business_days import local_date
from rules.charge_plan import (
    ChargeTerms,
    PlannedCharge,
    from_day,
    key_of_rest,
    plan_service,
    plan_setup,
    plan_term,
)
from rules.charges import ChargeKind, ChargeStatus
from rules.contracts import BillingMethod
from rules.due_days import first_due_date
from rules.money import ZERO
from rules.plan_products import written


@dataclass(frozen=True)
class Making:
    """Who makes charges, when, and how they begin."""

    by: str
    at: datetime
    status: ChargeStatus

    @property
    def today(self) -> date:
        """The day on which they are made."""
        return local_date(self.at)


def making(contract: Contract, *, by: str, at: datetime) -> Making:
    """Charges that are to be reviewed before invoicing begin as waiting."""
    status = ChargeStatus.WAITING if contract.review_charges else ChargeStatus.OPEN
    return Making(by, at, status)


async def make_term_charges(
    session: AsyncSession,
    contract: Contract,
    *,
    used_from: date,
    by: str,
    at: datetime,
    services_from: date | None = None,
) -> int:
    """This will make the charges of the term that are not there yet, services' too; how many.

    Nothing is made twice: each charge's key names its period. `services_from` leaves off what
    services were charged for the days before it, whatever their keys say.
    """
    made = making(contract, by=by, at=at)
    terms = await terms_of(session, contract, today=made.today)
    if terms is None:
        return 0
    monthly = await _monthly_charges(session, contract, terms, made, used_from=used_from)
    new = list(await add_charges(session, monthly))
    for service in await services_of(session, contract.key):
        new += await make_service_charges(
            session, contract, service, terms=terms, made=made, since=services_from
        )
    await _tell_made(session, contract, new, by=by, at=at)
    return len(new)


async def _tell_made(
    session: AsyncSession, contract: Contract, new: Sequence[Charge], *, by: str, at: datetime
) -> None:
    if new:
        record_contract_event(
            session, contract, kind="charges_made", by=by, at=at, charges=len(new),
            amount=str(total(new)),
        )  # fmt: skip
        await bill_at_once(session, contract, by=by, at=at)


async def _monthly_charges(
    session: AsyncSession, contract: Contract, terms: ChargeTerms, made: Making, *, used_from: date
) -> list[Charge]:
    """Those of the plan, not stored."""
    discounts = await discounts_of(session, contract)
    parts = written(await parts_of_plan(session, contract.plan_id))
    return [
        _charge(
            contract, each, made, key=_key(contract, each, terms),
            kind=ChargeKind.MONTHLY, description=_monthly(contract, each),
            ledger_account_id=contract.ledger_account_id, parts=parts, **discounts(each.amount),
        )
        for each in plan_term(terms, used_from=used_from, made_on=made.today)
    ]  # fmt: skip


async def make_setup_charges(
    session: AsyncSession, contract: Contract, *, by: str, at: datetime
) -> int:
    """This will make the setup's instalments that are not there yet; how many."""
    made = making(contract, by=by, at=at)
    terms = await terms_of(session, contract, today=made.today)
    if terms is None:
        return 0
    begins = max(made.today, contract.charged_from or made.today)
    planned = plan_setup(
        contract.setup_fee, instalments=contract.setup_instalments, rule=terms.rule,
        adhesion=contract.adhesion_date or contract.signed_on or contract.starts_on or begins,
        made_on=begins,
        charged=contract.setup_charged_before or 0,
    )  # fmt: skip
    charges = [
        _charge(
            contract, each, made, key=f"contract/{contract.key}/setup/{each.ordinal}",
            kind=ChargeKind.SETUP, ledger_account_id=contract.setup_account_id,
            description=charge_words.setup(each.ordinal, of=contract.setup_instalments),
        )
        for each in planned
    ]  # fmt: skip
    new = await add_charges(session, charges)
    await _tell_made(session, contract, new, by=by, at=at)
    return len(new)


async def make_service_charges(
    session: AsyncSession,
    contract: Contract,
    service: ContractService,
    *,
    terms: ChargeTerms,
    made: Making,
    since: date | None = None,
) -> Sequence[Charge]:
    """This will make a service's charges that are not there yet, and give them. `since` leaves off
    the days before it."""
    asked = service_terms(service, charged=await charged_before(session, contract, service))
    planned = plan_service(asked, terms, made_on=made.today)
    charges = [
        _charge(
            contract, each, made, kind=ChargeKind.SERVICE, description=service.description,
            key=_service_key(service, each, terms, since), service_id=service.id,
            ledger_account_id=service.ledger_account_id,
        )
        for each in (planned if since is None else from_day(planned, since))
    ]  # fmt: skip
    return await add_charges(session, charges)


async def make_single_charge(  # noqa: PLR0913 - a charge's own columns
    session: AsyncSession,
    contract: Contract,
    *,
    key: str,
    kind: ChargeKind,
    description: str,
    amount: Decimal,
    by: str,
    at: datetime,
    due_date: date | None = None,
    **values: Any,
) -> Charge | None:
    """This will make one charge or credit; the same key: nothing, and None.

    It falls due on the day given if its invoice can still be issued in time, else on the next due
    date. Nothing either for an amount of zero, and for a contract that is not billed.
    """
    made = Making(by, at, ChargeStatus.OPEN)
    rule = await rule_of(session, contract)
    if amount == ZERO or rule is None or contract.billing_method == BillingMethod.COURTESY:
        return None
    due = first_due_date(made.today, rule=rule)
    if due_date is not None and rule.issue_date(due_date) >= made.today:
        due = due_date
    planned = PlannedCharge(1, amount, rule.issue_date(due), due)
    values.setdefault("ledger_account_id", contract.ledger_account_id)
    charge = _charge(contract, planned, made, key=key, kind=kind, description=description, **values)
    return next(iter(await add_charges(session, [charge])), None)


async def release_charges(
    session: AsyncSession, contract: Contract, *, by: str, at: datetime
) -> int:
    """This will let go of the charges that waited for review, to be billed; how many."""
    found = await charges_of(session, contract.key, statuses=(ChargeStatus.WAITING,))
    waiting = [charge for charge in found if not charge.reason]  # others wait for the service
    for charge in waiting:
        charge.status, charge.reason = ChargeStatus.OPEN, ""
        session.add(charge)
    if waiting:
        record_contract_event(
            session, contract, kind="charges_released", by=by, at=at, charges=len(waiting)
        )
        await session.flush()
        await bill_at_once(session, contract, by=by, at=at)
    return len(waiting)


async def services_of(session: AsyncSession, contract_id: int) -> Sequence[ContractService]:
    """A contract's additional services, the oldest first."""
    statement = select(ContractService).where(ContractService.contract_id == contract_id)
    return (await session.exec(statement.order_by(col(ContractService.id)))).all()


def total(charges: Iterable[Charge]) -> Decimal:
    """What charges come to on invoices: discounts and credits taken off."""
    return sum((each.net for each in charges), ZERO)


def _charge(contract: Contract, planned: PlannedCharge, made: Making, **values: Any) -> Charge:
    period = planned.period
    own: dict[str, Any] = {
        "contract_id": contract.key,
        "customer_id": contract.customer_id,
        "period_start": period.start if period else None,
        "period_end": period.until if period else None,
        "issue_date": planned.issue_date,
        "due_date": planned.due_date,
        "amount": planned.amount,
        "status": made.status,
        "created_at": made.at,
        "created_by": made.by,
    }
    return Charge(**{**own, **values})


def _key(contract: Contract, planned: PlannedCharge, terms: ChargeTerms) -> str:
    """A period's own, once; where a term ended within it, the next term charges the rest apart."""
    key = f"contract/{contract.key}/period/{planned.ordinal}"
    return key if contract.term == 1 else key_of_rest(key, planned, terms)


def _service_key(
    service: ContractService, planned: PlannedCharge, terms: ChargeTerms, since: date | None
) -> str:
    """A period's own, once; the rest of one that was charged until a day stands beside it."""
    key = f"service/{service.id}/period/{planned.ordinal}"
    is_rest = planned.period is not None and service.starts_on < planned.period.start == since
    return key_of_rest(key, planned, terms) if is_rest else key


def _monthly(contract: Contract, planned: PlannedCharge) -> str:
    assert planned.period is not None  # noqa: S101 - a term's charge has one
    return charge_words.period_of(contract.description, planned.period)
