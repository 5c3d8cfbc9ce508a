"""How many of what is open stand in each stage, for the counts above a list of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession


@dataclass(frozen=True)
class Tally:
    """So many stand in a stage, and so many of them broke a promise."""

    count: int = 0
    breached: int = 0


async def tally_stages(
    session: AsyncSession, of: Any, stages: Collection[str]
) -> Mapping[str, Tally]:
    """The rows of a table with `stage` and `breached_at`, by these stages; none of one: absent."""
    statement: Any = (
        sqlalchemy.select(col(of.stage), func.count(), func.count(col(of.breached_at)))
        .where(col(of.stage).in_(stages))
        .group_by(col(of.stage))
    )
    return {stage: Tally(*counts) for stage, *counts in await session.exec(statement)}
