"""Leads that came to nothing: forgotten when their person asks, or once nobody needs them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import AuditEntry, Deed, record
from models.personal_places import LEAD
from models.sales_leads import SalesLead, lock_lead
from rules.anonymisation import GONE, without_words
from rules.sales_leads import LeadStage, check_forgettable

#: Leads of one night; what is left is another night's.
AT_ONCE = 1_000


async def forget_lead(session: AsyncSession, lead_id: int, *, deed: Deed) -> SalesLead:
    """This will take out of a lead who it was. Refuses LeadStands, LeadOfCustomer, LeadForgotten.

    What was offered, when and by whom stays, for the house's own figures.
    """
    lead = await lock_lead(session, lead_id)
    check_forgettable(
        lead.stage, code=lead.code, is_customers=lead.customer_id is not None,
        is_forgotten=lead.name == GONE,
    )  # fmt: skip
    await _forget(session, [lead])
    record(session, deed, "lead.forget", subject=f"lead/{lead.number}")
    return lead


async def forget_lost_leads(session: AsyncSession, *, before: datetime) -> int:
    """This will forget leads that were lost before an instant; gives how many. Safe to repeat."""
    statement = (
        select(SalesLead)
        .where(
            SalesLead.stage == LeadStage.LOST, col(SalesLead.ended_at) < before,
            col(SalesLead.customer_id).is_(None), SalesLead.name != GONE,
        )
        .order_by(col(SalesLead.id)).limit(AT_ONCE).with_for_update()
    )  # fmt: skip
    found = (await session.exec(statement)).all()
    await _forget(session, found)
    return len(found)


async def _forget(session: AsyncSession, leads: Sequence[SalesLead]) -> None:
    """The rows, and the words that the trail kept of them."""
    for lead in leads:
        lead.sqlmodel_update(dict(LEAD.replaced))
        session.add(lead)
    named = [f"lead/{lead.number}" for lead in leads]
    entries = await session.exec(select(AuditEntry).where(col(AuditEntry.subject).in_(named)))
    for entry in entries.all():
        entry.details = without_words(entry.details)
        session.add(entry)
    await session.flush()
