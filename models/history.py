"""History as it is read: the events of cases and of invoices, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.cases import Case, CaseEvent
from models.invoices import Invoice, InvoiceEvent
from rules.cases import CaseNotFound

#: The events that date the stages of a case.
STAGE_KINDS = ("opened", "stage", "reopened")


async def get_case(session: AsyncSession, case_id: int) -> Case:
    """The case, for reading. Raises CaseNotFound."""
    case = await session.get(Case, case_id)
    if case is None:
        raise CaseNotFound
    return case


async def case_events(
    session: AsyncSession, case_ids: Collection[int], *, before: int | None, limit: int
) -> Sequence[tuple[CaseEvent, Case]]:
    """So many events of these cases, with their case, from before an event's id."""
    statement = (
        select(CaseEvent, Case)
        .join(Case, col(Case.id) == CaseEvent.case_id)
        .where(col(CaseEvent.case_id).in_(case_ids))
        .order_by(col(CaseEvent.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(CaseEvent.id) < before)
    return (await session.exec(statement)).all()


async def newest_event(session: AsyncSession, case_id: int) -> CaseEvent | None:
    """The newest line of a case's history; None when it has none."""
    return next(iter(await events_after(session, case_id, 0, limit=1)), None)


async def events_after(
    session: AsyncSession, case_id: int, event_id: int, *, limit: int
) -> Sequence[CaseEvent]:
    """So many lines of a case's history after that one, the newest first."""
    statement = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id, col(CaseEvent.id) > event_id)
        .order_by(col(CaseEvent.id).desc())
        .limit(limit)
    )
    return (await session.exec(statement)).all()


async def invoice_events(
    session: AsyncSession,
    *,
    customer_id: int,
    invoice_id: int | None = None,
    before: int | None,
    limit: int,
) -> Sequence[tuple[InvoiceEvent, Invoice]]:
    """So many events of a customer's invoices, or of one, from before an event's id."""
    statement = (
        select(InvoiceEvent, Invoice)
        .join(Invoice, col(Invoice.id) == InvoiceEvent.invoice_id)
        .where(Invoice.customer_id == customer_id)
        .order_by(col(InvoiceEvent.id).desc())
        .limit(limit)
    )
    if invoice_id is not None:
        statement = statement.where(InvoiceEvent.invoice_id == invoice_id)
    if before is not None:
        statement = statement.where(col(InvoiceEvent.id) < before)
    return (await session.exec(statement)).all()


async def stage_dates(session: AsyncSession, case_id: int) -> dict[str, datetime]:
    """When the case last came into each of its stages."""
    statement = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id, col(CaseEvent.kind).in_(STAGE_KINDS))
        .order_by(col(CaseEvent.id))
    )
    entered: dict[str, datetime] = {}
    for event in await session.exec(statement):
        stage = event.parameters.get("now") or event.parameters.get("stage")
        if stage:
            entered[stage] = event.at
    return entered
