"""What an SLA table promises for an event, and on which calendar it is counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.plans import SlaTable, SlaTarget
from rules.service_clock import Allowance
from rules.sla import SlaEvent, SlaUnit


@dataclass(frozen=True)
class Target:
    """How much time an event is allowed, and on the calendar of which code."""

    allowed: Allowance
    calendar: str


async def target_of(
    session: AsyncSession,
    sla_table_id: int | None,
    event: SlaEvent,
    *,
    priority: int = 0,
    default: Target,
) -> Target:
    """The table's target for the event and priority, else for the event, else the default."""
    if sla_table_id is None:
        return default
    statement = (
        select(SlaTarget, SlaTable.calendar)
        .join(SlaTable, col(SlaTable.id) == col(SlaTarget.sla_table_id))
        .where(
            SlaTarget.sla_table_id == sla_table_id,
            SlaTarget.event == event,
            col(SlaTarget.priority).in_((priority, 0)),
        )
        .order_by(col(SlaTarget.priority).desc())
    )
    found = (await session.exec(statement)).first()
    if found is None:
        return default
    target, calendar = found
    return Target(Allowance(target.amount, SlaUnit(target.unit)), calendar)
