"""The clocks of a collection account: since when each stage waits, contested days left out.

An instant before contested days is moved later by as many days; so a clock that is read from it
goes on where it stood, whatever reads it. So are the days on which the customer was marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contested import STOPPED, contested_days
from models.customer_marks import still_days
from models.invoices import Invoice
from rules.business_days import local_date
from rules.collection_stages import CollectionStage
from rules.collections import TASKS_OF_STAGE, WORKED_STAGES, AccountEvent, AccountStep
from rules.ladder_dates import Pause

#: Which stage's clock a line of history belongs to; the others belong to none.
STAGE_OF: Mapping[str, str] = {
    **{step: stage for stage, steps in TASKS_OF_STAGE.items() for step in steps},
    AccountEvent.STARTED: CollectionStage.CLASSIFIED,
    AccountStep.CADENCE: CollectionStage.NEGOTIATING,
}
#: What these asked for was withdrawn when the clock stopped, and is asked for again.
ASKS = tuple(step for steps in TASKS_OF_STAGE.values() for step in steps)


@dataclass(frozen=True)
class Clocks:
    """Since when each stage waits; `held` are stages with contested invoices.

    `stops` are the contested days of the invoice that a stage's clock follows.
    """

    since: Mapping[str, datetime]
    held: frozenset[str] = frozenset()
    stops: Mapping[str, tuple[Pause, ...]] = field(default_factory=dict)

    def after(self, stage: str, at: datetime | None) -> datetime | None:
        """An instant as a stage's clock reads it."""
        return at and thawed(at, self.stops.get(stage, ()))

    def counted(self, done: Mapping[str, datetime]) -> dict[str, datetime]:
        """What was done, as the clocks read it; what was asked for before a stop was not."""
        return {
            kind: self.after(STAGE_OF.get(kind, ""), at) or at
            for kind, at in done.items()
            if not (kind in ASKS and self._stopped_since(STAGE_OF[kind], at))
        }

    def _stopped_since(self, stage: str, at: datetime) -> bool:
        return any(local_date(at) <= stop.since for stop in self.stops.get(stage, ()))


def thawed(at: datetime, stops: Iterable[Pause]) -> datetime:
    """The instant, later by the days that were contested since."""
    day = local_date(at)
    ended = [stop.until - stop.since for stop in stops if stop.until and day <= stop.since]
    return at + sum(ended, timedelta())


async def clocks_of(session: AsyncSession, customer_id: int) -> Clocks:
    """The clocks of a customer's account, as its invoices stand."""
    contested = await contested_days(session, customer_id, reasons=STOPPED)
    marked = (await still_days(session, [customer_id])).get(customer_id, ())
    if not contested and not marked:
        return Clocks(await _since(session, customer_id))
    statement = select(Invoice.id, Invoice.collection_stage, Invoice.stage_since).where(
        Invoice.customer_id == customer_id, col(Invoice.collection_stage).in_(WORKED_STAGES)
    )
    since: dict[str, datetime] = {}
    stops: dict[str, tuple[Pause, ...]] = {}
    held = set()
    for invoice_id, stage, begun in await session.exec(statement):
        days = (*contested.get(invoice_id or 0, ()), *marked)
        if stage is None or begun is None:
            continue
        if any(each.until is None for each in days):
            held.add(stage)
        elif stage not in since or thawed(begun, days) < since[stage]:
            since[stage], stops[stage] = thawed(begun, days), days
    return Clocks(since, frozenset(held), stops)


async def _since(session: AsyncSession, customer_id: int) -> dict[str, datetime]:
    statement = (
        select(Invoice.collection_stage, func.min(Invoice.stage_since))
        .where(Invoice.customer_id == customer_id, col(Invoice.collection_stage).in_(WORKED_STAGES))
        .group_by(col(Invoice.collection_stage))
    )
    return {stage: since for stage, since in await session.exec(statement) if stage and since}
