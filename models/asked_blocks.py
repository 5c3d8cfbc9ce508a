"""What the ladder's steps still ask of connections, read from what became of their invoices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
from models.invoice_contracts import InvoiceContract, any_shared, further_contracts
from models.invoices import Invoice
from models.ladders import LadderException, LadderExecution, LadderReach
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
    waiting = await _excepted_invoices(session, rows, today)
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
                is_excepted=row.id in waiting,
                invoice_id=row.id,
                label=row.number or row.code,
            )
        )
    return found


async def _excepted_invoices(
    session: AsyncSession, rows: Sequence[Any], today: date
) -> frozenset[int]:
    """The invoices of which a contract is excepted that owes some of them: one debt, one trust."""
    further = await further_contracts(session, {row.id for row in rows})
    behind = {row.id: {row.booked_id, *further[row.id]} for row in rows if row.id in further}
    contracts = {each for owing in behind.values() for each in owing if each is not None}
    left_alone = await excepted(session, contracts, today=today) if contracts else frozenset()
    return frozenset(key for key, owing in behind.items() if owing & left_alone)


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
    reached = (
        select(LadderReach.contract_id)
        .join(Invoice, col(Invoice.id) == col(LadderReach.invoice_id))
        .where(col(LadderReach.action).in_(SUSPENSIONS), Invoice.status == InvoiceStatus.OPEN)
    )
    found = {
        *(await session.exec(suspended)), *(await session.exec(asking)),
        *(await session.exec(reached)),
    }  # fmt: skip
    return sorted(each for each in found if each is not None)


async def suspended_behind(session: AsyncSession, invoice_ids: Collection[int]) -> set[int]:
    """The suspended contracts that these invoices may free: all that owe some of them, or of the
    invoices that their agreements took in."""
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
        or_(
            col(Connection.contract_id).in_(own), col(Connection.contract_id).in_(taken_in),
            *await _shared(session, invoice_ids),
        ),
    )  # fmt: skip
    return set(await session.exec(statement))


async def _shared(session: AsyncSession, invoice_ids: Collection[int]) -> list[Any]:
    """Contracts beside the invoices' own, where a house has such invoices."""
    if not await any_shared(session):
        return []
    made = aliased(Invoice)
    beside = sqlalchemy.select(col(InvoiceContract.contract_id))
    taken_in = (
        beside.join(
            AgreementInvoice, col(AgreementInvoice.invoice_id) == col(InvoiceContract.invoice_id)
        )
        .join(made, col(made.agreement_id) == col(AgreementInvoice.agreement_id))
        .where(col(made.id).in_(invoice_ids), col(AgreementInvoice.role) == Role.ORIGINAL)
    )
    own = beside.where(col(InvoiceContract.invoice_id).in_(invoice_ids))
    return [col(Connection.contract_id).in_(own), col(Connection.contract_id).in_(taken_in)]


def _steps_on(contract_ids: Collection[int]) -> Any:
    """The suspensions that were carried out for each contract, on its own invoices and on those of
    which it owes some."""
    done, reached = LadderExecution, LadderReach
    own = sqlalchemy.select(col(done.contract_id), col(done.action), col(done.invoice_id)).where(
        col(done.contract_id).in_(contract_ids), col(done.action).in_(SUSPENSIONS),
        col(done.outcome) == Outcome.DONE,
    )  # fmt: skip
    beside = sqlalchemy.select(
        col(reached.contract_id), col(reached.action), col(reached.invoice_id)
    ).where(col(reached.contract_id).in_(contract_ids), col(reached.action).in_(SUSPENSIONS))
    return own.union_all(beside).subquery("steps")


async def _suspensions(session: AsyncSession, contract_ids: Collection[int]) -> list[Any]:
    steps = _steps_on(contract_ids)
    statement: Any = (
        sqlalchemy.select(
            steps.c.contract_id, steps.c.action, col(Invoice.id),
            col(Invoice.contract_id).label("booked_id"), col(Invoice.status),
            col(Invoice.agreement_id), col(Invoice.due_date), col(Invoice.number),
            col(Invoice.code), col(Agreement.status).label("agreement_status"),
        )
        .select_from(steps)
        .join(Invoice, col(Invoice.id) == steps.c.invoice_id)
        .outerjoin(Agreement, col(Agreement.id) == col(Invoice.agreement_id))
        .where(
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
