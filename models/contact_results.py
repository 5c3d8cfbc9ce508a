"""What comes of calls: the results that a new house begins with."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.registries import ContactResult
from rules.contact_results import FIRST_RESULTS


async def ensure_contact_results(session: AsyncSession) -> None:
    """This will add the first results where there is none at all. Safe to repeat."""
    if (await session.exec(select(ContactResult.id).limit(1))).first() is not None:
        return
    for code, name, step, days in FIRST_RESULTS:
        session.add(ContactResult(code=code, name=name, step=step, in_business_days=days))
    await session.flush()
