"""The kept numbers of the panels follow the invoices."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collections import PanelTotal, Standing
from models.customers import Customer
from models.database import Database
from models.invoices import Invoice
from models.standings import rebuild_standings, refresh_standings

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


async def test_standings_and_totals_follow_the_invoices(database: Database) -> None:
    async with database.write() as session:
        customer = Customer(code="C1", name="Ana", document="52998224725", created_at=AT)
        session.add(customer)
        await session.flush()
        assert customer.id is not None
        invoices = [
            Invoice(
                code=f"F{n}", customer_id=customer.id, due_date=date(2026, 10, n),
                amount=Decimal("100.10"), open_amount=Decimal("100.10"),
                collection_stage="classified", stage_since=AT,
            )
            for n in (5, 6)
        ]  # fmt: skip
        session.add_all(invoices)
        await refresh_standings(session, [customer.id])
        standing = (await session.exec(select(Standing))).one()
        assert (standing.panel, standing.invoices, standing.amount) == (1, 2, Decimal("200.20"))

        invoices[0].collection_stage = "in_contact"
        await refresh_standings(session, [customer.id])
        totals = {
            t.panel: (t.customers, t.invoices, t.amount)
            for t in await session.exec(select(PanelTotal))
        }
        assert totals == {1: (1, 1, Decimal("100.10")), 2: (1, 1, Decimal("100.10"))}

        await rebuild_standings(session)
        session.expire_all()
        rebuilt = {
            t.panel: (t.customers, t.invoices, t.amount)
            for t in await session.exec(select(PanelTotal))
        }
        assert rebuilt == totals


async def test_two_at_once_take_a_customer_off_the_totals_once(database: Database) -> None:
    """Both invoices leave at one instant; on PostgreSQL neither sees the other's change."""
    async with database.write() as session:
        customer = Customer(code="C1", name="Ana", document="52998224725", created_at=AT)
        session.add(customer)
        await session.flush()
        numbers = [(await _classified(session, customer, day)).key for day in (5, 6)]
        await refresh_standings(session, [customer.id or 0])
    together = asyncio.Barrier(2 if not database.is_sqlite else 1)

    async def leave(number: int) -> None:
        async with database.write() as session:
            invoice = await session.get_one(Invoice, number)
            invoice.collection_stage = "withdrawn"
            await session.flush()
            await together.wait()
            await refresh_standings(session, [customer.id or 0])

    await asyncio.gather(*(leave(number) for number in numbers))

    async with database.read() as session:
        total = await session.get_one(PanelTotal, 1)
        assert (total.customers, total.invoices, total.amount) == (0, 0, Decimal(0))


async def _classified(session: AsyncSession, customer: Customer, day: int) -> Invoice:
    invoice = Invoice(
        code=f"F{day}", customer_id=customer.id or 0, due_date=date(2026, 10, day),
        amount=Decimal("100.10"), open_amount=Decimal("100.10"),
        collection_stage="classified", stage_since=AT,
    )  # fmt: skip
    session.add(invoice)
    await session.flush()
    return invoice
