"""The ladder that a new house begins with: without one, nobody would ever be classified."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.contracts import Ladder, LadderStep
from rules.classification import FORWARD

#: Calendar days after the due date on which the first ladder forwards to collections.
FORWARD_AFTER_DAYS = 10


async def ensure_default_ladder(session: AsyncSession) -> Ladder:
    """This will add the default ladder where there is none; an existing one stays as it is."""
    defaults = select(Ladder).where(Ladder.is_default).order_by(col(Ladder.id))
    found = (await session.exec(defaults)).first()
    if found:
        return found
    ladder = Ladder(code="padrao", name="Régua padrão", is_default=True)
    session.add(ladder)
    await session.flush()
    step = LadderStep(ladder_id=ladder.id or 0, action=FORWARD, offset_days=FORWARD_AFTER_DAYS)
    session.add(step)
    await session.flush()
    return ladder
