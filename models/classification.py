"""Classification in pages: everything that newly goes to collections, in a few statements a page.

A page is a range of customers, so that each customer is classified in one transaction. What
an activity calls classifies a whole page; the same page again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    case,
    func,
    insert,
    literal,
    literal_column,
    or_,
    update,
)
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import classification_pauses, classified_cases
from models.base import JsonColumn, UTCDateTime
from models.classified_page import Page
from models.contracts import Contract
from models.customer_marks import left_alone
from models.invoice_contracts import shared_by
from models.invoices import Invoice, InvoiceEvent
from models.ladder_tables import Ladder, LadderStep
from models.ladders import LadderException, LadderPause
from models.standings import refresh_standings
from rules.classification import FORWARD, Forwarding, latest_due
from rules.collection_stages import CollectionStage
from rules.collections import MoveReason


@dataclass(frozen=True)
class Classified:
    """How much newly went to collections."""

    invoices: int = 0
    customers: int = 0


async def load_forwarding(session: AsyncSession, today: date) -> Forwarding:
    """Up to which due date each ladder forwards to collections on this date."""
    steps = select(LadderStep.ladder_id, LadderStep.offset_days).where(
        LadderStep.action == FORWARD, col(LadderStep.is_active)
    )
    default = select(Ladder.id).where(Ladder.is_default).order_by(col(Ladder.id))
    forwarding = Forwarding(
        latest_due={
            ladder: latest_due(today, offset_days=days)
            for ladder, days in await session.exec(steps)
        },
        default_ladder=(await session.exec(default)).first(),
        today=today,
    )
    return replace(forwarding, later=await classification_pauses.later(session, forwarding))


async def customers_to_classify(session: AsyncSession, forwarding: Forwarding) -> list[int]:
    """Every customer with an invoice that newly goes to collections, in order."""
    if not forwarding.latest_due:
        return []
    statement = (
        select(Invoice.customer_id)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        # Written out, because SQLite uses a partial index only for literal conditions.
        .where(literal_column("invoices.status = 'open'"))
        .where(literal_column("invoices.collection_stage IS NULL"))
        .where(col(Invoice.due_date) <= max(forwarding.latest_due.values()))
        .where(_is_forwarded(forwarding))
        .where(~_stands_still(forwarding))
        .distinct()
    )
    return sorted(await session.exec(statement))


async def classify_page(session: AsyncSession, page: Page, forwarding: Forwarding) -> Classified:
    """This will classify a page of customers; returns how many went to collections.

    Everything that the journey's own moves would write: stages and histories of the invoices, the
    accounts' cases with their next step, what the engine is told, the kept numbers of the panels.
    """
    await classified_cases.lock(session, page)
    classified = await _classify(session, page, forwarding)
    if not classified:
        return Classified()
    await _write_invoice_history(session, page)
    await classified_cases.open_or_tell(session, page)
    fresh = select(Invoice.customer_id).where(page.fresh).distinct()
    customers = list(await session.exec(fresh))
    await refresh_standings(session, customers)
    return Classified(classified, len(customers))


def _is_forwarded(forwarding: Forwarding) -> ColumnElement[bool]:
    """rules.classification.is_forwarded, in SQL; a ladder that never forwards compares to NULL."""
    ladder = func.coalesce(col(Contract.ladder_id), literal(forwarding.default_ladder or 0))
    latest = case(dict(forwarding.latest_due), value=ladder)
    return col(Invoice.due_date) <= latest


def _stands_still(forwarding: Forwarding) -> ColumnElement[bool]:
    """Whether no step runs today: promised, contested, of who is marked, or of an exception.

    Few are, and few were: each is one short list, read once a statement.
    """
    today = forwarding.today
    paused = select(LadderPause.invoice_id).where(
        LadderPause.since <= today,
        or_(col(LadderPause.until).is_(None), col(LadderPause.until) > today),
    )
    excepted = select(LadderException.contract_id).where(
        LadderException.since <= today, LadderException.until > today
    )
    waits = col(Invoice.id).in_(paused) | col(Invoice.id).in_(forwarding.later)
    apart = col(Invoice.customer_id).in_(left_alone())
    own = func.coalesce(col(Invoice.contract_id).in_(excepted), literal(value=False))
    return waits | apart | own | col(Invoice.id).in_(shared_by(excepted))


async def _classify(session: AsyncSession, page: Page, forwarding: Forwarding) -> int:
    candidates = (
        select(Invoice.id)
        .outerjoin(Contract, col(Contract.id) == col(Invoice.contract_id))
        .where(
            col(Invoice.customer_id).between(page.first, page.last),
            col(Invoice.collection_stage).is_(None),
            Invoice.status == "open",
            _is_forwarded(forwarding),
            ~_stands_still(forwarding),
        )
    )
    changed = await session.exec(
        update(Invoice)
        .where(col(Invoice.id).in_(candidates))
        .values(collection_stage=str(CollectionStage.CLASSIFIED), stage_since=page.at)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)


async def _write_invoice_history(session: AsyncSession, page: Page) -> None:
    move = {
        "was": None,
        "now": str(CollectionStage.CLASSIFIED),
        "reason": str(MoveReason.OVERDUE),
    }
    values: dict[str, Any] = {
        "invoice_id": col(Invoice.id),
        "at": literal(page.at, type_=UTCDateTime()),
        "by": literal(page.by),
        "kind": literal("stage"),
        "parameters": literal(move, type_=JsonColumn),
    }
    rows = sqlalchemy.select(*values.values()).where(page.fresh)
    await session.exec(insert(InvoiceEvent).from_select(list(values), rows))
