"""The months of price indices, as readjustments and refunds read them."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.plans import PriceIndex, PriceIndexMonth
from rules.correction import Rates
from rules.price_indices import Method, Series, continued, rates_between


async def series_of(session: AsyncSession, index_id: int, method: Method) -> Series:
    """Every month of an index that is known, in the kind that a method reads."""
    statement = select(PriceIndexMonth).where(
        PriceIndexMonth.price_index_id == index_id,
        PriceIndexMonth.kind == method,
        col(PriceIndexMonth.is_active),
    )
    return {row.month: row.value for row in await session.exec(statement)}


async def continued_series_of(session: AsyncSession, index: PriceIndex, method: Method) -> Series:
    """The same, and from its last month on those of the index that takes its place, if any."""
    own = await series_of(session, index.id or 0, method)
    seen, chain = {index.id}, list[PriceIndex]()
    while index.successor_id is not None and index.successor_id not in seen:
        index = await session.get_one(PriceIndex, index.successor_id)
        seen.add(index.id)
        chain.append(index)
    later: Series = {}
    for each in reversed(chain):
        later = continued(await _rates(session, each.id or 0), later, method=Method.MONTHLY_RATES)
    return continued(own, later, method=method)


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
    return await _rates(session, found)


async def _rates(session: AsyncSession, index_id: int) -> Rates:
    numbers = await series_of(session, index_id, Method.NUMBER_INDICES)
    return {**rates_between(numbers), **await series_of(session, index_id, Method.MONTHLY_RATES)}
