"""The months of price indices, as readjustments and refunds read them."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.plans import PriceIndex, PriceIndexMonth
from rules.correction import Rates
from rules.price_indices import Method, Series, rates_between


async def series_of(session: AsyncSession, index_id: int, method: Method) -> Series:
    """Every month of an index that is known, in the kind that a method reads."""
    statement = select(PriceIndexMonth).where(
        PriceIndexMonth.price_index_id == index_id,
        PriceIndexMonth.kind == method,
        col(PriceIndexMonth.is_active),
    )
    return {row.month: row.value for row in await session.exec(statement)}


async def has_index(session: AsyncSession, code: str) -> bool:
    """Whether the house keeps an index of this code at all."""
    found = await session.exec(select(PriceIndex.id).where(PriceIndex.code == code))
    return found.first() is not None


async def rates_of(session: AsyncSession, code: str) -> Rates:
    """What an index did in each month, in per cent; nothing while no index has the code.

    A month known by number-indices alone is told by them: so much more than the month before.
    """
    found = (await session.exec(select(PriceIndex.id).where(PriceIndex.code == code))).first()
    if found is None:
        return {}
    numbers = await series_of(session, found, Method.NUMBER_INDICES)
    return {**rates_between(numbers), **await series_of(session, found, Method.MONTHLY_RATES)}
