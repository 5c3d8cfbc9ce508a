"""Additional services: added from a day on, charged along the periods, and removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.charge_terms import terms_of
from activities.contract_billing import bill_at_once
from activities.contract_charges import make_service_charges, making
from activities.contract_prices import Adjustment, reprice, without
from activities.contract_succession import (
    continuation_of,
    continue_service,
    waiting_successor,
)
from models.charges import Charge
from models.contracts import Contract, ContractService, record_contract_event
from models.plans import Product
from rules import charge_words
from rules.business_days import local_date
from rules.charges import Recurrence, ServiceKind
from rules.contract_changes import (
    ChangeInThePast,
    ContractIsOver,
    check_not_too_far,
)
from rules.contracts import ContractStage
from rules.money import ZERO
from rules.proration import Period
from rules.refusals import Refusal, written_date

FOREVER = date(9999, 1, 1)


class ServiceNotFound(Refusal):
    message = "Este serviço adicional não existe."


class ServiceNotDescribed(Refusal):
    message = "Escolha um produto ou descreva o serviço."
    field = "description"


class ServiceAmountNotPossible(Refusal):
    message = "Informe um valor maior que zero."
    field = "amount"


class ServicePeriodsRequired(Refusal):
    message = "Informe por quantos períodos."
    field = "periods"


@dataclass(frozen=True)
class NewService:
    """A service as it is asked for; what is empty is the product's."""

    starts_on: date
    recurrence: Recurrence = Recurrence.UNTIL_REMOVED
    kind: ServiceKind | None = None
    product_id: int | None = None
    description: str = ""
    unit: str = ""
    amount: Decimal | None = None
    periods: int | None = None
    ledger_account_id: int | None = None


async def add_service(
    session: AsyncSession, contract: Contract, new: NewService, *, by: str, at: datetime
) -> ContractService:
    """This will add a service and make its charges, pro-rata in the first and last period."""
    _check(contract, new, today=local_date(at))
    product = await session.get(Product, new.product_id or 0)
    description = new.description or (product.name if product else "")
    amount = new.amount if new.amount is not None else product.amount if product else ZERO
    if not description:
        raise ServiceNotDescribed
    if amount <= ZERO:
        raise ServiceAmountNotPossible
    service = ContractService(
        contract_id=contract.key, product_id=product.id if product else None,
        kind=new.kind or (product.kind if product else ServiceKind.OTHER),
        description=description, unit=new.unit or (product.unit if product else ""), amount=amount,
        ledger_account_id=new.ledger_account_id or (product.ledger_account_id if product else None),
        recurrence=new.recurrence, periods=new.periods, starts_on=new.starts_on,
        added_at=at, added_by=by,
    )  # fmt: skip
    session.add(service)
    await session.flush()
    record_contract_event(
        session, contract, kind="service_added", by=by, at=at, service=description,
        amount=str(amount),
    )  # fmt: skip
    waits = contract.stage == ContractStage.AWAITING_ACTIVATION and contract.wait_for_activation
    terms = await terms_of(session, contract, today=local_date(at))
    if terms is not None and not waits:
        made = making(contract, by=by, at=at)
        await make_service_charges(session, contract, service, terms=terms, made=made)
        await bill_at_once(session, contract, by=by, at=at)
    await continue_service(session, contract, service, by=by, at=at)
    return service


async def remove_service(
    session: AsyncSession,
    contract: Contract,
    service_id: int,
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    """This will remove a service from a day on: charged until then, credited after. Twice: nothing.

    Refuses a service of another contract (ServiceNotFound) and a day that has passed.
    """
    service = await session.get(ContractService, service_id)
    if service is None or service.contract_id != contract.id:
        raise ServiceNotFound
    if service.until is not None:
        return
    _check_day(on, today=local_date(at), field="until")
    service.until = max(on, service.starts_on)
    session.add(service)
    own = set(await session.exec(select(Charge.id).where(Charge.service_id == service_id)))
    rest = Period(service.until, FOREVER)

    def price(charge: Charge, _full: Period) -> Decimal:
        return without(charge, rest) if charge.id in own else charge.amount

    why = Adjustment(f"service/{service_id}/removed", charge_words.SERVICE_REMOVED, by, at)
    await reprice(session, contract, why, since=service.until, price=price)
    record_contract_event(
        session, contract, kind="service_removed", by=by, at=at, service=service.description
    )
    waiting = await waiting_successor(session, contract)
    next_id = await continuation_of(session, service)
    if waiting is not None and next_id is not None:
        await remove_service(session, waiting, next_id, on=on, by=by, at=at)


def _check(contract: Contract, new: NewService, *, today: date) -> None:
    if ContractStage(contract.stage).is_over:
        raise ContractIsOver
    _check_day(new.starts_on, today=today, field="starts_on")
    if new.recurrence is Recurrence.PERIODS and not new.periods:
        raise ServicePeriodsRequired


def _check_day(day: date, *, today: date, field: str) -> None:
    if day < today:
        raise ChangeInThePast(today=written_date(today), field=field)
    check_not_too_far(day, today=today, field=field)
