"""Invoices whose ladder stood still for some days: they go to collections so much later."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Contract
from models.invoices import Invoice
from models.ladders import LadderPause
from models.rows import read_rows
from rules.classification import Forwarding
from rules.ladder_dates import Pause, shifted


async def later(session: AsyncSession, forwarding: Forwarding) -> frozenset[int]:
    """Those whose offset, without the paused days, is not over today; few ever were paused."""
    pauses: dict[Any, list[Pause]] = defaultdict(list)
    for row in await read_rows(session, _statement()):
        ladder = row.ladder_id or forwarding.default_ladder or 0
        pauses[row.id, row.due_date, ladder].append(Pause(row.since, row.until))
    return frozenset(
        invoice_id
        for (invoice_id, due_date, ladder), days in pauses.items()
        if not _is_over(due_date, forwarding.latest_due.get(ladder), days, forwarding.today)
    )


def _is_over(due_date: date, latest: date | None, days: list[Pause], today: date) -> bool:
    if latest is None:
        return True
    falls_on = shifted(due_date, (today - latest).days, days)
    return falls_on is not None and falls_on <= today


def _statement() -> Any:
    return (
        sqlalchemy.select(
            col(Invoice.id), col(Invoice.due_date), col(Contract.ladder_id),
            col(LadderPause.since), col(LadderPause.until),
        )
        .join(Invoice, col(Invoice.id) == col(LadderPause.invoice_id))
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(
            col(Invoice.status) == "open",
            col(Invoice.collection_stage).is_(None),
            col(LadderPause.until).is_not(None),
        )
    )  # fmt: skip
