"""What the daily scan of contracts looks for, as sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, false, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.charges import Charge
from models.contracts import Contract
from models.invoices import Invoice
from models.readjustments import ContractReadjustment
from models.renewals import ContractRenewal
from rules.business_days import months_end
from rules.charges import PENDING, ChargeKind, ChargeStatus
from rules.contracts import IN_SERVICE, BillingMethod, ContractStage
from rules.minimum_term import MinimumTermPolicy, starts_near
from rules.panels import InvoiceStatus


def _not_yet_due(today: date) -> Any:
    """A term's open invoice: made or still to be made, unsettled and not yet due."""
    is_open: Any = and_(
        col(Charge.status) == ChargeStatus.INVOICED,
        col(Invoice.status) == InvoiceStatus.OPEN,
        col(Invoice.due_date) >= today,
    )
    is_to_come: Any = and_(col(Charge.status).in_(PENDING), col(Charge.due_date) >= today)
    return and_(col(Charge.kind) == ChargeKind.MONTHLY, or_(is_to_come, is_open))


async def open_invoices_of(
    session: AsyncSession, contract_id: int, *, today: date
) -> Sequence[date]:
    """The due dates of what is still to come of a contract's term, made into invoices or not."""
    statement: Any = (
        select(func.coalesce(Invoice.due_date, Charge.due_date))
        .select_from(Charge)
        .outerjoin(Invoice, col(Invoice.id) == Charge.invoice_id)
        .where(Charge.contract_id == contract_id, _not_yet_due(today))
    )
    return list(await session.exec(statement))


def left_of_term(today: date) -> Any:
    """How many open invoices of its term a contract of the statement has left."""
    return (
        select(func.count())
        .select_from(Charge)
        .outerjoin(Invoice, col(Invoice.id) == Charge.invoice_id)
        .where(Charge.contract_id == Contract.id, _not_yet_due(today))
        .correlate(Contract)
        .scalar_subquery()
    )


async def contracts_to_queue(
    session: AsyncSession, *, today: date, at_most: int, notice_days: int, after: int, limit: int
) -> Sequence[int]:
    """Contracts in service whose term runs out: few open invoices left, or none were ever made."""
    left = left_of_term(today)
    ever = select(Charge.id).where(
        Charge.contract_id == Contract.id, Charge.kind == ChargeKind.MONTHLY
    )
    queued = select(ContractRenewal.id).where(
        ContractRenewal.contract_id == Contract.id, ContractRenewal.term == Contract.term
    )
    soon = today + timedelta(days=notice_days)
    statement = (
        select(Contract.id)
        .where(
            col(Contract.stage).in_((ContractStage.ACTIVE, ContractStage.REDUCED)),
            col(Contract.ends_on).is_not(None),
            col(Contract.id) > after,
            left <= at_most,
            or_(ever.exists(), col(Contract.ends_on) <= soon),
            ~queued.exists(),
        )
        .order_by(col(Contract.id))
        .limit(limit)
    )
    return [key for key in await session.exec(statement) if key is not None]


async def contracts_to_extend(
    session: AsyncSession, *, today: date, periods: int, after: int, limit: int
) -> Sequence[int]:
    """Contracts without an end whose charges do not reach so many periods ahead, and imported ones
    that this house is to charge and has not yet."""
    reach = _reach().where(Charge.contract_id == Contract.id).correlate(Contract).scalar_subquery()
    # Monthly contracts need it every month, others less often: the shortest period decides.
    soon = months_end(today, months=periods - 1)
    runs_out: Any = and_(col(Contract.ends_on).is_(None), reach < soon)
    is_new: Any = and_(
        col(Contract.charged_from).is_not(None),
        col(Contract.starts_on).is_not(None),
        or_(col(Contract.ends_on).is_(None), col(Contract.ends_on) > today),
        reach.is_(None),
    )
    statement = (
        select(Contract.id)
        .where(
            col(Contract.stage).in_(IN_SERVICE),
            col(Contract.due_day_rule_id).is_not(None),
            Contract.billing_method != BillingMethod.COURTESY,
            col(Contract.id) > after,
            or_(runs_out, is_new),
        )
        .order_by(col(Contract.id))
        .limit(limit)
    )
    return [key for key in await session.exec(statement) if key is not None]


async def charged_until(session: AsyncSession, contract_id: int) -> date | None:
    """The day up to which a contract's plan is charged; None where it never was."""
    reached: date | None = (
        await session.exec(_reach().where(Charge.contract_id == contract_id))
    ).one()
    return reached


def _reach() -> Any:
    """What was cancelled reaches nowhere: longer periods may have been given up."""
    return select(func.max(Charge.period_end)).where(
        Charge.kind == ChargeKind.MONTHLY, Charge.status != ChargeStatus.CANCELLED
    )


async def contracts_to_free(
    session: AsyncSession, *, today: date, policy: MinimumTermPolicy, after: int, limit: int
) -> Sequence[int]:
    """Contracts whose minimum term may end soon, and that nobody was told so of."""
    terms = await session.exec(
        select(Contract.minimum_term_months).where(col(Contract.minimum_term_months) > 0).distinct()
    )
    since = func.coalesce(Contract.minimum_term_from, Contract.signed_on)
    near = [
        and_(
            col(Contract.minimum_term_months) == months,
            since.between(*starts_near(months, today=today, policy=policy)),
        )
        for months in terms
    ]
    statement = (
        select(Contract.id)
        .where(
            col(Contract.stage).in_((*IN_SERVICE, ContractStage.BLOCKED, ContractStage.SUSPENDED)),
            or_(false(), *near),
            or_(col(Contract.minimum_term_told).is_(None), col(Contract.minimum_term_told) < today),
            col(Contract.id) > after,
        )
        .order_by(col(Contract.id))
        .limit(limit)
    )
    return [key for key in await session.exec(statement) if key is not None]


async def contracts_to_readjust(
    session: AsyncSession, *, today: date, after: int, limit: int
) -> Sequence[int]:
    """Contracts with an index whose price has stood for twelve months or more."""
    year_ago = months_end(today, months=-12)
    since = func.coalesce(Contract.readjusted_on, Contract.signed_on)
    waiting = select(ContractReadjustment.id).where(
        ContractReadjustment.contract_id == Contract.id,
        col(ContractReadjustment.stage).in_(("waiting", "asked", "untold")),
    )
    statement = (
        select(Contract.id)
        .where(
            col(Contract.stage).in_(IN_SERVICE),
            col(Contract.price_index_id).is_not(None),
            since <= year_ago,
            col(Contract.id) > after,
            ~waiting.exists(),
        )
        .order_by(col(Contract.id))
        .limit(limit)
    )
    return [key for key in await session.exec(statement) if key is not None]
