"""Contracts as they are listed, and what stands on a contract's page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case, is_case_of
from models.charges import Charge
from models.contracts import Contract, ContractEvent
from models.customers import Customer
from models.folding import any_holds
from models.invoice_contracts import owed_by
from models.invoices import Invoice
from models.plans import Plan, Product
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from rules.cases import Process
from rules.panels import InvoiceStatus

#: So many charges stand on the page; all of them in the JSON.
SHOWN = 60


def select_contracts(
    *,
    search: str | None,
    stage: str | None,
    plan_type: str | None,
    customer_id: int | None = None,
) -> Select[Any]:
    """Contracts with their customers; the search looks into codes, names and plans."""
    statement: Any = sql_select(
        col(Contract.id).label("id"),
        col(Contract.code).label("code"),
        col(Contract.customer_id).label("customer_id"),
        col(Customer.name).label("customer"),
        col(Contract.description).label("plan"),
        col(Contract.plan_type).label("plan_type"),
        col(Contract.stage).label("stage"),
        col(Contract.monthly_amount).label("amount"),
        col(Contract.signed_on).label("signed_on"),
        col(Contract.ends_on).label("ends_on"),
    ).join(Customer, col(Customer.id) == col(Contract.customer_id))
    if search:
        places = (Contract.code, Customer.name, Contract.description)
        statement = statement.where(any_holds(places, search))
    if stage:
        statement = statement.where(col(Contract.stage) == stage)
    if plan_type:
        statement = statement.where(col(Contract.plan_type) == plan_type)
    if customer_id is not None:
        statement = statement.where(col(Contract.customer_id) == customer_id)
    found: Select[Any] = statement
    return found


async def customers_like(session: AsyncSession, text: str) -> Sequence[Customer]:
    """The first customers whose name begins so, or whose code it is."""
    statement = select(Customer).where(
        or_(col(Customer.name).istartswith(text, autoescape=True), col(Customer.code) == text)
    )
    return (await session.exec(statement.order_by(Customer.name).limit(10))).all()


async def plans_in_use(session: AsyncSession, plan_type: str | None = None) -> Sequence[Plan]:
    """The plans that are sold, of a type if one is named, by name."""
    in_use = select(Plan).where(Plan.is_active).order_by(Plan.name)
    of_type = in_use if plan_type is None else in_use.where(Plan.plan_type == plan_type)
    return (await session.exec(of_type)).all()


async def products_in_use(session: AsyncSession) -> Sequence[Product]:
    """What additional services are prefilled from, by name."""
    in_use = select(Product).where(Product.is_active)
    return (await session.exec(in_use.order_by(Product.name))).all()


async def charges_of_page(
    session: AsyncSession, contract_id: int, *, limit: int = SHOWN
) -> Sequence[Charge]:
    """A contract's charges in the order in which they fall due."""
    statement = select(Charge).where(Charge.contract_id == contract_id)
    ordered = statement.order_by(col(Charge.due_date), col(Charge.id)).limit(limit)
    return (await session.exec(ordered)).all()


async def contract_events(
    session: AsyncSession, contract_id: int, *, before: int | None, limit: int
) -> Sequence[ContractEvent]:
    """So many events of a contract, from before an event's id, newest first."""
    statement = select(ContractEvent).where(ContractEvent.contract_id == contract_id)
    if before is not None:
        statement = statement.where(col(ContractEvent.id) < before)
    return (await session.exec(statement.order_by(col(ContractEvent.id).desc()).limit(limit))).all()


async def renewal_under_way(session: AsyncSession, contract_id: int) -> ContractRenewal | None:
    """The renewal that waits in the queue; None while none does."""
    statement = select(ContractRenewal).where(
        ContractRenewal.contract_id == contract_id, ContractRenewal.stage == "queued"
    )
    return (await session.exec(statement)).first()


async def latest_renewal(session: AsyncSession, contract_id: int) -> ContractRenewal | None:
    """The contract's newest renewal, whatever became of it; None when it never had one."""
    statement = select(ContractRenewal).where(ContractRenewal.contract_id == contract_id)
    newest = statement.order_by(col(ContractRenewal.id).desc()).limit(1)
    return (await session.exec(newest)).first()


async def readjustment_under_way(
    session: AsyncSession, contract_id: int
) -> ContractReadjustment | None:
    """The readjustment that waits for its index, a decision, its notice or its day; None while none
    does."""
    statement = (
        select(ContractReadjustment)
        .join(Case, is_case_of(Process.READJUSTMENTS, ContractReadjustment.id))
        .where(ContractReadjustment.contract_id == contract_id, col(Case.closed_at).is_(None))
    )
    return (await session.exec(statement.order_by(col(ContractReadjustment.id).desc()))).first()


async def latest_readjustment(
    session: AsyncSession, contract_id: int
) -> ContractReadjustment | None:
    """The contract's newest readjustment, whatever became of it; None when it never had one."""
    statement = select(ContractReadjustment).where(ContractReadjustment.contract_id == contract_id)
    newest = statement.order_by(col(ContractReadjustment.id).desc()).limit(1)
    return (await session.exec(newest)).first()


async def contracts_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Contract]:
    """These contracts, the oldest first; those that do not exist are left out."""
    statement = select(Contract).where(col(Contract.id).in_(ids)).order_by(col(Contract.id))
    return (await session.exec(statement)).all()


async def oldest_overdue(session: AsyncSession, contract_id: int, *, today: date) -> Invoice | None:
    """The invoice that the ladder is furthest with; None: nothing of the contract is overdue."""
    statement = select(Invoice).where(
        owed_by([contract_id]),
        col(Invoice.status) == InvoiceStatus.OPEN,
        col(Invoice.due_date) < today,
    )
    return (await session.exec(statement.order_by(col(Invoice.due_date)).limit(1))).first()
