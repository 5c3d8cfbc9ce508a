"""What cases can be narrowed to, by name: plans and carriers in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carriers import Carrier
from models.plans import Plan


@dataclass(frozen=True)
class Choices:
    """Identity and name of each, by name."""

    plans: Sequence[tuple[int | None, str]]
    carriers: Sequence[tuple[int | None, str]]


async def choices(session: AsyncSession) -> Choices:
    """This will read the plans and carriers in use."""
    plans = select(Plan.id, Plan.name).where(col(Plan.is_active)).order_by(Plan.name)
    carriers = select(Carrier.id, Carrier.name).where(col(Carrier.is_active))
    return Choices(
        (await session.exec(plans)).all(),
        (await session.exec(carriers.order_by(Carrier.name))).all(),
    )
