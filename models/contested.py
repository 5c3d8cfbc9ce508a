"""Which of our invoices are contested now, and on which days they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.invoices import Invoice
from models.ladders import LadderPause
from models.rows import read_rows
from rules.ladder import PauseReason
from rules.ladder_dates import Pause

#: What stops the clocks of collections; a promise stops nothing else.
STOPPED = (PauseReason.CONTESTATION, PauseReason.PROMISE)


def contested_invoices() -> Any:
    """The invoices that nobody collects, because their customer contests them; a subquery."""
    return select(LadderPause.invoice_id).where(
        LadderPause.reason == PauseReason.CONTESTATION, col(LadderPause.until).is_(None)
    )


async def contested(session: AsyncSession, invoice_ids: Collection[int]) -> frozenset[int]:
    """Those of these invoices that are contested now."""
    statement = contested_invoices().where(col(LadderPause.invoice_id).in_(invoice_ids))
    return frozenset(await session.exec(statement))


async def contested_days(
    session: AsyncSession,
    customer_id: int,
    *,
    reasons: Collection[PauseReason] = (PauseReason.CONTESTATION,),
) -> Mapping[int, tuple[Pause, ...]]:
    """On which days each invoice of a customer was contested, or paused for `reasons`."""
    statement: Any = (
        sqlalchemy.select(
            col(LadderPause.invoice_id), col(LadderPause.since), col(LadderPause.until)
        )
        .join(Invoice, col(Invoice.id) == col(LadderPause.invoice_id))
        .where(
            col(Invoice.customer_id) == customer_id,
            col(LadderPause.reason).in_(reasons),
        )
        .order_by(col(LadderPause.since))
    )
    found: dict[int, list[Pause]] = defaultdict(list)
    for invoice_id, since, until in await read_rows(session, statement):
        found[invoice_id].append(Pause(since, until))
    return {invoice_id: tuple(pauses) for invoice_id, pauses in found.items()}
