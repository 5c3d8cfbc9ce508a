"""What the panels add up to: kept for whole panels, summed for a filter of one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlmodel
from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agreements import Agreement
from models.collections import PanelTotal, Standing
from models.invoices import Invoice
from models.panels import Wanted, amount_of, customer_conditions, invoice_conditions
from rules.panels import Panel


async def panel_totals(session: AsyncSession) -> dict[Panel, PanelTotal]:
    """What each panel holds altogether, as kept; an empty panel holds nothing."""
    kept = {total.panel: total for total in await session.exec(sqlmodel.select(PanelTotal))}
    return {panel: kept.get(panel) or PanelTotal(panel=panel) for panel in Panel}


async def totals_of(session: AsyncSession, panel: Panel, wanted: Wanted) -> dict[str, Any]:
    """What a filter adds up to (count, invoices, amount); the whole panel is read as kept."""
    if wanted.is_everything:
        kept = (await panel_totals(session))[panel]
        count = kept.customers if panel.lists_customers else kept.invoices
        return {"count": count, "invoices": kept.invoices, "amount": kept.amount}
    row = (await session.exec(_summed(panel, wanted))).mappings().one()
    return {**row, "invoices": row["invoices"] or 0, "amount": row["amount"] or Decimal(0)}


def _summed(panel: Panel, wanted: Wanted) -> Any:
    """Sums over a filter, with only those joins that the filter needs."""
    if panel.lists_customers:
        return select(
            func.count().label("count"),
            func.sum(col(Standing.invoices)).label("invoices"),
            func.sum(col(Standing.amount)).label("amount"),
        ).where(*customer_conditions(panel, wanted))
    summed = select(
        func.count().label("count"),
        func.count().label("invoices"),
        func.sum(amount_of(panel)).label("amount"),
    ).where(*invoice_conditions(panel, wanted))
    if not wanted.asks_of_agreement:
        return summed
    return summed.join(Agreement, col(Agreement.id) == col(Invoice.agreement_id))
