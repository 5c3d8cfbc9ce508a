"""The kept numbers of the panels: recomputed for the customers a transaction touched, in one go."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, insert, select, union_all, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collections import PanelTotal, Standing
from models.customers import Customer, lock_in_order
from models.folding import folded
from models.invoices import Invoice
from models.worklist_kept import rebuild_worklist, refresh_worklist
from rules.panels import BY_BUREAU_STAGE, BY_COLLECTION_STAGE, InvoiceStatus, Panel

Sums = tuple[int, int, Decimal]
_NOTHING: Sums = (0, 0, Decimal(0))


async def refresh_standings(session: AsyncSession, customer_ids: Collection[int]) -> None:
    """This will bring standings, totals and worklist in line with the invoices of these customers.

    Called once, at the end of every transaction that changed a stage or an open amount: it locks
    the customers, then the totals panel by panel, and a second call would begin that order anew
    while other writers wait in the middle of it.
    """
    await session.flush()
    await lock_in_order(session, customer_ids)
    touched = col(Standing.customer_id).in_(customer_ids)
    before = await _sums(session, touched)
    await session.exec(delete(Standing).where(touched))
    await session.exec(_insertion(col(Invoice.customer_id).in_(customer_ids)))
    after = await _sums(session, touched)
    await add_to_totals(session, before=before, after=after)
    await refresh_worklist(session, customer_ids)


async def rebuild_standings(session: AsyncSession) -> None:
    """This will count everything anew, for repair and after a bulk load."""
    await session.flush()
    await session.exec(delete(Standing))
    await session.exec(delete(PanelTotal))
    await session.exec(_insertion(col(Invoice.id).is_not(None)))
    await add_to_totals(session, before={}, after=await _sums(session, None))
    await rebuild_worklist(session)


async def add_to_totals(
    session: AsyncSession, *, before: dict[int, Sums], after: dict[int, Sums]
) -> None:
    """This will add what changed, panel by panel in one order, so that no two writers deadlock."""
    for panel in sorted(before.keys() | after.keys()):
        was, now = before.get(panel, _NOTHING), after.get(panel, _NOTHING)
        if was != now:
            await _add(session, panel, (now[0] - was[0], now[1] - was[1], now[2] - was[2]))


async def _sums(session: AsyncSession, touched: ColumnElement[bool] | None) -> dict[int, Sums]:
    statement: Any = select(
        col(Standing.panel),
        func.count(),
        func.sum(col(Standing.invoices)),
        func.sum(col(Standing.amount)),
    ).group_by(col(Standing.panel))
    if touched is not None:
        statement = statement.where(touched)
    rows = await session.exec(statement)
    return {row[0]: (int(row[1]), int(row[2]), row[3]) for row in rows}


def _insertion(which: ColumnElement[bool]) -> Any:
    """INSERT … SELECT of one standing per customer and panel."""
    return insert(Standing).from_select(
        [
            "customer_id",
            "panel",
            "invoices",
            "amount",
            "oldest_due",
            "since",
            "customer_name",
            "searched_name",
            "city",
        ],
        union_all(
            _counted(col(Invoice.collection_stage), BY_COLLECTION_STAGE, which),
            _counted(col(Invoice.bureau_stage), BY_BUREAU_STAGE, which & left_bureau_settled()),
        ),
    )


def _counted(stage: Any, panels: dict[Any, Panel], which: ColumnElement[bool]) -> Select[Any]:
    panel = case({str(name): int(number) for name, number in panels.items()}, value=stage)
    return (
        select(
            col(Invoice.customer_id),
            panel,
            func.count(),
            func.sum(shown_amount()),
            func.min(col(Invoice.due_date)),
            func.min(col(Invoice.stage_since)),
            func.min(col(Customer.name)),
            folded(func.min(col(Customer.name))),
            func.min(col(Customer.city)),
        )
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(which, stage.in_([str(name) for name in panels]))
        .group_by(col(Invoice.customer_id), stage)
    )


def shown_amount() -> Any:
    """What is owed; of a settled invoice, what it was."""
    settled = col(Invoice.status) == InvoiceStatus.SETTLED
    return case((settled, col(Invoice.amount)), else_=col(Invoice.open_amount))


def left_bureau_settled() -> ColumnElement[bool]:
    """Panel 9 shows only what was settled; a removed record of an open invoice is history."""
    return (col(Invoice.bureau_stage) != "removed") | (col(Invoice.status) == InvoiceStatus.SETTLED)


async def _add(session: AsyncSession, panel: int, difference: Sums) -> None:
    customers, invoices, amount = difference
    changed = await session.exec(
        update(PanelTotal)
        .where(col(PanelTotal.panel) == panel)
        .values(
            customers=PanelTotal.customers + customers,
            invoices=PanelTotal.invoices + invoices,
            amount=PanelTotal.amount + amount,
        )
    )
    if not changed.rowcount:
        session.add(PanelTotal(panel=panel, customers=customers, invoices=invoices, amount=amount))
        await session.flush()
