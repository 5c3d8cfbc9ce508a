"""What repair reads: open cases, what the outbox holds, kept totals beside counted ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bulk import BulkRun
from models.cases import Case
from models.collections import PanelTotal
from models.invoices import Invoice
from models.messages import Message
from models.outbox import OutboxEntry
from models.provisioning import ProvisioningOrder
from models.rows import rows_of
from models.standings import left_bureau_settled, shown_amount
from models.webhooks import WebhookDelivery
from rules.cases import workflow_id
from rules.messages import MessageStatus
from rules.panels import BY_BUREAU_STAGE, BY_COLLECTION_STAGE
from rules.provisioning import OrderStatus
from rules.repair import READ_HERE_WITHIN, Fault, OpenCase, Work
from rules.runs import UNDER_WAY
from rules.webhooks import DeliveryStatus

#: The runs that the clock starts are in workflows named after the clock.
ALSO_DONE_BY = {
    "billing": ("billing-daily", "billing/start-up"),
    "classification": ("classification-daily", "classification/start-up"),
    "contract_upkeep": ("contracts-daily", "contracts/start-up"),
    "ladder": ("ladder-daily", "ladder/start-up"),
}

Totals = dict[int, tuple[int, Decimal]]


async def open_cases(session: AsyncSession) -> list[OpenCase]:
    """Every case that should have a running workflow."""
    statement = select(Case.id, Case.process, Case.stage, Case.next_at).where(
        col(Case.closed_at).is_(None)
    )
    return [
        OpenCase(case_id or 0, workflow_id(process, case_id or 0), stage, next_at)
        for case_id, process, stage, next_at in await session.exec(statement)
    ]


async def unsent_messages(session: AsyncSession) -> list[Work]:
    """Every message that should have a running delivery."""
    waiting = [status for status in MessageStatus if not status.is_final]
    statement = select(Message.id).where(col(Message.status).in_(waiting))
    return [
        Work(message_id or 0, f"messages/{message_id}", Fault.UNSENT)
        for message_id in await session.exec(statement)
    ]


async def untold_orders(session: AsyncSession) -> list[Work]:
    """Every order that the network has not taken yet, each of which has a workflow."""
    statement = select(ProvisioningOrder.id).where(ProvisioningOrder.status == OrderStatus.WAITING)
    return [
        Work(order_id or 0, f"provisioning/{order_id}", Fault.UNTOLD)
        for order_id in await session.exec(statement)
    ]


async def unheard_events(session: AsyncSession) -> list[Work]:
    """Every event that another system is still to be told of, each of which has a workflow."""
    waiting = select(WebhookDelivery.id).where(WebhookDelivery.status == DeliveryStatus.WAITING)
    return [
        Work(number or 0, f"webhooks/{number}", Fault.UNHEARD)
        for number in await session.exec(waiting)
    ]


async def runs_under_way(session: AsyncSession, *, now: datetime) -> list[Work]:
    """Every run that should have a workflow; one that the command line does, once it is late."""
    statement = select(BulkRun).where(col(BulkRun.status).in_(UNDER_WAY))
    return [
        Work(run.number, f"{run.kind}/{run.id}", Fault.UNATTENDED, ALSO_DONE_BY.get(run.kind, ()))
        for run in await session.exec(statement)
        if not _is_read_here(run) or run.requested_at < now - READ_HERE_WITHIN
    ]


def _is_read_here(run: BulkRun) -> bool:
    return any(not file.get("is_ours", True) for file in run.parameters.get("files", ()))


async def waiting_entries(session: AsyncSession) -> Sequence[tuple[int | None, str, datetime]]:
    """What the outbox has not delivered: its id, the workflow it is for, since when."""
    statement = select(OutboxEntry.id, OutboxEntry.workflow_id, OutboxEntry.created_at)
    return (await session.exec(statement.where(col(OutboxEntry.delivered_at).is_(None)))).all()


async def deliver_now(session: AsyncSession, entry_ids: Collection[int]) -> None:
    """This will have the relay take these entries up at once."""
    await session.exec(
        update(OutboxEntry).where(col(OutboxEntry.id).in_(entry_ids)).values(claimed_until=None)
    )


async def kept_totals(session: AsyncSession) -> Totals:
    """Invoices and amount of each panel, as they are kept; empty panels are left out."""
    rows = await session.exec(select(PanelTotal))
    return {row.panel: (row.invoices, row.amount) for row in rows if row.invoices}


async def counted_totals(session: AsyncSession) -> Totals:
    """The same, counted from the invoices."""
    by_stage = await _counted(session, col(Invoice.collection_stage), BY_COLLECTION_STAGE, None)
    return by_stage | await _counted(
        session, col(Invoice.bureau_stage), BY_BUREAU_STAGE, left_bureau_settled()
    )


async def _counted(session: AsyncSession, stage: Any, panels: dict[Any, Any], where: Any) -> Totals:
    statement = (
        select_columns(
            stage.label("stage"),
            func.count().label("invoices"),
            func.sum(shown_amount()).label("amount"),
        )
        .where(stage.in_([str(name) for name in panels]))
        .group_by(stage)
    )
    if where is not None:
        statement = statement.where(where)
    rows = await rows_of(session, statement)
    return {int(panels[row["stage"]]): (row["invoices"], row["amount"]) for row in rows}
