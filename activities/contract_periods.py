"""A running contract charged in other periods from a day on, its price and services with it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import service_terms, terms_of
from activities.contract_charges import services_of
from activities.contract_recharge import charge_anew, of_version
from activities.service_lineage import charged_before
from models.contracts import Contract, ContractService, record_contract_event
from rules.charge_plan import plan_service, service_end, until_day
from rules.charges import Recurrence
from rules.contract_terms import price_of_period
from rules.sentences import N_

ANOTHER_PERIODICITY = N_("Periodicidade alterada")


def price_in_periods(contract: Contract, months: int) -> Decimal:
    """What a period of so many months would cost, by what the contract's period costs now."""
    return _scaled(contract, contract.monthly_amount, months)


async def charge_in_periods(
    session: AsyncSession, contract: Contract, months: int, *, on: date, by: str, at: datetime
) -> None:
    """This will charge a contract in periods of so many months from a day on.

    They lie along its start as before; the one that the day is in is charged pro-rata. What was
    invoiced for the days from then on and is neither used nor paid is cancelled, the rest of what
    was invoiced comes back as a credit.
    """
    if contract.periodicity_months == months:
        return

    async def change() -> None:
        for service in await services_of(session, contract.key):
            if service.recurrence == Recurrence.PERIODS:
                await _keep_count(session, contract, service, on)
            if _is_rewritten(contract, service, on):
                await _continue(session, contract, service, months, on)
        if contract.suggested_amount is not None:
            contract.suggested_amount = _scaled(contract, contract.suggested_amount, months)
        contract.monthly_amount = price_in_periods(contract, months)
        contract.periodicity_months = months
        contract.version += 1
        session.add(contract)
        await session.flush()

    why = of_version(contract, ANOTHER_PERIODICITY, by=by, at=at)
    await charge_anew(session, contract, change, on=on, why=why)
    record_contract_event(
        session, contract, kind="periodicity_changed", by=by, at=at, months=months,
        since=on.isoformat(), amount=str(contract.monthly_amount),
    )  # fmt: skip


def _is_over(contract: Contract, service: ContractService, on: date) -> bool:
    end = _end(contract, service)
    return end is not None and end <= on


def _end(contract: Contract, service: ContractService) -> date | None:
    return service_end(service_terms(service), months=contract.periodicity_months)


async def _keep_count(
    session: AsyncSession, contract: Contract, service: ContractService, on: date
) -> None:
    """The service ends on the day on which it was to, and costs what it was to: so many periods of
    as many months as they had when they were agreed on."""
    if _is_over(contract, service, on):
        service.until = _end(contract, service)
    elif (terms := await terms_of(session, contract, today=on)) is not None:
        asked = service_terms(service, charged=await charged_before(session, contract, service))
        planned = plan_service(asked, terms, made_on=on)
        service.charged += until_day(planned, on)
        service.recounted_on = max(on, service.starts_on)
    service.period_months = service.period_months or contract.periodicity_months
    session.add(service)


def _is_rewritten(contract: Contract, service: ContractService, on: date) -> bool:
    is_open = service.recurrence == Recurrence.UNTIL_REMOVED
    return is_open and not _is_over(contract, service, on)


async def _continue(
    session: AsyncSession, contract: Contract, service: ContractService, months: int, on: date
) -> None:
    """The service ends on the day, and goes on as another at what it costs in the new periods.

    What a contract that follows this one goes on with, goes on with the new one.
    """
    begins = max(on, service.starts_on)
    kept = service.model_dump(exclude={"id", "starts_on", "amount"})
    amount = _scaled(contract, service.amount, months)
    new = ContractService(**kept, starts_on=begins, amount=amount)
    service.until = begins
    session.add_all([service, new])
    await session.flush()
    followed = select(ContractService).where(ContractService.continues_id == service.id)
    for each in await session.exec(followed):
        each.continues_id = new.id
        session.add(each)


def _scaled(contract: Contract, amount: Decimal, months: int) -> Decimal:
    return price_of_period(amount, plan_months=contract.periodicity_months, months=months)
