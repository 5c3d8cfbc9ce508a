"""Invoices whose ladder stood still for some days: they go to collections so much later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import literal_column, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import AgreementInvoice
from models.contracts import Contract
from models.customer_marks import CustomerMark
from models.invoice_contracts import further_contracts, owed_by
from models.invoices import Invoice
from models.ladder_stops import pauses_of
from models.ladders import LadderException, LadderPause
from models.rows import read_rows
from rules.classification import Forwarding
from rules.ladder_dates import Pause, shifted


async def later(session: AsyncSession, forwarding: Forwarding) -> frozenset[int]:
    """Those whose offset, without the paused days, is not over today; few ever were paused."""
    if not forwarding.latest_due:
        return frozenset()
    rows = await read_rows(session, _statement(max(forwarding.latest_due.values())))
    further = await further_contracts(session, [row.id for row in rows])
    pauses = await pauses_of(session, rows, further)
    return frozenset(
        row.id
        for row in rows
        if not _is_over(
            row.due_date,
            forwarding.latest_due.get(row.ladder_id or forwarding.default_ladder or 0),
            pauses.get(row.id, ()),
            forwarding.today,
        )
    )


def _is_over(due_date: date, latest: date | None, days: Collection[Pause], today: date) -> bool:
    if latest is None:
        return True
    falls_on = shifted(due_date, (today - latest).days, days)
    return falls_on is not None and falls_on <= today


def _statement(latest: date) -> Any:
    """What could go by its due date, and was promised, contested, agreed on, excepted or marked
    for a time."""
    paused = select(LadderPause.invoice_id).where(col(LadderPause.until).is_not(None))
    marked = select(CustomerMark.customer_id).where(col(CustomerMark.until).is_not(None))
    return (
        sqlalchemy.select(
            col(Invoice.id), col(Invoice.due_date), col(Invoice.customer_id),
            col(Invoice.contract_id), col(Invoice.collection_stage), col(Contract.ladder_id),
        )
        .select_from(Invoice)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(
            # Written out, because SQLite uses a partial index only for literal conditions.
            literal_column("invoices.status = 'open'"),
            literal_column("invoices.collection_stage IS NULL"),
            col(Invoice.due_date) <= latest,
            or_(
                col(Invoice.id).in_(paused),
                col(Invoice.id).in_(select(AgreementInvoice.invoice_id)),
                owed_by(select(LadderException.contract_id)),
                col(Invoice.customer_id).in_(marked),
            ),
        )
    )  # fmt: skip
