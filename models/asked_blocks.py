"""What the ladder's steps still ask of connections, read from what became of their invoices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement, AgreementInvoice, Role
from models.calendars import load_calendar
from models.connections import Connection
from models.contested import contested
from models.invoices import Invoice
from models.ladders import LadderException, LadderExecution
from rules.agreements import LIVE, AgreementStatus
from rules.business_days import next_business_day
from rules.connections import ConnectionState
from rules.ladder import Outcome
from rules.ladder_steps import SUSPENSIONS
from rules.panels import InvoiceStatus
from rules.provisioning import Asking

#: What a customer who does not pay is left with.
SUSPENDED = (ConnectionState.REDUCED, ConnectionState.BLOCKED)


async def askings_of(
    session: AsyncSession, contract_ids: Collection[int], *, today: date
) -> Mapping[int, list[Asking]]:
    """The suspensions that were carried out for each contract, and what they still ask today."""
    rows = await _suspensions(session, contract_ids)
    invoice_ids = {row.id for row in rows}
    paid = await _first_paid(session, {row.agreement_id for row in rows if row.agreement_id})
    disputed = await contested(session, invoice_ids)
    calendar = await load_calendar(session)
    found: dict[int, list[Asking]] = defaultdict(list)
    for row in rows:
        in_agreement = row.agreement_status in LIVE
        found[row.contract_id].append(
            Asking(
                action=row.action,
                is_open=row.status == InvoiceStatus.OPEN,
                in_agreement=in_agreement and row.status != InvoiceStatus.SETTLED,
                is_first_paid=in_agreement and row.agreement_id in paid,
                is_broken=row.agreement_status == AgreementStatus.BROKEN,
                is_contested=row.id in disputed,
                is_postponed=not in_agreement
                and next_business_day(row.due_date, calendar=calendar) >= today,
                invoice_id=row.id,
                label=row.number or row.code,
            )
        )
    return found


async def excepted(
    session: AsyncSession, contract_ids: Collection[int], *, today: date
) -> frozenset[int]:
    """The contracts that no step touches today."""
    statement = select(LadderException.contract_id).where(
        col(LadderException.contract_id).in_(contract_ids),
        LadderException.since <= today,
        LadderException.until > today,
    )
    return frozenset(await session.exec(statement))


async def contracts_to_look_at(session: AsyncSession) -> list[int]:
    """Every contract that something still may ask a suspension of, or that is suspended, in order.

    That lifts what ended without a payment, and blocks again when an exception is over or a
    payment was taken back.
    """
    suspended = select(Connection.contract_id).where(
        col(Connection.state).in_(SUSPENDED),
        ~col(Connection.by_hand),
    )
    asking = (
        select(LadderExecution.contract_id)
        .join(Invoice, col(Invoice.id) == col(LadderExecution.invoice_id))
        .where(
            col(LadderExecution.action).in_(SUSPENSIONS),
            LadderExecution.outcome == Outcome.DONE,
            Invoice.status == InvoiceStatus.OPEN,
        )
    )
    found = {*(await session.exec(suspended)), *(await session.exec(asking))}
    return sorted(each for each in found if each is not None)


async def suspended_behind(session: AsyncSession, invoice_ids: Collection[int]) -> set[int]:
    """The suspended contracts that these invoices may free: their own, and those whose
    invoices their agreements took in."""
    made = aliased(Invoice)
    own = sqlalchemy.select(col(Invoice.contract_id)).where(col(Invoice.id).in_(invoice_ids))
    taken_in = (
        sqlalchemy.select(col(Invoice.contract_id))
        .join(AgreementInvoice, col(AgreementInvoice.invoice_id) == col(Invoice.id))
        .join(made, col(made.agreement_id) == col(AgreementInvoice.agreement_id))
        .where(col(made.id).in_(invoice_ids), col(AgreementInvoice.role) == Role.ORIGINAL)
    )
    statement: Any = select(Connection.contract_id).where(
        col(Connection.state).in_(SUSPENDED),
        or_(col(Connection.contract_id).in_(own), col(Connection.contract_id).in_(taken_in)),
    )
    return set(await session.exec(statement))


async def _suspensions(session: AsyncSession, contract_ids: Collection[int]) -> list[Any]:
    statement: Any = (
        sqlalchemy.select(
            col(LadderExecution.contract_id), col(LadderExecution.action), col(Invoice.id),
            col(Invoice.status), col(Invoice.agreement_id), col(Invoice.due_date),
            col(Invoice.number), col(Invoice.code),
            col(Agreement.status).label("agreement_status"),
        )
        .join(Invoice, col(Invoice.id) == col(LadderExecution.invoice_id))
        .outerjoin(Agreement, col(Agreement.id) == col(Invoice.agreement_id))
        .where(
            col(LadderExecution.contract_id).in_(contract_ids),
            col(LadderExecution.action).in_(SUSPENSIONS),
            col(LadderExecution.outcome) == Outcome.DONE,
            or_(col(Invoice.status) == InvoiceStatus.OPEN, col(Invoice.agreement_id).is_not(None)),
        )
    )  # fmt: skip
    return list((await session.exec(statement)).all())


async def _first_paid(session: AsyncSession, agreement_ids: Collection[int]) -> frozenset[int]:
    statement = (
        select(Invoice.agreement_id)
        .where(
            col(Invoice.agreement_id).in_(agreement_ids), Invoice.status == InvoiceStatus.SETTLED
        )
        .distinct()
    )
    return frozenset(each for each in await session.exec(statement) if each)
