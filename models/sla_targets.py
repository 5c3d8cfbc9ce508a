"""What a contract is promised: the target of its SLA table for an event."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.plans import SlaTable, SlaTarget
from rules.service_clock import Allowance
from rules.sla import SlaEvent, SlaUnit


async def promise_of(
    session: AsyncSession, sla_table_id: int | None, event: SlaEvent, *, priority: int = 0
) -> tuple[Allowance, str] | None:
    """The time allowed for an event and the code of its calendar; None when nothing is promised.

    A table without a target of this priority promises what it does without one.
    """
    statement = (
        select(SlaTarget, SlaTable.calendar)
        .join(SlaTable, col(SlaTable.id) == SlaTarget.sla_table_id)
        .where(
            SlaTarget.sla_table_id == sla_table_id,
            SlaTarget.event == event,
            col(SlaTarget.priority).in_({0, priority}),
            col(SlaTarget.is_active),
        )
        .order_by(col(SlaTarget.priority).desc())
    )
    found = (await session.exec(statement)).first()
    if found is None:
        return None
    target, calendar = found
    return Allowance(target.amount, SlaUnit(target.unit)), calendar
