"""What is still under way with a customer, and the last day of what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.anonymisations import Anonymisation
from models.cases import Case
from models.charges import Charge
from models.contracts import Contract
from models.customers import Customer
from models.invoices import Invoice
from models.messages import Message
from models.payments import Payment
from models.tasks import Task
from rules.anonymisation import AnonymisationStage, CustomerTrace
from rules.business_days import local_date
from rules.cases import Process
from rules.charges import PENDING
from rules.contracts import OVER
from rules.messages import MessageStatus
from rules.panels import InvoiceStatus

#: What a customer may still owe.
OWED = (InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED)
UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING)


async def trace_of(session: AsyncSession, customer_id: int) -> CustomerTrace:
    """This will look at everything that may stand against anonymising a customer."""
    count, owed = await _one(
        session,
        (func.count(), func.coalesce(func.sum(Invoice.open_amount), 0)),
        (col(Invoice.customer_id) == customer_id, col(Invoice.status).in_(OWED)),
    )
    return CustomerTrace(
        open_invoices=count,
        owed=Decimal(owed),
        contracts=await _count(
            session, col(Contract.customer_id) == customer_id, col(Contract.stage).not_in(OVER)
        ),
        charges=await _count(
            session, col(Charge.customer_id) == customer_id, col(Charge.status).in_(PENDING)
        ),
        journeys=await _journeys(session, customer_id),
        last_money_on=await _last_money(session, customer_id),
        last_contract_on=await _last_contract(session, customer_id),
        last_message_on=await _last_message(session, customer_id),
    )


async def may_be_forgotten(
    session: AsyncSession, *, since: datetime, after: int, limit: int
) -> Sequence[int]:
    """Customers after `after` with whom nothing happened since an instant, in order.

    Each is still to be looked at by itself: not everything is asked here.
    """
    before = local_date(since)
    recent = exists().where(
        col(Invoice.customer_id) == Customer.id,
        (col(Invoice.due_date) >= before) | col(Invoice.status).in_(OWED),
    )
    living = exists().where(
        col(Contract.customer_id) == Customer.id,
        col(Contract.stage).not_in(OVER) | (func.coalesce(Contract.ends_on, before) > before),
    )
    written = exists().where(
        col(Message.customer_id) == Customer.id, col(Message.created_at) >= since
    )
    asked = exists().where(
        col(Anonymisation.customer_id) == Customer.id,
        col(Anonymisation.stage) != AnonymisationStage.WITHDRAWN,
    )
    statement = (
        select(Customer.id)
        .where(col(Customer.anonymised_at).is_(None), col(Customer.created_at) < since)
        .where(col(Customer.id) > after)
        .where(~recent, ~living, ~written, ~asked)
        .order_by(col(Customer.id))
        .limit(limit)
    )
    return [each for each in await session.exec(statement) if each is not None]


async def _one(session: AsyncSession, columns: Sequence[Any], where: Sequence[Any]) -> Any:
    statement: Any = select_columns(*columns).where(*where)
    return (await session.exec(statement)).one()


async def _count(session: AsyncSession, *where: Any) -> int:
    (count,) = await _one(session, (func.count(),), where)
    return int(count)


async def _journeys(session: AsyncSession, customer_id: int) -> int:
    """Open cases and messages on their way; a request itself, and its task, hold nothing up."""
    own_tasks = select_columns(col(Task.id)).where(col(Task.process) == Process.ANONYMISATION)
    is_own = (col(Case.process) == Process.TASKS) & col(Case.subject_id).in_(own_tasks)
    cases = await _count(
        session, col(Case.customer_id) == customer_id, col(Case.closed_at).is_(None),
        col(Case.process) != Process.ANONYMISATION, ~is_own,
    )  # fmt: skip
    messages = await _count(
        session, col(Message.customer_id) == customer_id, col(Message.status).in_(UNDER_WAY)
    )
    return cases + messages


async def _last_money(session: AsyncSession, customer_id: int) -> date | None:
    mine = (col(Invoice.customer_id) == customer_id,)
    columns = (func.max(Invoice.due_date), func.max(Invoice.settled_on))
    days = list(await _one(session, columns, mine))
    paid: Any = (
        select_columns(func.max(Payment.paid_on))
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(*mine)
    )
    days += (await session.exec(paid)).one()
    return max((day for day in days if day), default=None)


async def _last_contract(session: AsyncSession, customer_id: int) -> date | None:
    ends = (Contract.cancelled_on, Contract.terminated_on, Contract.ends_on)
    columns = [func.max(each) for each in ends]
    days = await _one(session, columns, (col(Contract.customer_id) == customer_id,))
    return max((day for day in days if day), default=None)


async def _last_message(session: AsyncSession, customer_id: int) -> date | None:
    columns = (func.max(Message.sent_at),)
    (at,) = await _one(session, columns, (col(Message.customer_id) == customer_id,))
    return local_date(at) if at else None
