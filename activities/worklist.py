"""Handing out the worklist: each account to one person at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Deed, record
from models.policies import load_policy
from models.rows import rows_of
from models.worklist_holds import Hand, hold, let_go
from rules.worklist import HandOutPolicy

#: So many are tried in a row; as many people would have to ask at the same instant.
MOST_TRIED = 20


async def take_next(
    session: AsyncSession, candidates: Select[Any], *, deed: Deed
) -> Mapping[str, Any] | None:
    """This will put the first account that is nobody else's into somebody's hands; None: none is.

    `candidates` come in the order in which they are to be worked. What the person had before is
    let go of.
    """
    minutes = (await load_policy(session, HandOutPolicy())).hold_minutes
    hand = Hand(deed.by, deed.at, deed.at + timedelta(minutes=minutes))
    for row in await rows_of(session, candidates):
        if await hold(session, row["id"], hand):
            await let_go(session, deed.by, but=row["id"])
            record(session, deed, "collections.take_next", subject=f"customer/{row['id']}",
                   until=hand.until.isoformat())  # fmt: skip
            return {**row, "held_until": hand.until}
    return None


async def give_back(session: AsyncSession, *, deed: Deed) -> int:
    """This will let go of the accounts in somebody's hands; gives of how many."""
    return await let_go(session, deed.by)
